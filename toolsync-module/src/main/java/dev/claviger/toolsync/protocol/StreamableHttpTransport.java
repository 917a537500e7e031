package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.OutboundClient;

/** Streamable HTTP of the MCP revisions 2025-03-26 to 2025-11-25. */
public final class StreamableHttpTransport implements McpTransport {

    private final OutboundClient client;

    public StreamableHttpTransport(OutboundClient client) {
        this.client = client;
    }

    @Override
    public McpConnection connect(McpTarget target, Limits limits) {
        return new StreamableHttpConnection(client, target, limits);
    }
}
