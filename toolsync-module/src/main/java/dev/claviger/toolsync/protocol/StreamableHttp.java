package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Hangup;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Streamable HTTP with sessions: one POST per message, and a stream of the server's own beside a call that may ask something
 * of a person.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http">MCP 2025-11-25,
 *     Streamable HTTP</a>
 */
final class StreamableHttp implements LegacyWire {

    private static final Duration OWN_STREAM = Duration.ofSeconds(1);

    private final Door door;
    private final ServerRequests theirs;
    private @Nullable Secret session;
    private @Nullable String version;

    StreamableHttp(Door door, ServerRequests theirs) {
        this.door = door;
        this.theirs = theirs;
    }

    @Override
    public Wire kind() {
        return Wire.STREAMABLE_HTTP;
    }

    @Override
    public void speak(String negotiatedVersion) {
        version = negotiatedVersion;
    }

    @Override
    public boolean inSession() {
        return session != null;
    }

    @Override
    public JsonNode request(String method, ObjectNode params) {
        long id = door.nextId();
        ObjectNode message = JsonRpc.request(id, method, params);
        try {
            return theirs.mayElicit() && inSession()
                    ? requestBesideTheirStream(id, method, message)
                    : exchange(method, message, new StreamedAnswer(door, id, method, new Hangup(), this::take));
        } catch (Unreachable e) {
            if (method.equals("tools/call") && !door.budget().hasTime()) {
                cancel(id);
            }
            throw e;
        }
    }

    @Override
    public void announce(String method, ObjectNode params) {
        ObjectNode message = JsonRpc.notification(method);
        if (!params.isEmpty()) {
            message.set("params", params);
        }
        door.send(door.post(door.url(), message, headers()), (head, body) -> judge(method, head, body));
    }

    @Override
    public void forgetSession() {
        session = null;
        version = null;
    }

    @Override
    public void endSession() {
        if (session != null) {
            door.wave(door.delete(headers()));
        }
        forgetSession();
    }

    @Override
    public boolean listen(Duration atMost, Runnable heard) {
        Budget listening = new Budget(atMost, door.budget().bytes());
        return new OwnStream(door, this::headers).follow(listening, new Hangup(), () -> {}, message -> {
            take(message);
            heard.run();
        });
    }

    /** Some servers send what they ask during a call on their own stream only, so both must be read at once. */
    private JsonNode requestBesideTheirStream(long id, String method, ObjectNode message) {
        Errands errands = new Errands();
        Consumer<JsonNode> later = theirMessage -> errands.leave(() -> take(theirMessage));
        CountDownLatch answered = new CountDownLatch(1);
        Hangup endTheirs = new Hangup();
        Hangup endOurs = new Hangup();
        try (Background<Boolean> theirStream = new Background<>(
                endTheirs,
                () -> new OwnStream(door, this::headers).follow(door.budget(), endTheirs, answered::countDown, later),
                answered::countDown)) {
            await(answered);
            StreamedAnswer awaited = new StreamedAnswer(door, id, method, endOurs, later);
            try (Background<JsonNode> ours =
                    new Background<>(endOurs, () -> exchange(method, message, awaited), errands::nudge)) {
                if (!errands.runUntil(ours::isDone, door.budget().time())) {
                    throw door.budget().overdue(true);
                }
                return ours.result();
            }
        }
    }

    /** We stop waiting for an answer; closing the stream alone would not say so (C96). */
    private void cancel(long id) {
        ObjectNode message = JsonRpc.notification("notifications/cancelled");
        message.set("params", JsonRpc.object().put("requestId", id).put("reason", "Not answered in time"));
        door.wave(door.post(door.url(), message, headers()));
    }

    private JsonNode exchange(String method, ObjectNode message, StreamedAnswer awaited) {
        Optional<JsonNode> answer;
        try {
            answer = door.send(door.post(door.url(), message, headers()).until(awaited.end()), (head, body) -> {
                judge(method, head, body);
                if (method.equals("initialize")) {
                    rememberSession(head);
                }
                return awaited.in(head, body);
            });
        } catch (Unreachable e) {
            if (!awaited.mayResume()) {
                throw e;
            }
            answer = Optional.empty();
        }
        return answer.isPresent() ? answer.get() : awaited.resume(this::headers);
    }

    /** Serves what the server asks and notes what it tells. */
    private void take(JsonNode message) {
        if (JsonRpc.isRequest(message)) {
            ObjectNode answer = theirs.answer(message);
            try {
                door.send(door.post(door.url(), answer, headers()), (head, body) -> head.status());
            } catch (Unreachable e) {
                // It asked; whether it hears the answer does not change ours.
            }
        } else if (JsonRpc.isNotification(message)) {
            theirs.note(message);
        }
    }

    private boolean judge(String method, OutboundResponse head, InputStream body) throws IOException {
        if (head.isSuccess()) {
            return true;
        }
        JsonNode message = Door.explanation(method, head, body);
        RuntimeException verdict = Verdict.onStatus(method, head, message, session != null, door.secrets());
        if (method.equals("initialize")
                && verdict instanceof Refused refusal
                && (head.status() == 400 || head.status() == 404 || head.status() == 405)
                && !ModernError.isIn(head.status(), message)) {
            throw new OtherWire(refusal);
        }
        throw verdict;
    }

    private void rememberSession(OutboundResponse head) {
        head.header("mcp-session-id").ifPresent(id -> {
            if (!id.matches("[\\x21-\\x7E]{1,1024}")) {
                throw Verdict.protocolError("The server's session id is not made of visible ASCII characters");
            }
            session = Secret.of(id);
            door.keepSecret(session);
        });
    }

    private Map<String, Secret> headers() {
        Map<String, Secret> headers = new LinkedHashMap<>();
        if (version != null) {
            headers.put("MCP-Protocol-Version", Secret.of(version));
        }
        if (session != null) {
            headers.put("Mcp-Session-Id", session);
        }
        return headers;
    }

    private static void await(CountDownLatch latch) {
        try {
            // Some servers send no head before the first event: such a stream is open, too.
            boolean ignored = latch.await(OWN_STREAM.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Verdict.interrupted();
        }
    }
}
