package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Listens for changes of the tool list. The server must say first what it will tell; a stream that breaks off is opened again,
 * one that ends in order is over (C86).
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions">MCP 2026-07-28,
 *     subscriptions</a>
 */
final class Subscription {

    private static final String METHOD = "subscriptions/listen";
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How a stream ended. */
    private enum End {
        NOT_OFFERED,
        IN_ORDER,
        BROKEN_OFF
    }

    private final Door door;
    private final ModernHttp http;
    private final String version;

    Subscription(Door door, ModernHttp http, String version) {
        this.door = door;
        this.http = http;
        this.version = version;
    }

    boolean listen(Duration atMost, Runnable toolsChanged) {
        Budget listening = new Budget(atMost, door.budget().bytes());
        ObjectNode params = JsonRpc.object();
        params.set("notifications", JsonRpc.object().put("toolsListChanged", true));
        while (true) {
            long id = door.nextId();
            OutboundRequest request =
                    http.request(id, version, new ModernHttp.Asked(METHOD, params, JsonRpc.object(), Map.of()));
            try {
                End end = door.send(request, listening, (head, body) -> read(id, head, body, toolsChanged));
                if (end != End.BROKEN_OFF) {
                    return end == End.IN_ORDER;
                }
            } catch (Unreachable e) {
                // Silence until the time is up looks the same as a broken connection.
            }
            if (!Pause.of(PAUSE, listening)) {
                return true;
            }
        }
    }

    private End read(long id, OutboundResponse head, InputStream body, Runnable toolsChanged) throws IOException {
        if (!head.isSuccess()) {
            JsonNode message = Door.explanation(METHOD, head, body);
            if (head.status() == 404 || JsonRpc.errorCode(message) == JsonRpc.METHOD_NOT_FOUND) {
                return End.NOT_OFFERED;
            }
            throw Verdict.onStatus(METHOD, head, message, false, door.secrets());
        }
        if (!head.mediaType().equals("text/event-stream")) {
            return End.NOT_OFFERED;
        }
        SseReader events = new SseReader(body);
        boolean acknowledged = false;
        for (SseEvent event = events.next(); event != null; event = events.next()) {
            for (JsonNode message : Replies.messages(event, METHOD)) {
                if (JsonRpc.answers(message, id)) {
                    return acknowledged && !message.hasNonNull("error") ? End.IN_ORDER : End.NOT_OFFERED;
                }
                JsonNode params = message.path("params");
                String method = message.path("method").stringValue("");
                if (!JsonRpc.is(ModernHttp.meta(params, "subscriptionId"), id)) {
                    continue;
                }
                if (method.equals("notifications/subscriptions/acknowledged")) {
                    if (!params.path("notifications").path("toolsListChanged").booleanValue(false)) {
                        return End.NOT_OFFERED;
                    }
                    acknowledged = true;
                } else if (acknowledged && method.equals("notifications/tools/list_changed")) {
                    toolsChanged.run();
                }
            }
        }
        return End.BROKEN_OFF;
    }
}
