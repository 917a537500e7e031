package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.protocol.Elicitor.Action;
import dev.claviger.toolsync.protocol.Elicitor.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Everything here that reads bytes from outside, one target a class: nothing may leave it but exceptions of ours. */
final class FuzzTargets {

    private FuzzTargets() {}

    public static final class Message {
        public static void fuzzerTestOneInput(byte[] input) {
            try {
                JsonRpc.read(input, "tools/list");
            } catch (Refused | Untrusted e) {
                requireStorable(e.getMessage());
            }
        }
    }

    public static final class EventStream {
        public static void fuzzerTestOneInput(byte[] input) throws IOException {
            SseReader reader = new SseReader(new ByteArrayInputStream(input));
            int events = 0;
            while (reader.next() != null) {
                if (++events > input.length) {
                    throw new IllegalStateException("More events than bytes");
                }
            }
        }
    }

    /** Definitions as a server lists them: what is kept must be storable. */
    public static final class Definitions {
        public static void fuzzerTestOneInput(byte[] input) {
            try {
                JsonNode result = JsonRpc.read(input, "tools/list");
                ToolList tools = new ToolList(50, input.length % 2 == 0, List.of());
                result.path("tools").forEach(tools::add);
                for (Tool tool : tools.listing().tools()) {
                    requireStorable(tool.name());
                    requireStorable(tool.definition().toString());
                }
                tools.listing().dropped().forEach(dropped -> requireStorable(dropped.name() + dropped.reason()));
            } catch (Refused | Untrusted e) {
                requireStorable(e.getMessage());
            }
        }
    }

    /** A conversation in the modern era, all of whose answers are the fuzzer's. */
    public static final class ModernConversation {
        public static void fuzzerTestOneInput(byte[] input) {
            converse(input, new KnownWay(Era.MODERN, Wire.STREAMABLE_HTTP));
        }
    }

    public static final class LegacyConversation {
        public static void fuzzerTestOneInput(byte[] input) {
            converse(input, new KnownWay(Era.LEGACY, Wire.STREAMABLE_HTTP));
        }
    }

    public static final class OldestConversation {
        public static void fuzzerTestOneInput(byte[] input) {
            converse(input, new KnownWay(Era.LEGACY, Wire.HTTP_SSE));
        }
    }

    private static void converse(byte[] input, @Nullable KnownWay known) {
        McpTarget target = new McpTarget(URI.create("https://mcp.example/mcp"), Map.of(), null);
        Limits limits = new Limits(Duration.ofMillis(60), 16 * 1024, 5, 20);
        try (McpConnection connection = new DualEraTransport(new Played(input)).connect(target, limits, known)) {
            connection.open();
            ToolListing listing = connection.listTools();
            for (Tool tool : listing.tools()) {
                requireStorable(tool.definition().toString());
            }
            if (!listing.tools().isEmpty()) {
                connection.callTool(
                        listing.tools().get(0), JsonRpc.object(), asked -> new Answer(Action.DECLINE, null));
            }
        } catch (Refused | Untrusted | Unreachable | Unauthorized | Forbidden e) {
            requireStorable(e.getMessage());
        }
    }

    /** Answers every request with the next part of what the fuzzer wrote; its first letter chooses status and type. */
    private static final class Played implements OutboundClient {
        private final String[] parts;
        private final AtomicInteger next = new AtomicInteger();

        Played(byte[] input) {
            parts = new String(input, StandardCharsets.UTF_8).split("\u0001");
        }

        @Override
        public OutboundResponse send(OutboundRequest request) {
            return stream(
                    request, (head, body) -> new OutboundResponse(head.status(), head.headers(), body.readAllBytes()));
        }

        @Override
        public <T> T stream(OutboundRequest request, Reader<T> reader) {
            int turn = next.getAndIncrement();
            if (turn > 2_000) {
                throw new IllegalStateException("Asks without end");
            }
            String part = parts.length == 0 ? "" : parts[turn % parts.length];
            char kind = part.isEmpty() ? 'j' : part.charAt(0);
            int status = switch (kind) {
                case '1' -> 401;
                case '3' -> 403;
                case '4' -> 400;
                case '5' -> 404;
                case '7' -> 405;
                case '8' -> 202;
                case '9' -> 503;
                default -> 200;
            };
            String type = kind == 's' ? "text/event-stream" : kind == 'h' ? "text/html" : "application/json";
            OutboundResponse head = new OutboundResponse(
                    status, Map.of("content-type", List.of(type), "mcp-session-id", List.of("s1")), new byte[0]);
            byte[] body = part.isEmpty() ? new byte[0] : part.substring(1).getBytes(StandardCharsets.UTF_8);
            try {
                return reader.read(head, new ByteArrayInputStream(body));
            } catch (IOException e) {
                throw new Unreachable("The stream broke off", true, null);
            }
        }

        @Override
        public void check(URI uri) {}
    }

    private static void requireStorable(@Nullable String kept) {
        if (kept != null
                && kept.codePoints().anyMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE)) {
            throw new IllegalStateException("No database keeps this");
        }
    }
}
