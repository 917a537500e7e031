package dev.claviger.toolsync.api;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A tool as its server described it.
 *
 * @param name unique in its catalogue
 * @param definition the whole definition as received: {@code name}, {@code title}, {@code description}, {@code
 *     inputSchema}, {@code outputSchema}, {@code annotations} and whatever else came (MCP 2025-11-25, server/tools)
 */
public record Tool(String name, JsonNode definition) {

    /** The display name: {@code title}, or {@code annotations.title}, or null. Untrusted text. */
    public @Nullable String title() {
        String title = text(definition.path("title"));
        return title != null ? title : text(definition.path("annotations").path("title"));
    }

    /** Untrusted text, or null. */
    public @Nullable String description() {
        return text(definition.path("description"));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }
}
