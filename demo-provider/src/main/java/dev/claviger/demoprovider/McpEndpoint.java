package dev.claviger.demoprovider;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One MCP endpoint of Streamable HTTP, revisions 2025-03-26 to 2025-11-25: handshake, session and the way of answering.
 * What is newer is {@link ModernMcp}'s.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports">Transports</a>
 */
final class McpEndpoint {

    static final String LATEST = "2025-11-25";
    private static final Set<String> VERSIONS = Set.of("2025-03-26", "2025-06-18", LATEST);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Knobs knobs;
    private final Mint mint;
    private final Door listDoor;
    private final Door callDoor;
    private final McpMethods methods;
    private final ModernMcp modern;
    /** Negotiated version by session id. */
    private final Map<String, String> sessions = new ConcurrentHashMap<>();

    /** @param listDoor guards everything but {@code tools/call} */
    McpEndpoint(Knobs knobs, Mint mint, Door listDoor, Door callDoor, McpMethods methods) {
        this.knobs = knobs;
        this.mint = mint;
        this.listDoor = listDoor;
        this.callDoor = callDoor;
        this.methods = methods;
        this.modern = new ModernMcp(knobs, methods);
    }

    void handle(Call call) throws IOException {
        Call.pause(knobs.mcpDelay);
        Call.await(knobs.mcpGate);
        if (knobs.mcp503) {
            call.with("Retry-After", "1").answer(503, "text/plain", "Down for maintenance");
        } else if (foreignOrigin(call.header("Origin"))) {
            call.empty(403);
        } else if (call.method().equals("POST")) {
            post(call);
        } else if (call.method().equals("DELETE") && !knobs.refuse405Delete) {
            delete(call);
        } else {
            call.with("Allow", "POST, DELETE").empty(405);
        }
    }

    private void post(Call call) throws IOException {
        Map<String, Object> message = call.jsonBody();
        Object method = message == null ? null : message.get("method");
        Object id = message == null ? null : message.get("id");
        Door door = "tools/call".equals(method) ? callDoor : listDoor;
        if (!door.letsIn(call) && !(knobs.openHandshake && "initialize".equals(method))) {
            if (knobs.deadTokenOver200 && call.bearer() != null && id != null) {
                deadToken(call, String.valueOf(method), id);
            } else {
                door.refuse(call);
            }
        } else if (message == null || !"2.0".equals(message.get("jsonrpc"))) {
            call.json(400, McpMethods.error(null, -32700, "Send one JSON-RPC 2.0 message."));
        } else if (!accepts(call)) {
            call.answer(406, "text/plain", "Accept must name application/json and text/event-stream.");
        } else if (knobs.modern) {
            modern.handle(call, message, person(call));
        } else if ("initialize".equals(method) && id != null) {
            initialize(call, message, id);
        } else if (inSession(call)) {
            if (method == null || id == null) {
                call.empty(202);
            } else {
                Map<String, Object> answer = methods.answer(String.valueOf(method), message, id, person(call));
                answer(call, knobs.echoRequests && "tools/call".equals(method) ? echoed(call, answer) : answer);
            }
        }
    }

    /** Who shows no token of a person is whoever the knob says. */
    private @Nullable Map<String, Object> person(Call call) {
        Map<String, Object> person = listDoor.person(call);
        return person == null ? knobs.account : person;
    }

    private void initialize(Call call, Map<String, Object> message, Object id) throws IOException {
        String asked = message.get("params") instanceof Map<?, ?> params ? "" + params.get("protocolVersion") : "";
        String version = VERSIONS.contains(asked) ? asked : LATEST;
        if (!knobs.noSession) {
            String session = mint.secret("session");
            sessions.put(session, version);
            call.with("Mcp-Session-Id", session);
        }
        answer(call, methods.initialized(id, knobs.unsupportedVersion ? "1999-12-31" : version));
    }

    /** Checks session and version header, and answers the request when they are wrong. */
    private boolean inSession(Call call) throws IOException {
        String session = call.header("Mcp-Session-Id");
        String version = call.header("MCP-Protocol-Version");
        if (knobs.noSession) {
            return supported(call, version);
        }
        if (session == null) {
            call.json(400, McpMethods.error(null, -32600, "Mcp-Session-Id is missing; call initialize first."));
            return false;
        }
        if (knobs.sessionLostOnce) {
            knobs.sessionLostOnce = false;
            sessions.remove(session);
        }
        String negotiated = sessions.get(session);
        if (negotiated == null) {
            call.json(404, McpMethods.error(null, -32001, "Session not found."));
            return false;
        }
        // The header came with 2025-06-18; 2025-03-26 knows none.
        if (!negotiated.equals(version) && !(version == null && negotiated.equals("2025-03-26"))) {
            call.json(400, McpMethods.error(null, -32600, "MCP-Protocol-Version must be " + negotiated + "."));
            return false;
        }
        return true;
    }

    private static boolean supported(Call call, @Nullable String version) throws IOException {
        if (version != null && !VERSIONS.contains(version)) {
            call.json(400, McpMethods.error(null, -32600, "Unsupported MCP-Protocol-Version."));
            return false;
        }
        return true;
    }

    private void delete(Call call) throws IOException {
        String session = call.header("Mcp-Session-Id");
        if (!listDoor.letsIn(call)) {
            listDoor.refuse(call);
        } else {
            call.empty(session != null && sessions.remove(session) != null ? 204 : 404);
        }
    }

    private void answer(Call call, Map<String, Object> response) throws IOException {
        Object body = response;
        if (knobs.batchAnswers && !(response.get("result") instanceof Map<?, ?> r && r.containsKey("serverInfo"))) {
            body = List.of(McpMethods.notification("Here comes the answer."), response);
        }
        if (knobs.sseEndless) {
            call.forEver(200, "text/event-stream", ": patience\n\n", ": still busy\n\n", Duration.ofMillis(50));
        } else if (knobs.sse || knobs.serverPing || knobs.tellsToolsChanged) {
            stream(call, body);
        } else if (knobs.mcpSlow) {
            call.drip(200, "application/json", Call.JSON.writeValueAsString(body));
        } else {
            call.json(200, body);
        }
    }

    /** Everything a stream may contain: comments, an empty event to resume from, other messages, data over many lines. */
    private void stream(Call call, Object body) throws IOException {
        StringBuilder events = new StringBuilder(": Acme Notes\n\nid: 1\nretry: 1000\ndata:\n\n");
        if (knobs.serverPing) {
            events.append("data: {\"jsonrpc\":\"2.0\",\"id\":\"ping-")
                    .append(mint.id())
                    .append("\",\"method\":\"ping\"}\n\n");
        }
        if (knobs.tellsToolsChanged) {
            events.append("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n");
        }
        events.append("event: message\r\nid: 2\r\n");
        Call.JSON
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(body)
                .lines()
                .forEach(line -> events.append("data: ").append(line).append("\r\n"));
        events.append("\r\n");
        if (knobs.mcpSlow) {
            call.drip(200, "text/event-stream", events.toString());
        } else {
            try (var out = call.stream(200, "text/event-stream")) {
                out.write(events.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }

    /** The result with everything beside it that the caller showed. */
    private static Map<String, Object> echoed(Call call, Map<String, Object> answer) {
        if (!(answer.get("result") instanceof Map<?, ?> result)) {
            return answer;
        }
        String shown = "You sent " + call.header("Authorization") + " and " + call.header("X-Api-Key");
        Map<String, Object> more = new LinkedHashMap<>();
        result.forEach((key, value) -> more.put(String.valueOf(key), value));
        more.put("_meta", Map.of(shown, List.of(shown)));
        more.put("content", List.of(Map.of("type", "text", "text", shown)));
        Map<String, Object> echoed = new LinkedHashMap<>(answer);
        echoed.put("result", more);
        return echoed;
    }

    private void deadToken(Call call, String method, Object id) throws IOException {
        String text = "Authentication failed: your session has expired. Please sign in again."
                + (knobs.echoRequests ? " You sent " + call.bearer() : "");
        if (method.equals("tools/call")) {
            Map<String, Object> result = new LinkedHashMap<>(NotesTools.said(text));
            result.put("isError", true);
            call.json(200, McpMethods.result(id, result));
        } else {
            call.json(200, McpMethods.error(id, -32001, text));
        }
    }

    private static boolean accepts(Call call) {
        String accept = call.header("Accept");
        return accept != null && accept.contains("application/json") && accept.contains("text/event-stream");
    }

    private static boolean foreignOrigin(@Nullable String origin) {
        if (origin == null) {
            return false;
        }
        try {
            String host = new URI(origin).getHost();
            return host == null || !LOOPBACK.contains(host);
        } catch (java.net.URISyntaxException malformed) {
            return true;
        }
    }
}
