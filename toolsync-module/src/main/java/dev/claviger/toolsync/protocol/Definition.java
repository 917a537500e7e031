package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Secret;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Says why a tool's definition cannot be used: it cannot be kept faithfully, it can mislead a reader, or its schema means
 * something only together with a document that we never fetch (C63–C65).
 */
final class Definition {

    private static final int LONGEST_NAME = 256;
    private static final int LARGEST_EXPONENT = 400;

    private record Level(JsonNode node, int depth) {}

    private Definition() {}

    /** The second half of a sentence that begins with the tool; null: nothing is wrong. */
    static @Nullable String complaint(JsonNode definition, boolean mirrorsHeaders, Collection<Secret> secrets) {
        String name = definition.path("name").stringValue("");
        if (name.isBlank()) {
            return "it has no name";
        }
        if (name.length() > LONGEST_NAME) {
            return "its name is longer than %d characters".formatted(LONGEST_NAME);
        }
        if (!RemoteText.isPlain(name)) {
            return "its name holds control characters or ones that cannot be seen";
        }
        if (!definition.path("inputSchema").isObject()) {
            return "it has no inputSchema object";
        }
        String unkeepable = unkeepable(definition);
        if (unkeepable != null) {
            return unkeepable;
        }
        String written = JsonRpc.write(definition);
        if (written.length() > Limits.DEFINITION) {
            return "its definition is longer than %d KiB".formatted(Limits.DEFINITION / 1024);
        }
        // A server may echo what we showed it; a definition is stored and shown.
        if (secrets.stream().anyMatch(secret -> RemoteText.repeats(written, secret))) {
            return "its definition repeats the credential that the server was shown";
        }
        for (String schema : List.of("inputSchema", "outputSchema")) {
            String reference = foreignReference(definition.path(schema));
            if (reference != null) {
                return "its %s refers to %s, and schemas from elsewhere are never fetched"
                        .formatted(schema, RemoteText.quote(reference, Set.of()));
            }
        }
        return mirrorsHeaders ? ParamHeaders.complaint(definition.path("inputSchema")) : null;
    }

    /** No database text holds NUL or half a character, and no number there has endless digits. */
    private static @Nullable String unkeepable(JsonNode definition) {
        Deque<Level> open = new ArrayDeque<>();
        open.push(new Level(definition, 1));
        while (!open.isEmpty()) {
            Level level = open.pop();
            JsonNode node = level.node();
            if (level.depth() > Limits.DEPTH) {
                return "its definition is nested deeper than %d levels".formatted(Limits.DEPTH);
            }
            if (node.isNumber() && !isKeepable(node)) {
                return "its definition holds a number out of range";
            }
            if (node.isString() && !isText(node.stringValue())) {
                return "its definition holds text that is not valid Unicode";
            }
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                if (!isText(property.getKey())) {
                    return "its definition holds a key that is not valid Unicode";
                }
            }
            node.values().forEach(child -> open.push(new Level(child, level.depth() + 1)));
        }
        return null;
    }

    private static boolean isKeepable(JsonNode number) {
        if (number.isIntegralNumber()) {
            return true;
        }
        BigDecimal decimal = number.decimalValue();
        return Math.abs((long) decimal.precision() - decimal.scale()) <= LARGEST_EXPONENT
                && Double.isFinite(decimal.doubleValue());
    }

    private static boolean isText(String text) {
        return text.codePoints().noneMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE);
    }

    /** A reference that leads out of the document; one to a part of it that has a name of its own does not. */
    private static @Nullable String foreignReference(JsonNode schema) {
        Set<String> own = new HashSet<>();
        List<String> references = new ArrayList<>();
        SchemaWalk.visit(schema, subschema -> {
            own.add(subschema.schema().path("$id").stringValue(""));
            references.add(subschema.schema().path("$ref").stringValue("#"));
            references.add(subschema.schema().path("$dynamicRef").stringValue("#"));
        });
        return references.stream()
                .filter(reference -> !reference.startsWith("#"))
                .filter(reference ->
                        !own.contains(reference) && !own.contains(reference.split("#", 2)[0]))
                .findFirst()
                .orElse(null);
    }
}
