package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.toolsync.api.Tool;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the way to speak to a server: what worked the last time, then without a handshake, then with one, then the oldest
 * transport (C87, C100). Afterwards it only passes on.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning#backward-compatibility-with-initialization-based-versions">MCP
 *     2026-07-28, backward compatibility</a>
 */
final class DualEraConnection implements McpConnection {

    private final Door door;
    private final Limits limits;
    private final @Nullable KnownWay known;
    private @Nullable McpConnection spoken;

    DualEraConnection(OutboundClient client, McpTarget target, Limits limits, @Nullable KnownWay known) {
        this.door = new Door(client, target, new Budget(limits));
        this.limits = limits;
        this.known = known;
    }

    @Override
    public ServerInfo open() {
        if (known != null && known.era() == Era.LEGACY) {
            try {
                return open(legacy(known.wire()));
            } catch (Refused | OtherWire e) {
                // What worked the last time no longer does.
                close();
            }
        }
        ModernConnection modern = new ModernConnection(door, limits);
        Optional<ServerInfo> discovered = discover(modern);
        if (discovered.isPresent()) {
            spoken = modern;
            return discovered.get();
        }
        try {
            return open(legacy(Wire.STREAMABLE_HTTP));
        } catch (OtherWire refused) {
            try {
                return open(legacy(Wire.HTTP_SSE));
            } catch (OtherWire refusedToo) {
                // The first refusal says more: hardly anybody speaks the oldest transport.
                throw refused.refusal();
            }
        }
    }

    private static Optional<ServerInfo> discover(ModernConnection modern) {
        try {
            return modern.discover();
        } catch (Unreachable e) {
            throw Verdict.harmless(e);
        }
    }

    private ServerInfo open(LegacyConnection connection) {
        spoken = connection;
        return connection.open();
    }

    private LegacyConnection legacy(Wire wire) {
        ServerRequests theirs = new ServerRequests();
        return new LegacyConnection(
                door,
                wire == Wire.HTTP_SSE ? new HttpSse(door, theirs) : new StreamableHttp(door, theirs),
                theirs,
                limits);
    }

    @Override
    public ToolListing listTools() {
        return spoken().listTools();
    }

    @Override
    public CallResult callTool(Tool tool, ObjectNode arguments, Elicitor elicitor) {
        return spoken().callTool(tool, arguments, elicitor);
    }

    @Override
    public boolean listen(Duration atMost, Runnable toolsChanged) {
        return spoken().listen(atMost, toolsChanged);
    }

    @Override
    public boolean toolsChanged() {
        return spoken().toolsChanged();
    }

    @Override
    public void close() {
        if (spoken != null) {
            spoken.close();
        }
        spoken = null;
    }

    private McpConnection spoken() {
        return Objects.requireNonNull(spoken, "open() comes first");
    }
}
