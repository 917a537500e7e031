package dev.claviger.connectors;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One property of a JSON Schema as a field of a form. What no simple field can hold is typed as JSON, beside its schema.
 *
 * @param name of the property; untrusted text
 */
record SchemaField(
        String name,
        Kind kind,
        boolean required,
        @Nullable String label,
        @Nullable String description,
        List<Option> options,
        String initial,
        JsonNode schema) {

    enum Kind {
        /** One line of text. */
        TEXT,
        /** Text of any length. */
        LONG_TEXT,
        INTEGER,
        NUMBER,
        /** One of {@link SchemaField#options}: their values are JSON. */
        CHOICE,
        /** Anything else. */
        JSON
    }

    /** @param value JSON */
    record Option(String value, String label) {}

    /** What was typed is no value of the field; the message is for the page. */
    static final class Unfit extends Exception {
        Unfit(String message) {
            super(message);
        }
    }

    /** Refuses what follows the value: {@code 1 2} is no number. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int LINE = 200;
    private static final int MOST_OPTIONS = 500;
    private static final int DEEPEST_REFERENCE = 10;

    /** @param root the schema that a {@code $ref} points into */
    static SchemaField of(String name, JsonNode property, boolean required, JsonNode root) {
        JsonNode schema = resolved(property, root);
        List<Option> options = options(schema);
        Kind kind = options.isEmpty() ? kind(schema) : Kind.CHOICE;
        JsonNode initial = property.has("default") ? property.path("default") : schema.path("default");
        return new SchemaField(
                name,
                kind,
                required,
                text(property, schema, "title"),
                text(property, schema, "description"),
                options,
                initial.isMissingNode() ? "" : typed(kind, initial),
                schema);
    }

    /** How a value stands in the field. */
    static String typed(Kind kind, JsonNode value) {
        return (kind == Kind.TEXT || kind == Kind.LONG_TEXT) && value.isString()
                ? value.stringValue()
                : kind == Kind.JSON ? value.toPrettyString() : value.toString();
    }

    /**
     * The value that was typed; null where the property is left out.
     *
     * @throws Unfit with what to do
     */
    @Nullable
    JsonNode read(@Nullable String typed) throws Unfit {
        String text = typed == null ? "" : typed;
        if (text.isBlank()) {
            if (required) {
                throw new Unfit("This is required; to send it empty, type the arguments as JSON.");
            }
            return null;
        }
        return switch (kind) {
            case TEXT, LONG_TEXT -> JsonNodeFactory.instance.stringNode(text.replace("\r\n", "\n"));
            case INTEGER -> integer(text.strip());
            case NUMBER -> number(text.strip());
            case CHOICE -> choice(text);
            case JSON -> json(text);
        };
    }

    private static JsonNode integer(String text) throws Unfit {
        if (!text.matches("[+-]?[0-9]{1,100}")) {
            throw new Unfit("Enter a whole number.");
        }
        return JsonNodeFactory.instance.numberNode(new BigInteger(text));
    }

    private static JsonNode number(String text) throws Unfit {
        if (!text.matches("[+-]?[0-9]{1,100}([.][0-9]{1,100})?([eE][+-]?[0-9]{1,3})?")) {
            throw new Unfit("Enter a number, with a point before the decimals.");
        }
        return JsonNodeFactory.instance.numberNode(new BigDecimal(text));
    }

    private JsonNode choice(String text) throws Unfit {
        if (options.stream().noneMatch(option -> option.value().equals(text))) {
            throw new Unfit("Choose one of the values.");
        }
        return json(text);
    }

    /** @throws Unfit with the place of the mistake, and nothing of what was typed */
    static JsonNode json(String text) throws Unfit {
        try {
            JsonNode value = JSON.readTree(text);
            if (value.isMissingNode()) {
                throw new Unfit("Enter JSON.");
            }
            return value;
        } catch (JacksonException e) {
            throw new Unfit(
                    e.getLocation() == null || e.getLocation().getLineNr() < 1
                            ? "This is not valid JSON."
                            : "This is not valid JSON; look at line %d, column %d."
                                    .formatted(
                                            e.getLocation().getLineNr(),
                                            e.getLocation().getColumnNr()));
        }
    }

    private static Kind kind(JsonNode schema) {
        return switch (type(schema)) {
            case "string" ->
                schema.has("format") || schema.path("maxLength").asInt(Integer.MAX_VALUE) <= LINE
                        ? Kind.TEXT
                        : Kind.LONG_TEXT;
            case "integer" -> Kind.INTEGER;
            case "number" -> Kind.NUMBER;
            default -> Kind.JSON;
        };
    }

    /** The one type besides null; empty where there are several or none. */
    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        List<String> named = new ArrayList<>();
        if (type.isString()) {
            named.add(type.stringValue());
        }
        type.values().forEach(one -> named.add(one.stringValue("")));
        named.remove("null");
        return named.size() == 1 ? named.get(0) : "";
    }

    private static List<Option> options(JsonNode schema) {
        List<Option> options = new ArrayList<>();
        if (type(schema).equals("boolean")) {
            return List.of(new Option("true", "yes"), new Option("false", "no"));
        }
        if (schema.path("enum").isArray()) {
            schema.path("enum").values().forEach(value -> options.add(option(value, null)));
        } else if (schema.path("oneOf").isArray() && hasOnlyConstants(schema.path("oneOf"))) {
            schema.path("oneOf")
                    .values()
                    .forEach(one -> options.add(
                            option(one.path("const"), one.path("title").stringValue(null))));
        }
        return options.size() > MOST_OPTIONS ? List.of() : options;
    }

    private static boolean hasOnlyConstants(JsonNode alternatives) {
        return alternatives.values().stream().allMatch(one -> one.has("const"));
    }

    private static Option option(JsonNode value, @Nullable String title) {
        String label = value.isString() ? value.stringValue() : value.toString();
        return new Option(value.toString(), title == null || title.equals(label) ? label : title + " (" + label + ")");
    }

    private static @Nullable String text(JsonNode property, JsonNode schema, String key) {
        String own = property.path(key).stringValue(null);
        return own != null ? own : schema.path(key).stringValue(null);
    }

    /** Follows references within the same schema; any other stays as it is and nothing is ever fetched (C63). */
    private static JsonNode resolved(JsonNode property, JsonNode root) {
        JsonNode schema = property;
        for (int i = 0; i < DEEPEST_REFERENCE; i++) {
            String reference = schema.path("$ref").stringValue("");
            if (!reference.startsWith("#/") || !reference.matches("#(/[A-Za-z0-9_.$-]+){1,10}")) {
                return schema;
            }
            JsonNode target = root.at(reference.substring(1));
            if (!target.isObject()) {
                return schema;
            }
            schema = target;
        }
        return schema;
    }
}
