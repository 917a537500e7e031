package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.protocol.ModernHttp.Asked;
import dev.claviger.toolsync.protocol.ModernHttp.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The conversation without a handshake: every request stands for itself, a tool that wants input is called again with it.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning">MCP 2026-07-28, versioning</a>
 */
final class ModernConnection implements McpConnection {

    private final Door door;
    private final ModernHttp http;
    private final Limits limits;
    private String version = Revisions.MODERN.get(0);
    private @Nullable ServerInfo server;
    private boolean listChanged;

    ModernConnection(Door door, Limits limits) {
        this.door = door;
        this.http = new ModernHttp(door);
        this.limits = limits;
    }

    @Override
    public ServerInfo open() {
        return discover()
                .orElseThrow(() -> Verdict.protocolError(
                        "The server does not answer as one of the revisions without a" + " handshake"));
    }

    /**
     * Finds out whether the server is of the modern era (C87): every server of it answers {@code server/discover}, or says
     * that it wants another revision. Empty: it is not, as far as can be told.
     */
    Optional<ServerInfo> discover() {
        Asked asked = plain("server/discover", JsonRpc.object());
        Reply reply;
        try {
            reply = http.probe(version, asked);
            if (reply.errorCode() == ModernError.UNSUPPORTED_VERSION) {
                JsonNode supported = supported(reply);
                if (!chooseFrom(supported)) {
                    return orNone(supported);
                }
                reply = http.ask(version, asked);
            }
        } catch (Refused e) {
            return Optional.empty();
        } catch (Unreachable e) {
            if (!e.answerMayBeLost()) {
                throw e;
            }
            // Some servers keep silent to what they do not know.
            return Optional.empty();
        }
        int status = reply.head().status();
        boolean refusesUs =
                status == 403 && reply.head().header("www-authenticate").isPresent();
        if (status == 401 || refusesUs || status == 408 || status == 429 || status == 503) {
            throw Verdict.onStatus(asked.method(), reply.head(), reply.message(), false, door.secrets());
        }
        int code = reply.errorCode();
        if (code == ModernError.UNSUPPORTED_VERSION) {
            throw Revisions.noneInCommon(supported(reply), door.secrets());
        }
        if (code == ModernError.HEADER_MISMATCH || code == ModernError.MISSING_CAPABILITY) {
            throw Verdict.onError(asked.method(), reply.message(), door.secrets());
        }
        JsonNode result = reply.message().path("result");
        if (!reply.head().isSuccess() || !result.path("supportedVersions").isArray()) {
            return Optional.empty();
        }
        return chooseFrom(result.path("supportedVersions"))
                ? Optional.of(introduced(result))
                : orNone(result.path("supportedVersions"));
    }

    @Override
    public ToolListing listTools() {
        offered().requireTools();
        return new Pages(
                        limits,
                        true,
                        door.secrets(),
                        params -> complete(
                                "tools/list",
                                Replies.result(
                                        "tools/list",
                                        judged("tools/list", ask(plain("tools/list", params))),
                                        door.secrets())))
                .all();
    }

    @Override
    public CallResult callTool(Tool tool, ObjectNode arguments, Elicitor elicitor) {
        offered().requireTools();
        return new RoundTrips(elicitor, door).call(new RoundTrips.Round() {
            private Tool asListed = tool;

            @Override
            public JsonNode ask(ObjectNode inputs) {
                Reply reply = ModernConnection.this.ask(call(asListed, arguments, inputs));
                if (reply.errorCode() == ModernError.HEADER_MISMATCH) {
                    asListed = listedNow(asListed);
                    reply = ModernConnection.this.ask(call(asListed, arguments, inputs));
                }
                return Replies.resultOfCall(judged("tools/call", reply), door.secrets());
            }

            @Override
            public List<String> findings(JsonNode result) {
                return ResultCheck.findings(asListed, result, door.secrets());
            }
        });
    }

    @Override
    public boolean listen(Duration atMost, Runnable toolsChanged) {
        offered();
        return listChanged && new Subscription(door, http, version).listen(atMost, toolsChanged);
    }

    @Override
    public void close() {
        // There is nothing to say good-bye to.
    }

    /** A refused version is refused before anything is done, so another one may be tried, once (C77). */
    private Reply ask(Asked asked) {
        Reply reply = http.ask(version, asked);
        if (reply.errorCode() == ModernError.UNSUPPORTED_VERSION && chooseFrom(supported(reply))) {
            return http.ask(version, asked);
        }
        return reply;
    }

    private JsonNode judged(String method, Reply reply) {
        if (!reply.head().isSuccess()) {
            RuntimeException verdict = Verdict.onStatus(method, reply.head(), reply.message(), false, door.secrets());
            throw method.equals("tools/call") && reply.message().hasNonNull("error")
                    ? Replies.refusalOfCall(verdict)
                    : verdict;
        }
        return reply.message();
    }

    /** Nothing but a call can end in the middle. */
    private JsonNode complete(String method, JsonNode result) {
        String type = Replies.kind(result);
        if (!type.equals("complete")) {
            throw Verdict.protocolError("The server's answer to %s is of a kind that does not belong there: %s"
                    .formatted(method, RemoteText.quote(type, door.secrets())));
        }
        return result;
    }

    private Asked plain(String method, ObjectNode params) {
        return new Asked(method, params, JsonRpc.object(), Map.of());
    }

    private static Asked call(Tool tool, ObjectNode arguments, ObjectNode inputs) {
        ObjectNode params = JsonRpc.object().put("name", tool.name());
        params.set("arguments", arguments);
        params.setAll(inputs);
        Map<String, Secret> headers =
                new LinkedHashMap<>(ParamHeaders.of(tool.definition().path("inputSchema"), arguments));
        headers.put("Mcp-Name", Secret.of(HeaderValue.of(tool.name())));
        return new Asked("tools/call", params, Elicitations.capability(), headers);
    }

    /** What goes into headers may have changed since we listed (C76). */
    private Tool listedNow(Tool tool) {
        ToolListing now;
        try {
            now = listTools();
        } catch (Unreachable e) {
            throw Verdict.harmless(e);
        }
        return now.tools().stream()
                .filter(each -> each.name().equals(tool.name()))
                .findFirst()
                .orElseThrow(() -> new Refused(
                        FailureCode.TOOL_CALL_REFUSED,
                        "The server no longer lists the tool; list its tools again and choose another"));
    }

    private ServerInfo introduced(JsonNode result) {
        JsonNode tools = result.path("capabilities").path("tools");
        JsonNode inMeta = ModernHttp.meta(result, "serverInfo");
        JsonNode info = inMeta.isObject() ? inMeta : result.path("serverInfo");
        listChanged = tools.path("listChanged").booleanValue(false);
        server = new ServerInfo(
                version,
                RemoteText.label(info.path("name"), door.secrets()),
                RemoteText.label(info.path("version"), door.secrets()),
                tools.isObject(),
                Era.MODERN,
                Wire.STREAMABLE_HTTP);
        return server;
    }

    private static JsonNode supported(Reply reply) {
        return reply.message().path("error").path("data").path("supported");
    }

    private boolean chooseFrom(JsonNode supported) {
        Optional<String> common = Revisions.MODERN.stream()
                .filter(ours -> supported.values().stream()
                        .anyMatch(theirs -> theirs.stringValue("").equals(ours)))
                .findFirst();
        version = common.orElse(version);
        return common.isPresent();
    }

    /** Empty: there is still one with a handshake in common. */
    private Optional<ServerInfo> orNone(JsonNode supported) {
        boolean mayGreet = !supported.isArray()
                || supported.values().stream().anyMatch(theirs -> Revisions.LEGACY.contains(theirs.stringValue("")));
        if (!mayGreet) {
            throw Revisions.noneInCommon(supported, door.secrets());
        }
        return Optional.empty();
    }

    private ServerInfo offered() {
        return Objects.requireNonNull(server, "open() comes first");
    }
}
