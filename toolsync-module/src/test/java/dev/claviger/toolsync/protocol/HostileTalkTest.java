package dev.claviger.toolsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.SentBody;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.demoprovider.HostileInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an MCP server says, each conversation ends soon, with a result or with a failure of ours. */
@Timeout(120)
class HostileTalkTest {

    private static final int MANY = 3_000;
    private static final int CONVERSATIONS = 400;
    private static final Pattern ID = Pattern.compile("\"id\":([0-9]+)");
    private static final URI SERVER = URI.create("https://mcp.example/mcp");

    private static final String TOOLS = """
            {"jsonrpc":"2.0","id":%d,"result":{"resultType":"complete","tools":[{"name":"a","title":"A",\
            "inputSchema":{"type":"object","properties":{"x":{"type":"string","x-mcp-header":"X"}}}}],\
            "ttlMs":1000,"cacheScope":"public","content":[{"type":"text","text":"x"}],"isError":false}}""";
    private static final String GREETING = """
            {"jsonrpc":"2.0","id":%d,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}},\
            "serverInfo":{"name":"s","version":"1"},"supportedVersions":["2026-07-28"],"resultType":"complete"}}""";
    private static final String ERROR = """
            {"jsonrpc":"2.0","id":%d,"error":{"code":-32601,"message":"no","data":{"supported":["2025-11-25"]}}}""";
    private static final String QUESTION = """
            {"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"message":"?","requestedSchema":\
            {"type":"object","properties":{"a":{"type":"string"}}}}}""";

    private static final List<String> MEMBERS = List.of(
            "jsonrpc",
            "id",
            "result",
            "error",
            "code",
            "message",
            "data",
            "method",
            "params",
            "tools",
            "name",
            "title",
            "description",
            "inputSchema",
            "outputSchema",
            "type",
            "properties",
            "x-mcp-header",
            "$ref",
            "nextCursor",
            "protocolVersion",
            "capabilities",
            "serverInfo",
            "resultType",
            "ttlMs",
            "cacheScope",
            "inputRequests",
            "content",
            "isError",
            "structuredContent",
            "supportedVersions",
            "requestState");

    @Test
    void messages() {
        HostileInput.forSeeds(1, MANY, input -> {
            byte[] bytes = switch (input.number(3)) {
                case 0 -> input.json(MEMBERS);
                case 1 -> input.text().getBytes(StandardCharsets.UTF_8);
                default -> input.damaged(TOOLS.formatted(1));
            };
            ours(() -> JsonRpc.read(bytes, "tools/list"));
        });
    }

    @Test
    void definitions() {
        HostileInput.forSeeds(
                1,
                MANY,
                input -> ours(() -> {
                    ToolList list = new ToolList(100, input.perhaps(), List.of(Secret.of("sent-secret")));
                    list.add(JsonRpc.read(
                            input.perhaps()
                                    ? input.json(MEMBERS)
                                    : input.damaged(
                                            "{\"name\":\"a\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"x\":"
                                                    + "{\"type\":\"string\",\"x-mcp-header\":\"X\",\"$ref\":\"#/a\"}}}}"),
                            "tools/list"));
                }));
    }

    @Test
    void eventStreams() {
        HostileInput.forSeeds(1, MANY, input -> {
            byte[] stream = input.damaged(
                    "\uFEFF: comment\r\nid: 1\nevent: message\rdata: a\ndata:b\r\n\r\nretry: 10\ndata\n\n");
            SseReader.Place place = new SseReader.Place();
            SseReader reader = new SseReader(new ByteArrayInputStream(stream), place);
            try {
                int events = 0;
                for (SseEvent event = reader.next(); event != null; event = reader.next()) {
                    events++;
                    assertThat(event.data().length()).isLessThanOrEqualTo(stream.length);
                }
                assertThat(events).isLessThanOrEqualTo(stream.length);
                assertThat(place.pause()).isLessThanOrEqualTo(Duration.ofSeconds(60));
            } catch (IOException e) {
                throw new AssertionError("A stream in memory cannot fail", e);
            }
        });
    }

    /** Whole conversations of every kind, in which nearly every answer is another damage. */
    @Test
    void conversations() {
        AtomicInteger ended = new AtomicInteger();
        HostileInput.forSeeds(1, CONVERSATIONS, input -> {
            Answers answers = new Answers(input);
            ours(() -> {
                try (McpConnection connection = new DualEraTransport(answers)
                        .connect(
                                new McpTarget(SERVER, Map.of("X-A", "b"), null),
                                Limits.within(Duration.ofMillis(400)),
                                null)) {
                    connection.open();
                    if (input.perhaps()) {
                        connection.listTools();
                    } else {
                        connection.callTool(Talk.tool(Talk.TOOL), Talk.object("{}"), Talk.declining());
                    }
                    ended.incrementAndGet();
                }
            });
            assertThat(answers.hosts).containsOnly("mcp.example");
        });
        assertThat(ended).as("a good part comes to its end").hasValueGreaterThan(CONVERSATIONS / 10);
    }

    /** The endpoint event of the oldest transport may not send us, and our credential, elsewhere (C59). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://169.254.169.254/messages",
                "https://10.0.0.1/messages",
                "https://[::1]/messages",
                "https://other.example/messages",
                "//other.example/messages",
                "\\\\other.example\\messages",
                "https://mcp.example:444/messages",
                "http://mcp.example/messages",
                "https://user@mcp.example/messages",
                "https://mcp.example@10.0.0.1/messages",
                "https://mcp.example.evil.example/messages",
                "javascript:alert(1)",
                "file:///etc/passwd"
            })
    void theEndpointOfAnEventStreamStaysWithItsServer(String endpoint) {
        List<URI> posted = new CopyOnWriteArrayList<>();
        OutboundClient client = new OldServer(endpoint, posted);
        Throwable failure = null;
        try (McpConnection connection = new DualEraTransport(client)
                .connect(new McpTarget(SERVER, Map.of(), null), Limits.within(Duration.ofSeconds(2)), null)) {
            connection.open();
        } catch (Refused | Untrusted | Unreachable e) {
            failure = e;
        }
        assertThat(failure).isInstanceOfAny(Untrusted.class, Refused.class);
        assertThat(posted).containsOnly(SERVER);
    }

    private static void ours(Runnable reading) {
        try {
            reading.run();
        } catch (Refused | Untrusted | Unreachable | Unauthorized | Forbidden | SessionLost e) {
            String message = String.valueOf(e.getMessage());
            assertThat(message).hasSizeLessThan(2_000).doesNotContain("\0");
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(message)).isTrue();
        }
    }

    /** Answers each request with something that is nearly right, or not at all. */
    private static final class Answers implements OutboundClient {

        private final HostileInput input;
        private final boolean modern;
        private final List<String> hosts = new CopyOnWriteArrayList<>(List.of("mcp.example"));

        Answers(HostileInput input) {
            this.input = input;
            this.modern = input.perhaps();
        }

        @Override
        public OutboundResponse send(OutboundRequest request) {
            return stream(
                    request, (head, body) -> new OutboundResponse(head.status(), head.headers(), body.readAllBytes()));
        }

        /** One at a time: what a second thread draws would make the rest depend on its pace. */
        @Override
        public <T> T stream(OutboundRequest request, Reader<T> reader) {
            OutboundResponse head;
            byte[] body;
            synchronized (this) {
                hosts.add(request.uri().getHost());
                boolean events = input.number(3) == 0;
                head = new OutboundResponse(status(), headers(events), new byte[0]);
                String asked = SentBody.of(request);
                body = events ? events(asked) : one(asked);
            }
            try {
                return reader.read(head, new ByteArrayInputStream(body));
            } catch (IOException e) {
                throw new Unreachable("It broke off", true, null);
            }
        }

        private int status() {
            return input.number(4) > 0
                    ? 200
                    : input.one(List.of(202, 204, 302, 400, 401, 403, 404, 405, 406, 429, 500, 503));
        }

        private Map<String, List<String>> headers(boolean events) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            headers.put("content-type", List.of(events ? "text/event-stream" : "application/json"));
            if (input.perhaps()) {
                headers.put("mcp-session-id", List.of(input.perhaps() ? "s" : input.text()));
                headers.put("www-authenticate", List.of(input.text()));
                headers.put("retry-after", List.of(input.text()));
            }
            return headers;
        }

        private byte[] events(String asked) {
            List<byte[]> parts = new ArrayList<>();
            for (int i = input.number(3); i >= 0; i--) {
                parts.add("id: 1\ndata: ".getBytes(StandardCharsets.UTF_8));
                parts.add(one(asked));
                parts.add("\n\n".getBytes(StandardCharsets.UTF_8));
            }
            int length = parts.stream().mapToInt(part -> part.length).sum();
            byte[] all = new byte[length];
            int at = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            return all;
        }

        /** Mostly what was asked for, and mostly undamaged: else no conversation would come far. */
        private byte[] one(String asked) {
            Matcher number = ID.matcher(asked);
            long id = number.find() && input.number(30) > 0 ? Long.parseLong(number.group(1)) : input.number(4);
            String valid = input.number(30) == 0
                    ? input.one(List.of(TOOLS, GREETING, ERROR, QUESTION))
                    : asked.contains("tools/") ? TOOLS : asked.contains("initialize") || modern ? GREETING : ERROR;
            String numbered = valid.replace("%d", String.valueOf(id));
            return switch (input.number(12)) {
                case 0 -> input.json(MEMBERS);
                case 1, 2 -> input.damaged(numbered);
                default -> numbered.getBytes(StandardCharsets.UTF_8);
            };
        }

        @Override
        public void check(URI uri) {}
    }

    /** Speaks HTTP+SSE only, and names an endpoint for messages. */
    private record OldServer(String endpoint, List<URI> posted) implements OutboundClient {

        private static final OutboundClient GUARD = OutboundClient.guarded(List.of(), false);

        @Override
        public OutboundResponse send(OutboundRequest request) {
            return stream(
                    request, (head, body) -> new OutboundResponse(head.status(), head.headers(), body.readAllBytes()));
        }

        @Override
        public <T> T stream(OutboundRequest request, Reader<T> reader) {
            GUARD.check(request.uri());
            posted.add(request.uri());
            boolean get = request.method().equals("GET");
            OutboundResponse head = new OutboundResponse(
                    get ? 200 : 405,
                    Map.of("content-type", List.of(get ? "text/event-stream" : "text/plain")),
                    new byte[0]);
            String body = get ? "event: endpoint\ndata: " + endpoint + "\n\n" : "";
            try {
                return reader.read(head, new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new Unreachable("It broke off", true, null);
            }
        }

        @Override
        public void check(URI uri) {
            GUARD.check(uri);
        }
    }
}
