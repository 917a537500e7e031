package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.OutboundClient;
import org.jspecify.annotations.Nullable;

/** Speaks every MCP revision from 2024-11-05 on and finds out which of them a server speaks. */
public final class DualEraTransport implements McpTransport {

    private final OutboundClient client;

    public DualEraTransport(OutboundClient client) {
        this.client = client;
    }

    @Override
    public McpConnection connect(McpTarget target, Limits limits, @Nullable KnownWay known) {
        return new DualEraConnection(client, target, limits, known);
    }
}
