package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.toolsync.api.Tool;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The conversation of the revisions with a handshake: {@code initialize} first, one new session when the server has forgotten
 * ours, and only what was negotiated (C89–C97).
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP 2025-11-25, lifecycle</a>
 */
final class LegacyConnection implements McpConnection {

    private final Door door;
    private final LegacyWire wire;
    private final ServerRequests theirs;
    private final Limits limits;
    private @Nullable ServerInfo server;
    private boolean listChanged;
    private boolean mayBeAsked;

    LegacyConnection(Door door, LegacyWire wire, ServerRequests theirs, Limits limits) {
        this.door = door;
        this.wire = wire;
        this.theirs = theirs;
        this.limits = limits;
    }

    @Override
    public ServerInfo open() {
        try {
            return greet();
        } catch (SessionLost e) {
            throw new Unreachable("The server forgot the session it had just opened", false, null);
        } catch (Unreachable e) {
            throw Verdict.harmless(e);
        }
    }

    @Override
    public ToolListing listTools() {
        offered().requireTools();
        return inSession(() -> new Pages(
                        limits,
                        false,
                        door.secrets(),
                        params -> Replies.result("tools/list", wire.request("tools/list", params), door.secrets()))
                .all());
    }

    @Override
    public CallResult callTool(Tool tool, ObjectNode arguments, Elicitor elicitor) {
        offered().requireTools();
        ObjectNode params = JsonRpc.object().put("name", tool.name());
        params.set("arguments", arguments);
        if (!mayBeAsked && wire.inSession()) {
            // Only a session that began so may ask something of a person.
            wire.endSession();
            mayBeAsked = true;
            open();
        }
        theirs.answerWith(elicitor);
        try {
            JsonNode answer = inSession(() -> wire.request("tools/call", params.deepCopy()));
            JsonNode result = Replies.resultOfCall(answer, door.secrets());
            return new CallResult.Result(result, ResultCheck.findings(tool, result, door.secrets()));
        } finally {
            theirs.answerWith(null);
        }
    }

    @Override
    public boolean listen(Duration atMost, Runnable toolsChanged) {
        offered();
        return listChanged
                && inSession(() -> wire.listen(atMost, () -> {
                    if (theirs.toolsChanged()) {
                        toolsChanged.run();
                    }
                }));
    }

    @Override
    public boolean toolsChanged() {
        return theirs.toolsChanged();
    }

    @Override
    public void close() {
        wire.endSession();
    }

    /** A server says that it lost the session before it processes anything, so once more is safe. */
    private <T> T inSession(Supplier<T> conversation) {
        try {
            return conversation.get();
        } catch (SessionLost e) {
            wire.forgetSession();
            open();
        }
        try {
            return conversation.get();
        } catch (SessionLost e) {
            throw new Unreachable("The server lost our session twice", false, null);
        }
    }

    private ServerInfo greet() {
        ObjectNode params = JsonRpc.object().put("protocolVersion", Revisions.LEGACY.get(0));
        params.set("capabilities", mayBeAsked ? Elicitations.capability() : JsonRpc.object());
        params.set("clientInfo", Revisions.ourselves());
        JsonNode result = Replies.result("initialize", wire.request("initialize", params), door.secrets());
        String version = result.path("protocolVersion").stringValue("");
        if (Revisions.MODERN.contains(version)) {
            throw Verdict.protocolError(
                    "The server agrees to revision %s in a handshake that this revision does not have"
                            .formatted(version));
        }
        if (!Revisions.LEGACY.contains(version)) {
            throw Revisions.noneInCommon(result.path("protocolVersion"), door.secrets());
        }
        wire.speak(version);
        wire.announce("notifications/initialized", JsonRpc.object());
        JsonNode tools = result.path("capabilities").path("tools");
        listChanged = tools.path("listChanged").booleanValue(false);
        server = new ServerInfo(
                version,
                RemoteText.label(result.path("serverInfo").path("name"), door.secrets()),
                RemoteText.label(result.path("serverInfo").path("version"), door.secrets()),
                tools.isObject(),
                Era.LEGACY,
                wire.kind());
        return server;
    }

    private ServerInfo offered() {
        return Objects.requireNonNull(server, "open() comes first");
    }
}
