package dev.claviger.toolsync;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer to an elicitation that its schema itself proposes.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#requested-schema">MCP
 *     2025-11-25, requested schema</a>
 */
final class SchemaDefaults {

    private SchemaDefaults() {}

    /** Every default that fits its own field; null when a required field has none. */
    static @Nullable ObjectNode of(JsonNode requestedSchema) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field :
                requestedSchema.path("properties").properties()) {
            JsonNode value = field.getValue().path("default");
            if (!value.isMissingNode() && fits(field.getValue(), value)) {
                answer.set(field.getKey(), value);
            }
        }
        for (JsonNode required : requestedSchema.path("required").values()) {
            if (!answer.has(required.stringValue(""))) {
                return null;
            }
        }
        return answer;
    }

    private static boolean fits(JsonNode field, JsonNode value) {
        return switch (field.path("type").stringValue("string")) {
            case "string" ->
                value.isString() && (options(field).isEmpty() || options(field).contains(value.stringValue()));
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
            case "number" -> value.isNumber();
            case "array" -> fitsEach(field.path("items"), value);
            default -> false;
        };
    }

    private static boolean fitsEach(JsonNode items, JsonNode value) {
        if (!value.isArray()) {
            return false;
        }
        Set<String> options = options(items);
        for (JsonNode one : value.values()) {
            if (!one.isString() || !options.isEmpty() && !options.contains(one.stringValue())) {
                return false;
            }
        }
        return true;
    }

    /** The values to choose from, plain or with titles; empty: any. */
    private static Set<String> options(JsonNode field) {
        Set<String> options = new HashSet<>();
        field.path("enum").values().forEach(value -> options.add(value.stringValue("")));
        field.path("oneOf")
                .values()
                .forEach(option -> options.add(option.path("const").stringValue("")));
        field.path("anyOf")
                .values()
                .forEach(option -> options.add(option.path("const").stringValue("")));
        return options;
    }
}
