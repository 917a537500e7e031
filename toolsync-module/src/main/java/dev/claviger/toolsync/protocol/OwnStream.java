package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Hangup;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * The stream on which a legacy server says what it says by itself (C95, C96).
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#listening-for-messages-from-the-server">MCP
 *     2025-11-25, listening for messages from the server</a>
 */
final class OwnStream {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private final Door door;
    private final Supplier<Map<String, Secret>> headers;

    OwnStream(Door door, Supplier<Map<String, Secret>> headers) {
        this.door = door;
        this.headers = headers;
    }

    /**
     * Takes the stream up again where it breaks off, until the time is up.
     *
     * @param opened called as soon as the server answers
     * @return false, at once: there is none
     */
    boolean follow(Budget within, Hangup end, Runnable opened, Consumer<JsonNode> heard) {
        SseReader.Place place = new SseReader.Place();
        boolean wasThere = false;
        do {
            Map<String, Secret> dress = headers.get();
            if (place.lastEventId != null) {
                dress.put("Last-Event-ID", Secret.of(place.lastEventId));
            }
            try {
                boolean isThere = door.send(door.get(dress).until(end), within, (head, body) -> {
                    opened.run();
                    return read(head, body, place, heard);
                });
                if (!isThere) {
                    return wasThere;
                }
            } catch (Unreachable e) {
                // Silence until the time is up looks the same as a broken connection.
            }
            wasThere = true;
        } while (!end.isOver() && Pause.of(atLeast(place.pause()), within));
        return true;
    }

    /** Answers whether it is one. */
    private static boolean read(
            OutboundResponse head, InputStream body, SseReader.Place place, Consumer<JsonNode> heard)
            throws IOException {
        if (!head.isSuccess() || !head.mediaType().equals("text/event-stream")) {
            return false;
        }
        SseReader events = new SseReader(body, place);
        for (SseEvent event = events.next(); event != null; event = events.next()) {
            Replies.messages(event, "GET").forEach(heard);
        }
        return true;
    }

    /** A server that wants no pause at all must not be asked all the time. */
    private static Duration atLeast(Duration pause) {
        return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    }
}
