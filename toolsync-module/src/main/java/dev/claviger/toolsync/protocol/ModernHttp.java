package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Streamable HTTP without sessions: each POST says in its body and again in its headers what it is about (C69–C73).
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http">MCP 2026-07-28,
 *     Streamable HTTP</a>
 */
final class ModernHttp {

    private static final String PREFIX = "io.modelcontextprotocol/";

    /** What came back: with a success the answer, otherwise what explains the status, or a missing node. */
    record Reply(OutboundResponse head, JsonNode message) {

        int errorCode() {
            return JsonRpc.errorCode(message);
        }
    }

    /**
     * @param params without {@code _meta}
     * @param capabilities of ours that this request may use
     * @param headers of this method
     */
    record Asked(String method, ObjectNode params, ObjectNode capabilities, Map<String, Secret> headers) {}

    private final Door door;

    ModernHttp(Door door) {
        this.door = door;
    }

    Reply ask(String version, Asked asked) {
        long id = door.nextId();
        return door.send(request(id, version, asked), (head, body) -> reply(id, asked.method(), head, body));
    }

    /** For a server of which nobody knows whether it will answer at all. */
    Reply probe(String version, Asked asked) {
        long id = door.nextId();
        return door.trySend(request(id, version, asked), (head, body) -> reply(id, asked.method(), head, body));
    }

    OutboundRequest request(long id, String version, Asked asked) {
        ObjectNode params = asked.params().deepCopy();
        ObjectNode meta = JsonRpc.object().put(PREFIX + "protocolVersion", version);
        meta.set(PREFIX + "clientInfo", Revisions.ourselves());
        meta.set(PREFIX + "clientCapabilities", asked.capabilities());
        params.set("_meta", meta);
        Map<String, Secret> headers = new LinkedHashMap<>(asked.headers());
        headers.put("MCP-Protocol-Version", Secret.of(version));
        headers.put("Mcp-Method", Secret.of(asked.method()));
        return door.post(door.url(), JsonRpc.request(id, asked.method(), params), headers);
    }

    private Reply reply(long id, String method, OutboundResponse head, InputStream body) throws IOException {
        if (!head.isSuccess()) {
            return new Reply(head, Door.explanation(method, head, body));
        }
        if (head.mediaType().equals("text/event-stream")) {
            return new Reply(head, fromEvents(id, method, body));
        }
        JsonNode payload = Replies.json(method, head, body, door.secrets());
        return JsonRpc.messages(payload).stream()
                .filter(message -> JsonRpc.answers(message, id))
                .findFirst()
                .map(answer -> new Reply(head, answer))
                .orElseThrow(() -> Replies.noAnswer(method, payload, door.secrets()));
    }

    /** What else comes on this stream is news of the request; a server has nothing to ask here. */
    private static JsonNode fromEvents(long id, String method, InputStream body) throws IOException {
        SseReader events = new SseReader(body);
        for (SseEvent event = events.next(); event != null; event = events.next()) {
            for (JsonNode message : Replies.messages(event, method)) {
                if (JsonRpc.answers(message, id)) {
                    return message;
                }
            }
        }
        throw new Unreachable("The server closed its stream without an answer to " + method, true, null);
    }

    /** A key that the protocol keeps for itself in {@code _meta}. */
    static JsonNode meta(JsonNode node, String key) {
        return node.path("_meta").path(PREFIX + key);
    }
}
