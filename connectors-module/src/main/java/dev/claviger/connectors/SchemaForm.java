package dev.claviger.connectors;

import dev.claviger.connectors.SchemaField.Kind;
import dev.claviger.connectors.SchemaField.Unfit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A form made from the JSON Schema of an object, and the object that somebody typed into it. */
final class SchemaForm {

    private static final int MOST_FIELDS = 60;
    private static final int LONGEST_SCHEMA = 2_000;

    /** One option of a field. */
    record Choice(String value, String label, boolean chosen) {}

    /**
     * A field as a template shows it; all but {@code parameter} and {@code id} is untrusted text.
     *
     * @param schema shown beside a field of JSON
     * @param error what is wrong with what was typed
     */
    record Line(
            String parameter,
            String id,
            String name,
            @Nullable String label,
            @Nullable String description,
            boolean required,
            boolean choice,
            boolean line,
            boolean number,
            boolean area,
            boolean json,
            List<Choice> choices,
            String value,
            @Nullable String schema,
            @Nullable String error) {}

    /**
     * What was typed.
     *
     * @param errors one sentence per field, by parameter
     */
    record Read(ObjectNode object, Map<String, String> errors) {}

    private final String prefix;
    private final List<SchemaField> fields;
    private final boolean fits;

    /** @param prefix of the names of its parameters */
    SchemaForm(String prefix, JsonNode schema) {
        this.prefix = prefix;
        JsonNode properties = schema.path("properties");
        this.fits = properties.size() <= MOST_FIELDS && (properties.isObject() || properties.isMissingNode());
        this.fields = new ArrayList<>();
        if (fits) {
            Set<String> required = new HashSet<>();
            schema.path("required").values().forEach(name -> required.add(name.stringValue("")));
            properties
                    .properties()
                    .forEach(property -> fields.add(SchemaField.of(
                            property.getKey(), property.getValue(), required.contains(property.getKey()), schema)));
            // The order of keys means nothing in JSON and does not survive storage.
            fields.sort(Comparator.comparing(field -> !field.required()));
        }
    }

    /** Whether the schema is fit for a form at all; otherwise its object is typed as JSON. */
    boolean fits() {
        return fits;
    }

    /** The form as it is first shown: with the defaults of the schema. */
    List<Line> blank() {
        return lines(parameter -> null, Map.of(), true);
    }

    /** The form as it was sent. */
    List<Line> typed(UnaryOperator<@Nullable String> parameters, Map<String, String> errors) {
        return lines(parameters, errors, false);
    }

    /** The form with the values of an object. */
    List<Line> filled(ObjectNode object) {
        Map<String, String> values = new LinkedHashMap<>();
        for (SchemaField field : fields) {
            JsonNode value = object.path(field.name());
            if (!value.isMissingNode()) {
                values.put(parameter(field), SchemaField.typed(field.kind(), value));
            }
        }
        return lines(values::get, Map.of(), false);
    }

    Read read(UnaryOperator<@Nullable String> parameters) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        Map<String, String> errors = new LinkedHashMap<>();
        for (SchemaField field : fields) {
            try {
                JsonNode value = field.read(parameters.apply(parameter(field)));
                if (value != null) {
                    object.set(field.name(), value);
                }
            } catch (Unfit e) {
                errors.put(parameter(field), String.valueOf(e.getMessage()));
            }
        }
        return new Read(object, errors);
    }

    private List<Line> lines(UnaryOperator<@Nullable String> parameters, Map<String, String> errors, boolean initial) {
        List<Line> lines = new ArrayList<>();
        for (SchemaField field : fields) {
            String sent = parameters.apply(parameter(field));
            String value = initial ? field.initial() : sent == null ? "" : sent;
            String error = errors.get(parameter(field));
            lines.add(line(field, prefix + "-" + lines.size(), value, error));
        }
        return lines;
    }

    private Line line(SchemaField field, String id, String value, @Nullable String error) {
        Kind kind = field.kind();
        return new Line(
                parameter(field),
                id.replaceAll("[^a-z0-9-]", "-"),
                field.name(),
                field.label() == null || field.label().equals(field.name()) ? null : field.label(),
                field.description(),
                field.required(),
                kind == Kind.CHOICE,
                kind == Kind.TEXT,
                kind == Kind.INTEGER || kind == Kind.NUMBER,
                kind == Kind.LONG_TEXT || kind == Kind.JSON,
                kind == Kind.JSON,
                field.options().stream()
                        .map(option -> new Choice(
                                option.value(), option.label(), option.value().equals(value)))
                        .toList(),
                value,
                kind == Kind.JSON ? shortened(field.schema().toPrettyString()) : null,
                error);
    }

    private String parameter(SchemaField field) {
        return prefix + "." + field.name();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_SCHEMA ? text : text.substring(0, LONGEST_SCHEMA) + "…";
    }
}
