package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Secret;
import dev.claviger.toolsync.api.Tool;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Says where a tool's result is not what the tool promises (C68). Of {@code outputSchema} it checks what can be checked in
 * bounded time and without fetching anything: {@code type}, {@code required}, {@code properties}, {@code items}, {@code
 * enum}, {@code const}, {@code additionalProperties: false} and references within the document. What else the schema says
 * goes unchecked, never reported wrongly.
 */
final class ResultCheck {

    private static final int MOST_FINDINGS = 5;
    private static final int MOST_STEPS = 20_000;
    private static final int DEEPEST = 60;

    private static final Set<String> DIALECTS = Set.of(
            "https://json-schema.org/draft/2020-12/schema",
            "https://json-schema.org/draft/2019-09/schema",
            "http://json-schema.org/draft-07/schema");

    private final JsonNode root;
    private final Collection<Secret> secrets;
    private final List<String> findings = new ArrayList<>();
    private int steps;

    private ResultCheck(JsonNode root, Collection<Secret> secrets) {
        this.root = root;
        this.secrets = secrets;
    }

    /** @param secrets what we showed, and no finding may repeat */
    static List<String> findings(Tool tool, JsonNode result, Collection<Secret> secrets) {
        List<String> findings = new ArrayList<>();
        boolean isError = result.path("isError").booleanValue(false);
        JsonNode structured = result.path("structuredContent");
        JsonNode schema = tool.definition().path("outputSchema");
        if (!result.path("content").isArray() && structured.isMissingNode()) {
            findings.add("The result has no content");
        }
        if (isError && DeadCredential.reportedByTool(result)) {
            findings.add("The tool's error reads as if the credential were refused");
        }
        if (!isError && schema.isObject()) {
            if (structured.isMissingNode()) {
                findings.add("The tool's outputSchema promises structuredContent, and the result has none");
            } else {
                findings.addAll(new ResultCheck(schema, secrets).check(structured));
            }
        }
        return findings;
    }

    private List<String> check(JsonNode structured) {
        String dialect = root.path("$schema").stringValue("");
        if (!dialect.isEmpty()
                && !DIALECTS.contains(dialect.endsWith("#") ? dialect.substring(0, dialect.length() - 1) : dialect)) {
            return List.of("The tool's outputSchema is written in a dialect that is not checked: "
                    + RemoteText.quote(dialect, secrets));
        }
        check(root, structured, "structuredContent", 0);
        return findings;
    }

    private void check(JsonNode schema, JsonNode value, String place, int depth) {
        if (++steps > MOST_STEPS || depth > DEEPEST || findings.size() >= MOST_FINDINGS) {
            return;
        }
        String reference = schema.path("$ref").stringValue("");
        if (reference.equals("#") || reference.startsWith("#/")) {
            check(root.at(decode(reference.substring(1))), value, place, depth + 1);
        }
        if (schema.has("type") && !hasType(value, schema.path("type"))) {
            find(place, "is not of type " + RemoteText.quote(types(schema.path("type")), secrets));
            return;
        }
        if (schema.path("enum").isArray()
                && schema.path("enum").values().stream().noneMatch(each -> same(each, value))) {
            find(place, "is none of the values that the schema lists");
        }
        if (schema.has("const") && !same(schema.path("const"), value)) {
            find(place, "is not the value that the schema names");
        }
        if (value.isObject()) {
            checkObject(schema, value, place, depth);
        } else if (value.isArray() && schema.path("items").isObject() && !schema.has("prefixItems")) {
            int index = 0;
            for (JsonNode each : value.values()) {
                check(schema.path("items"), each, place + "[" + index++ + "]", depth + 1);
            }
        }
    }

    private void checkObject(JsonNode schema, JsonNode value, String place, int depth) {
        for (JsonNode name : schema.path("required").values()) {
            if (name.isString() && !value.has(name.stringValue())) {
                find(place, "lacks " + RemoteText.quote(name.stringValue(), secrets));
            }
        }
        JsonNode properties = schema.path("properties");
        boolean isClosed = schema.path("additionalProperties").isBoolean()
                && !schema.path("additionalProperties").booleanValue()
                && !schema.has("patternProperties");
        for (Map.Entry<String, JsonNode> property : value.properties()) {
            String name = RemoteText.quote(property.getKey(), secrets);
            if (properties.has(property.getKey())) {
                check(properties.path(property.getKey()), property.getValue(), place + "." + name, depth + 1);
            } else if (isClosed) {
                find(place, "has " + name + ", which the schema does not allow");
            }
        }
    }

    private void find(String place, String what) {
        if (findings.size() < MOST_FINDINGS) {
            String shortened = place.length() > 200 ? place.substring(0, 200) + "…" : place;
            findings.add("The result does not fit the tool's outputSchema: %s %s".formatted(shortened, what));
        }
    }

    private static boolean hasType(JsonNode value, JsonNode type) {
        return JsonRpc.messages(type).stream().anyMatch(each -> switch (each.stringValue("")) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "number" -> value.isNumber();
            case "integer" ->
                value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
            default -> true;
        });
    }

    private static String types(JsonNode type) {
        return type.isString() ? type.stringValue() : JsonRpc.write(type);
    }

    /** One number may be written in several ways. */
    private static boolean same(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other) || one.isContainer();
    }

    private static String decode(String fragment) {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return fragment;
        }
    }
}
