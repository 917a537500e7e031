package dev.claviger.toolsync.protocol;

import org.jspecify.annotations.Nullable;

/** The port to MCP servers. */
public interface McpTransport {

    /**
     * Prepares a connection; nothing is sent before {@link McpConnection#open()}.
     *
     * @param known what worked with this origin the last time; null: nothing is known
     */
    McpConnection connect(McpTarget target, Limits limits, @Nullable KnownWay known);
}
