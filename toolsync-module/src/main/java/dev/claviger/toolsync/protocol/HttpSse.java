package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Hangup;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * HTTP+SSE: one stream with everything the server says, whose first event names the address to post to. The stream is read
 * on a thread of its own for as long as the conversation lasts.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse">MCP 2024-11-05, HTTP
 *     with SSE</a>
 */
final class HttpSse implements LegacyWire {

    private static final Duration FIRST_EVENT = Duration.ofSeconds(10);

    private final Door door;
    private final ServerRequests theirs;
    private @Nullable Stream stream;
    private @Nullable String version;

    HttpSse(Door door, ServerRequests theirs) {
        this.door = door;
        this.theirs = theirs;
    }

    @Override
    public Wire kind() {
        return Wire.HTTP_SSE;
    }

    @Override
    public void speak(String negotiatedVersion) {
        version = negotiatedVersion;
    }

    @Override
    public boolean inSession() {
        return stream != null;
    }

    @Override
    public JsonNode request(String method, ObjectNode params) {
        Stream open = method.equals("initialize") ? begin() : current();
        long id = door.nextId();
        open.awaited = id;
        open.answer = null;
        post(open, method, JsonRpc.request(id, method, params));
        if (!open.errands.runUntil(
                () -> open.answer != null || open.reading.isDone(),
                door.budget().time())) {
            if (method.equals("tools/call")) {
                ObjectNode cancelled = JsonRpc.notification("notifications/cancelled");
                cancelled.set("params", JsonRpc.object().put("requestId", id).put("reason", "Not answered in time"));
                door.wave(door.post(open.endpoint(), cancelled, headers()));
            }
            throw door.budget().overdue(true);
        }
        // The last event may have come together with the end of the stream.
        if (open.answer == null) {
            open.errands.runWaiting();
        }
        if (open.answer == null) {
            open.reading.result();
            throw new Unreachable("The server closed its stream without an answer to " + method, true, null);
        }
        return open.answer;
    }

    @Override
    public void announce(String method, ObjectNode params) {
        ObjectNode message = JsonRpc.notification(method);
        if (!params.isEmpty()) {
            message.set("params", params);
        }
        post(current(), method, message);
    }

    @Override
    public void forgetSession() {
        endSession();
    }

    @Override
    public void endSession() {
        if (stream != null) {
            stream.reading.close();
        }
        stream = null;
        version = null;
    }

    @Override
    public boolean listen(Duration atMost, Runnable heard) {
        Stream open = current();
        open.heard = heard;
        open.errands.runUntil(open.reading::isDone, atMost);
        open.heard = () -> {};
        return true;
    }

    private Stream begin() {
        endSession();
        Stream begun = new Stream();
        stream = begun;
        boolean inTime = begun.errands.runUntil(
                () -> begun.endpoint != null || begun.reading.isDone(),
                door.budget().timeAtMost(FIRST_EVENT));
        if (begun.endpoint == null) {
            begun.errands.runWaiting();
        }
        if (begun.endpoint == null) {
            endSession();
            if (inTime) {
                begun.reading.result();
            }
            throw new OtherWire(Verdict.protocolError(
                    "The server opens a stream of events that does not say where to post to; check that the URL is its MCP"
                            + " endpoint"));
        }
        return begun;
    }

    private Stream current() {
        if (stream == null || stream.reading.isDone()) {
            throw new SessionLost();
        }
        return stream;
    }

    private void post(Stream to, String method, ObjectNode message) {
        door.send(door.post(to.endpoint(), message, headers()), (head, body) -> {
            if (!head.isSuccess()) {
                throw Verdict.onStatus(method, head, Door.explanation(method, head, body), true, door.secrets());
            }
            return head.status();
        });
    }

    private Map<String, Secret> headers() {
        Map<String, Secret> headers = new LinkedHashMap<>();
        if (version != null) {
            headers.put("MCP-Protocol-Version", Secret.of(version));
        }
        return headers;
    }

    /** One stream and what came out of it; all but the reading happens on the thread that talks. */
    private final class Stream {

        private final Errands errands = new Errands();
        private final Background<Boolean> reading;
        private @Nullable URI endpoint;
        private @Nullable JsonNode answer;
        private long awaited;
        private Runnable heard = () -> {};

        Stream() {
            Hangup hangup = new Hangup();
            reading = new Background<>(
                    hangup, () -> door.send(door.get(Map.of()).until(hangup), this::read), errands::nudge);
        }

        private boolean read(OutboundResponse head, InputStream body) throws IOException {
            if (!head.isSuccess() || !head.mediaType().equals("text/event-stream")) {
                RuntimeException verdict = head.isSuccess()
                        ? Verdict.protocolError("The server opens no stream of events")
                        : Verdict.onStatus(
                                "the stream of events",
                                head,
                                Door.explanation("GET", head, body),
                                false,
                                door.secrets());
                throw verdict instanceof Refused refusal ? new OtherWire(refusal) : verdict;
            }
            SseReader events = new SseReader(body);
            for (SseEvent event = events.next(); event != null; event = events.next()) {
                SseEvent next = event;
                errands.leave(() -> take(next));
            }
            return true;
        }

        private void take(SseEvent event) {
            if (event.type().equals("endpoint") && endpoint == null) {
                endpoint = sameOrigin(event.data());
                return;
            }
            for (JsonNode message : Replies.messages(event, "a request")) {
                if (JsonRpc.isRequest(message)) {
                    ObjectNode ours = theirs.answer(message);
                    try {
                        // What it thinks of our answer says nothing of the call it is running.
                        door.send(door.post(endpoint(), ours, headers()), (head, body) -> head.status());
                    } catch (Unreachable | SessionLost e) {
                        // It asked; whether it hears the answer does not change ours.
                    }
                } else if (JsonRpc.isNotification(message)) {
                    theirs.note(message);
                } else if (answer == null && JsonRpc.answers(message, awaited)) {
                    answer = message;
                }
                heard.run();
            }
        }

        private URI endpoint() {
            if (endpoint == null) {
                throw new SessionLost();
            }
            return endpoint;
        }

        /** Whoever could choose the host could choose who gets our credential (C100). */
        private URI sameOrigin(String text) {
            try {
                URI named = door.url().resolve(text.strip());
                if (origin(named).equals(origin(door.url())) && named.getRawUserInfo() == null) {
                    return named;
                }
            } catch (IllegalArgumentException e) {
                // As bad as another host.
            }
            throw new Untrusted(
                    FailureCode.UNSAFE_ADDRESS,
                    "The server wants its messages posted to an address that is not of its own origin");
        }

        private String origin(URI uri) {
            int port = uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
            return "%s://%s:%d".formatted(uri.getScheme(), uri.getHost(), port).toLowerCase(Locale.ROOT);
        }
    }
}
