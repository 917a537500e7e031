package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Carries JSON-RPC over Streamable HTTP: one POST per message, the answer as JSON or as a stream of events, in which the
 * server may ask something of its own before it answers.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http">MCP 2025-11-25,
 *     Streamable HTTP</a>
 */
final class HttpWire {

    private static final int ERROR_BODY = 16 * 1024;
    private static final int SERVER_REQUESTS = 100;
    private static final Duration GOOD_BYE = Duration.ofSeconds(5);

    private final OutboundClient client;
    private final McpTarget target;
    private final Budget budget;
    private long lastId;
    private int serverRequests;
    private @Nullable Secret session;
    private @Nullable String version;

    HttpWire(OutboundClient client, McpTarget target, Limits limits) {
        this.client = client;
        this.target = target;
        this.budget = new Budget(limits);
    }

    /** From now on every request says so (C91). */
    void speak(String negotiatedVersion) {
        version = negotiatedVersion;
    }

    void forgetSession() {
        session = null;
        version = null;
    }

    /** Sends a request and answers its {@code result}. */
    JsonNode request(String method, ObjectNode params) {
        long id = ++lastId;
        return client.stream(post(JsonRpc.request(id, method, params)), (head, body) -> {
            InputStream counted = budget.count(body);
            judge(method, head, counted);
            if (method.equals("initialize")) {
                rememberSession(head);
            }
            JsonNode answer = head.mediaType().equals("text/event-stream")
                    ? fromEvents(id, method, counted)
                    : fromJson(id, method, head, counted);
            return result(method, answer);
        });
    }

    void announce(String method) {
        client.stream(post(JsonRpc.notification(method)), (head, body) -> {
            judge(method, head, budget.count(body));
            return Boolean.TRUE;
        });
    }

    /** Ends the session (C94); whether the server minds is its own affair. */
    void endSession() {
        if (session == null) {
            return;
        }
        try {
            client.stream(dress(OutboundRequest.delete(target.url())).timeout(GOOD_BYE), (head, body) -> head.status());
        } catch (Unreachable | Untrusted e) {
            // The session dies with the server or of old age.
        }
        forgetSession();
    }

    private OutboundRequest post(ObjectNode message) {
        return dress(OutboundRequest.post(target.url(), "application/json", JsonRpc.write(message)))
                .timeout(budget.time())
                .maxBytes(budget.bytes());
    }

    /** Ours last, so that no custom header can pose as the protocol's. */
    private OutboundRequest dress(OutboundRequest request) {
        OutboundRequest dressed = request;
        for (Map.Entry<String, String> header : target.headers().entrySet()) {
            if (!header.getValue().isBlank() && !header.getKey().equalsIgnoreCase("content-type")) {
                dressed = dressed.header(header.getKey(), header.getValue());
            }
        }
        dressed = dressed.header("Accept", "application/json, text/event-stream");
        if (version != null) {
            dressed = dressed.header("MCP-Protocol-Version", version);
        }
        if (session != null) {
            dressed = dressed.header("Mcp-Session-Id", session);
        }
        if (target.credential() != null) {
            dressed = dressed.header(
                    target.credential().headerName(), target.credential().headerValue());
        }
        return dressed;
    }

    private void judge(String method, OutboundResponse head, InputStream body) throws IOException {
        if (head.isSuccess()) {
            return;
        }
        JsonNode message = MissingNode.getInstance();
        if (head.mediaType().equals("application/json")) {
            try {
                message = JsonRpc.read(body.readNBytes(ERROR_BODY), method);
            } catch (RuntimeException e) {
                // The status says enough.
            }
        }
        throw Verdict.onStatus(method, head, message, session != null, secrets());
    }

    private void rememberSession(OutboundResponse head) {
        head.header("mcp-session-id").ifPresent(id -> {
            if (!id.matches("[\\x21-\\x7E]{1,1024}")) {
                throw Verdict.protocolError("The server's session id is not made of visible ASCII characters");
            }
            session = Secret.of(id);
        });
    }

    private JsonNode fromJson(long id, String method, OutboundResponse head, InputStream body) throws IOException {
        if (!head.mediaType().equals("application/json") && !head.mediaType().isEmpty()) {
            throw Verdict.protocolError(
                    "The server answered %s with %s instead of JSON; check that the URL is its MCP endpoint"
                            .formatted(method, RemoteText.quote(head.mediaType(), secrets())));
        }
        byte[] json = body.readAllBytes();
        if (json.length == 0) {
            throw Verdict.protocolError(
                    "The server answered HTTP %d to %s without a result".formatted(head.status(), method));
        }
        JsonNode payload = JsonRpc.read(json, method);
        JsonNode answer = take(id, payload);
        if (answer == null) {
            throw DeadCredential.reportedIn(payload)
                    ? Verdict.onError(method, payload, secrets())
                    : Verdict.protocolError("The server's reply to %s holds no answer to it".formatted(method));
        }
        return answer;
    }

    private JsonNode fromEvents(long id, String method, InputStream body) throws IOException {
        SseReader events = new SseReader(body);
        for (SseEvent event = events.next(); event != null; event = events.next()) {
            if (event.type().equals("message") && !event.data().isBlank()) {
                JsonNode answer = take(id, JsonRpc.read(event.data().getBytes(StandardCharsets.UTF_8), method));
                if (answer != null) {
                    return answer;
                }
            }
        }
        throw new Unreachable("The server closed its stream without an answer to " + method, true, null);
    }

    /** Finds our answer in a message or a batch of them (C99) and serves what the server asks beside it. */
    private @Nullable JsonNode take(long id, JsonNode payload) {
        JsonNode answer = null;
        for (JsonNode message : payload.isArray() ? payload.values() : List.of(payload)) {
            if (JsonRpc.isRequest(message)) {
                serve(message);
            } else if (answer == null && JsonRpc.answers(message, id)) {
                answer = message;
            }
        }
        return answer;
    }

    private void serve(JsonNode request) {
        if (++serverRequests > SERVER_REQUESTS) {
            throw new Untrusted(
                    FailureCode.LIMIT_EXCEEDED,
                    "The server asked more than %d things of us instead of answering".formatted(SERVER_REQUESTS));
        }
        try {
            client.stream(post(JsonRpc.answerTo(request)), (head, body) -> head.status());
        } catch (Unreachable e) {
            // It asked; whether it hears the answer does not change ours.
        }
    }

    private JsonNode result(String method, JsonNode answer) {
        JsonNode result = answer.path("result");
        if (answer.hasNonNull("error") || (!result.path("tools").isArray() && DeadCredential.reportedIn(answer))) {
            throw Verdict.onError(method, answer, secrets());
        }
        if (!result.isObject()) {
            throw Verdict.protocolError("The server's answer to %s has no result".formatted(method));
        }
        return result;
    }

    private List<Secret> secrets() {
        List<Secret> secrets = new ArrayList<>();
        if (target.credential() != null) {
            secrets.add(target.credential().headerValue());
        }
        if (session != null) {
            secrets.add(session);
        }
        return secrets;
    }
}
