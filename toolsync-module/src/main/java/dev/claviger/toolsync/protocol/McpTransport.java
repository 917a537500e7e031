package dev.claviger.toolsync.protocol;

/** The port to MCP servers: one implementation per way of talking to them. */
public interface McpTransport {

    /** Prepares a connection; nothing is sent before {@link McpConnection#open()}. */
    McpConnection connect(McpTarget target, Limits limits);
}
