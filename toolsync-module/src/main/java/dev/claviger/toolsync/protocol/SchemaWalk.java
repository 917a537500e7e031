package dev.claviger.toolsync.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Visits every subschema of a JSON Schema and nothing else: what stands in {@code default}, {@code const}, {@code enum} or
 * {@code examples} is data, however much it looks like a schema.
 *
 * @see <a href="https://json-schema.org/draft/2020-12/json-schema-core#section-10">JSON Schema 2020-12, applicators</a>
 */
final class SchemaWalk {

    private static final Set<String> MAPS_OF_SCHEMAS =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");

    private static final Set<String> SCHEMAS = Set.of(
            "items",
            "prefixItems",
            "additionalItems",
            "additionalProperties",
            "unevaluatedItems",
            "unevaluatedProperties",
            "contains",
            "propertyNames",
            "contentSchema",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else");

    /**
     * @param properties the names that lead from the root to the subschema through {@code properties} alone; null where
     *     another keyword is on the way
     */
    record Subschema(JsonNode schema, @Nullable List<String> properties) {}

    private SchemaWalk() {}

    static void visit(JsonNode root, Consumer<Subschema> visitor) {
        Deque<Subschema> open = new ArrayDeque<>();
        open.push(new Subschema(root, List.of()));
        while (!open.isEmpty()) {
            Subschema next = open.pop();
            visitor.accept(next);
            for (Map.Entry<String, JsonNode> keyword : next.schema().properties()) {
                if (MAPS_OF_SCHEMAS.contains(keyword.getKey())) {
                    for (Map.Entry<String, JsonNode> named : keyword.getValue().properties()) {
                        open.push(new Subschema(
                                named.getValue(),
                                keyword.getKey().equals("properties")
                                        ? under(next.properties(), named.getKey())
                                        : null));
                    }
                } else if (SCHEMAS.contains(keyword.getKey())) {
                    for (JsonNode each : JsonRpc.messages(keyword.getValue())) {
                        open.push(new Subschema(each, null));
                    }
                }
            }
        }
    }

    private static @Nullable List<String> under(@Nullable List<String> properties, String name) {
        if (properties == null) {
            return null;
        }
        List<String> longer = new ArrayList<>(properties);
        longer.add(name);
        return longer;
    }
}
