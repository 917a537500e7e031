package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Hangup;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Waits for the answer to one request: in the body of its POST, or in streams that go on where that one ended too early
 * (C96).
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery">MCP
 *     2025-11-25, resumability</a>
 */
final class StreamedAnswer {

    private static final int RESUMPTIONS = 200;
    private static final Duration SHORTEST_RETRY = Duration.ofMillis(50);

    private final Door door;
    private final long id;
    private final String method;
    private final Hangup end;
    private final Consumer<JsonNode> beside;
    private final SseReader.Place place = new SseReader.Place();

    /**
     * @param end ends the waiting
     * @param beside gets every other message that comes on the way
     */
    StreamedAnswer(Door door, long id, String method, Hangup end, Consumer<JsonNode> beside) {
        this.door = door;
        this.id = id;
        this.method = method;
        this.end = end;
        this.beside = beside;
    }

    Hangup end() {
        return end;
    }

    /** Empty: a stream that ended without the answer. */
    Optional<JsonNode> in(OutboundResponse head, InputStream body) throws IOException {
        if (head.mediaType().equals("text/event-stream")) {
            return inEvents(body);
        }
        JsonNode payload = Replies.json(method, head, body, door.secrets());
        JsonNode answer = null;
        for (JsonNode message : JsonRpc.messages(payload)) {
            if (answer == null && JsonRpc.answers(message, id)) {
                answer = message;
            } else {
                beside.accept(message);
            }
        }
        if (answer == null) {
            throw Replies.noAnswer(method, payload, door.secrets());
        }
        return Optional.of(answer);
    }

    boolean mayResume() {
        return place.lastEventId != null && door.budget().hasTime();
    }

    /** Asks for the rest until the answer comes, with the pauses that the server wishes. */
    JsonNode resume(Supplier<Map<String, Secret>> headers) {
        for (int attempt = 0; attempt < RESUMPTIONS && place.lastEventId != null; attempt++) {
            pause(attempt);
            Optional<JsonNode> answer = goOn(headers.get(), place.lastEventId);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new Unreachable("The server closed its stream without an answer to " + method, true, null);
    }

    private void pause(int attempt) {
        Duration asked = place.pause();
        if (attempt > 0 && asked.compareTo(SHORTEST_RETRY) < 0) {
            // A server that wants no pause at all gets none once, not again and again.
            asked = SHORTEST_RETRY;
        }
        if (!Pause.of(asked, door.budget())) {
            throw door.budget().overdue(true);
        }
    }

    private Optional<JsonNode> goOn(Map<String, Secret> headers, String lastEventId) {
        headers.put("Last-Event-ID", Secret.of(lastEventId));
        try {
            return door.send(door.get(headers).until(end), (head, body) -> {
                if (head.isSuccess() && head.mediaType().equals("text/event-stream")) {
                    return inEvents(body);
                }
                if (head.status() < 500 && head.status() != 429) {
                    // It knows no resumption, or not of this stream.
                    place.lastEventId = null;
                }
                return Optional.empty();
            });
        } catch (Unreachable e) {
            if (!mayResume() || end.isOver()) {
                throw e.answerMayBeLost() ? e : door.budget().overdue(true);
            }
            return Optional.empty();
        }
    }

    private Optional<JsonNode> inEvents(InputStream body) throws IOException {
        SseReader events = new SseReader(body, place);
        for (SseEvent event = events.next(); event != null; event = events.next()) {
            JsonNode answer = null;
            for (JsonNode message : Replies.messages(event, method)) {
                if (answer == null && JsonRpc.answers(message, id)) {
                    answer = message;
                } else {
                    beside.accept(message);
                }
            }
            if (answer != null) {
                return Optional.of(answer);
            }
        }
        return Optional.empty();
    }
}
