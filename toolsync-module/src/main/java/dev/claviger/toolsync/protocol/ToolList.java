package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.Tool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Gathers the tools of all pages and refuses what cannot be kept faithfully, naming the tool.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool">MCP 2025-11-25, Tool</a>
 */
final class ToolList {

    private static final int LONGEST_NAME = 256;

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final int most;

    ToolList(int most) {
        this.most = most;
    }

    void add(JsonNode definition) {
        String place = "Tool number " + (tools.size() + 1);
        String name = definition.path("name").stringValue("");
        if (name.isBlank()) {
            throw refuse(place + " has no name");
        }
        if (name.length() > LONGEST_NAME) {
            throw refuse("%s has a name longer than %d characters".formatted(place, LONGEST_NAME));
        }
        String quoted = RemoteText.quote(name, Set.of());
        if (!definition.path("inputSchema").isObject()) {
            throw refuse("Tool %s has no inputSchema object".formatted(quoted));
        }
        requireStorable(quoted, definition);
        if (tools.putIfAbsent(name, new Tool(name, definition)) != null) {
            throw refuse("The server lists two tools named " + quoted);
        }
        if (tools.size() > most) {
            throw new Untrusted(FailureCode.LIMIT_EXCEEDED, "The server lists more than %d tools".formatted(most));
        }
    }

    ToolListing listing(Duration ttl, boolean isPrivate) {
        return new ToolListing(List.copyOf(tools.values()), List.of(), ttl, isPrivate);
    }

    /** No database text holds NUL or half a character, and no JSON number of ours is infinite. */
    private static void requireStorable(String tool, JsonNode node) {
        if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
            throw refuse("The definition of tool %s holds a number out of range".formatted(tool));
        }
        if (node.isString() && !isText(node.stringValue())) {
            throw refuse("The definition of tool %s holds text that is not valid Unicode".formatted(tool));
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (!isText(property.getKey())) {
                throw refuse("The definition of tool %s holds a key that is not valid Unicode".formatted(tool));
            }
        }
        for (JsonNode child : node.values()) {
            requireStorable(tool, child);
        }
    }

    private static boolean isText(String text) {
        return text.codePoints().noneMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE);
    }

    private static Refused refuse(String sentence) {
        return Verdict.protocolError(sentence + "; its developer must mend this");
    }
}
