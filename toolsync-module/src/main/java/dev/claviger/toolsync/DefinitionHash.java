package dev.claviger.toolsync;

import dev.claviger.toolsync.api.Tool;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * SHA-256 of a tool definition that does not change when only the order of keys or the spelling of numbers does: both
 * change on the way through the event store.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785, whose idea of a number this shares</a>
 */
final class DefinitionHash {

    private static final JsonMapper JSON = new JsonMapper();

    private DefinitionHash() {}

    static String of(JsonNode definition) {
        try {
            byte[] canonical = JSON.writeValueAsString(canonical(definition)).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Of each by its name. */
    static Map<String, String> of(Collection<Tool> tools) {
        Map<String, String> byName = new TreeMap<>();
        tools.forEach(tool -> byName.put(tool.name(), of(tool.definition())));
        return byName;
    }

    private static JsonNode canonical(JsonNode node) {
        if (node.isObject()) {
            ObjectNode sorted = JsonNodeFactory.instance.objectNode();
            Map<String, JsonNode> byKey = new TreeMap<>();
            node.properties().forEach(property -> byKey.put(property.getKey(), property.getValue()));
            byKey.forEach((key, value) -> sorted.set(key, canonical(value)));
            return sorted;
        }
        if (node.isArray()) {
            ArrayNode same = JsonNodeFactory.instance.arrayNode();
            node.values().forEach(value -> same.add(canonical(value)));
            return same;
        }
        if (node.isNumber()) {
            // Adding zero turns -0.0, which the database does not keep, into 0.0.
            return JsonNodeFactory.instance.numberNode(node.doubleValue() + 0.0);
        }
        return node;
    }
}
