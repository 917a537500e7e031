package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.Tool;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The conversation of the revisions with a handshake: {@code initialize}, {@code tools/list} page by page, one new session
 * when the server has forgotten ours.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP 2025-11-25, lifecycle</a>
 */
final class StreamableHttpConnection implements McpConnection {

    static final List<String> REVISIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26");

    private final HttpWire wire;
    private final Limits limits;
    private @Nullable ServerInfo server;

    StreamableHttpConnection(OutboundClient client, McpTarget target, Limits limits) {
        this.wire = new HttpWire(client, target, limits);
        this.limits = limits;
    }

    @Override
    public ServerInfo open() {
        try {
            JsonNode result = wire.request("initialize", greeting());
            String version = result.path("protocolVersion").stringValue("");
            if (!REVISIONS.contains(version)) {
                throw new Refused(
                        FailureCode.MCP_VERSION_UNSUPPORTED,
                        "The server offers MCP revision %s; we speak %s"
                                .formatted(RemoteText.quote(version, Set.of()), REVISIONS));
            }
            wire.speak(version);
            wire.announce("notifications/initialized");
            server = new ServerInfo(
                    version,
                    RemoteText.label(result.path("serverInfo").path("name")),
                    RemoteText.label(result.path("serverInfo").path("version")),
                    result.path("capabilities").path("tools").isObject(),
                    Era.LEGACY,
                    Wire.STREAMABLE_HTTP);
            return server;
        } catch (SessionLost e) {
            throw new Unreachable("The server forgot the session it had just opened", false, null);
        }
    }

    @Override
    public ToolListing listTools() {
        try {
            return pages();
        } catch (SessionLost e) {
            wire.forgetSession();
            open();
        }
        try {
            return pages();
        } catch (SessionLost e) {
            throw new Unreachable("The server lost our session twice", false, null);
        }
    }

    @Override
    public CallResult callTool(Tool tool, ObjectNode arguments, Elicitor elicitor) {
        ObjectNode params = JsonRpc.object().put("name", tool.name());
        params.set("arguments", arguments);
        try {
            return new CallResult.Result(wire.request("tools/call", params), List.of());
        } catch (SessionLost e) {
            throw new Unreachable("The server forgot the session before it called the tool", false, null);
        }
    }

    @Override
    public void close() {
        wire.endSession();
    }

    private ToolListing pages() {
        if (!Objects.requireNonNull(server, "open() comes first").offersTools()) {
            throw new Refused(
                    FailureCode.NO_TOOLS_CAPABILITY,
                    "The server does not declare the tools capability: it offers no tools");
        }
        ToolList tools = new ToolList(limits.tools());
        Set<String> cursors = new HashSet<>();
        String cursor = null;
        for (int page = 1; page <= limits.pages(); page++) {
            ObjectNode params = JsonRpc.object();
            if (cursor != null) {
                params.put("cursor", cursor);
            }
            JsonNode result = wire.request("tools/list", params);
            if (!result.path("tools").isArray()) {
                throw Verdict.protocolError("The server's answer to tools/list has no list of tools");
            }
            result.path("tools").forEach(tools::add);
            cursor = nextCursor(result);
            if (cursor == null) {
                return tools.listing(Duration.ZERO, true);
            }
            if (!cursors.add(cursor)) {
                throw Verdict.protocolError("The server's pages of tools go round in circles: a cursor came twice");
            }
        }
        throw new Untrusted(
                FailureCode.LIMIT_EXCEEDED, "The server's tool list has more than %d pages".formatted(limits.pages()));
    }

    /** Opaque, and {@code ""} is one like any other (C84). */
    private static @Nullable String nextCursor(JsonNode result) {
        if (!result.hasNonNull("nextCursor")) {
            return null;
        }
        if (!result.path("nextCursor").isString()) {
            throw Verdict.protocolError("The server's cursor to the next page of tools is not a string");
        }
        return result.path("nextCursor").stringValue();
    }

    private static ObjectNode greeting() {
        ObjectNode params = JsonRpc.object().put("protocolVersion", REVISIONS.get(0));
        params.set("capabilities", JsonRpc.object());
        String version = StreamableHttpConnection.class.getPackage().getImplementationVersion();
        params.set(
                "clientInfo",
                JsonRpc.object()
                        .put("name", "claviger")
                        .put("title", "Claviger")
                        .put("version", version == null ? "0" : version));
        return params;
    }
}
