package dev.claviger.toolsync.protocol;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An MCP server that answers each JSON-RPC method with exactly the bytes a test asks for. */
final class OddServer implements AutoCloseable {

    /** Writes one answer; {@code id} is the request's, as JSON. */
    interface Answer {
        void write(HttpExchange exchange, String id) throws IOException;
    }

    /** @param at on the clock of {@link System#nanoTime()} */
    record Received(String method, String uri, Map<String, List<String>> headers, JsonNode message, long at) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }

    private static final JsonMapper JSON = new JsonMapper();

    final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    OddServer() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        on("initialize", initialized("2025-11-25"));
        on("notifications/initialized", status(202));
        on("response", status(202));
        on("DELETE", status(405));
        on("GET", status(405));
        on("notifications/cancelled", status(202));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
    }

    /** @param method of JSON-RPC, {@code response} for what is no request of the client, {@code GET} or {@code DELETE} */
    OddServer on(String method, Answer answer) {
        answers.put(method, answer);
        return this;
    }

    /** What the method is answered at present. */
    Answer answer(String method) {
        return answers.getOrDefault(method, status(404));
    }

    List<Received> received(String method) {
        return received.stream().filter(each -> each.method().equals(method)).toList();
    }

    static Answer initialized(String version) {
        return result("""
                {"protocolVersion":"%s","capabilities":{"tools":{}},"serverInfo":{"name":"odd","version":"1"}}""".formatted(version));
    }

    static Answer result(String result) {
        return json("{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" + result + "}");
    }

    static Answer error(int code, String message) {
        return json("{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":" + code + ",\"message\":"
                + JSON.writeValueAsString(message) + "}}");
    }

    /** {@code ID} stands for the request's id. */
    static Answer json(String body) {
        return body(200, "application/json", body);
    }

    static Answer events(String stream) {
        return body(200, "text/event-stream", stream);
    }

    static Answer status(int status, String... headers) {
        return (exchange, id) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    static Answer body(int status, String type, String body) {
        return (exchange, id) -> {
            byte[] bytes = body.replace("ID", id).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** As {@code answer}, in a session. */
    static Answer session(String sessionId, Answer answer) {
        return (exchange, id) -> {
            exchange.getResponseHeaders().add("Mcp-Session-Id", sessionId);
            answer.write(exchange, id);
        };
    }

    /** The first calls get the first answers, all others the last. */
    static Answer inTurn(Answer... answers) {
        AtomicInteger calls = new AtomicInteger();
        return (exchange, id) -> answers[Math.min(calls.getAndIncrement(), answers.length - 1)].write(exchange, id);
    }

    /** Opens a stream and leaves it to {@code writer}. */
    static Answer stream(StreamWriter writer) {
        return (exchange, id) -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            writer.write(new Events(exchange.getResponseBody()), id);
        };
    }

    interface StreamWriter {
        void write(Events events, String id) throws IOException;
    }

    record Events(OutputStream out) {

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        void data(String json) throws IOException {
            send("data: " + json + "\n\n");
        }
    }

    /** A modern server: it discovers itself. */
    OddServer modern() {
        return on("initialize", error(-32601, "Method not found")).on("server/discover", result("""
                        {"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}},\
                        "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"odd","version":"2"}},"ttlMs":0,"cacheScope":"private"}"""));
    }

    /** Repeats {@code chunk} until the client goes away. */
    static Answer forEver(String type, String chunk, long pauseMillis) {
        return (exchange, id) -> {
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            while (true) {
                out.write(chunk.getBytes(StandardCharsets.UTF_8));
                out.flush();
                pause(pauseMillis);
            }
        };
    }

    static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readAllBytes();
            JsonNode message = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
            String method = exchange.getRequestMethod().equals("POST")
                    ? message.path("method").stringValue("response")
                    : exchange.getRequestMethod();
            received.add(new Received(
                    method,
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    message,
                    System.nanoTime()));
            answers.getOrDefault(method, status(404))
                    .write(exchange, message.path("id").toString());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
