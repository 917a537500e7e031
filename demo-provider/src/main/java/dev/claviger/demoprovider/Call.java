package dev.claviger.demoprovider;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** One request on its way through the provider, with every kind of answer a handler may give. */
final class Call {

    static final JsonMapper JSON = JsonMapper.shared();

    private final HttpExchange exchange;
    private final Recorded request;
    private final URI origin;

    Call(HttpExchange exchange, Recorded request, URI origin) {
        this.exchange = exchange;
        this.request = request;
        this.origin = origin;
    }

    /** Scheme, host and port this request came to. */
    URI origin() {
        return origin;
    }

    String method() {
        return request.method();
    }

    String path() {
        return request.path();
    }

    boolean is(String method, String path) {
        return request.method().equals(method) && request.path().equals(path);
    }

    @Nullable
    String header(String name) {
        return request.header(name);
    }

    Map<String, String> query() {
        return request.queryParameters();
    }

    Map<String, String> form() {
        return request.formParameters();
    }

    String body() {
        return request.body();
    }

    /** The bearer token, or null. */
    @Nullable
    String bearer() {
        String authorization = request.header("Authorization");
        return authorization != null && authorization.startsWith("Bearer ") ? authorization.substring(7) : null;
    }

    /** The body as a JSON object, or null when it is something else. */
    @Nullable
    Map<String, Object> jsonBody() {
        try {
            return JSON.readValue(request.body(), new TypeReference<Map<String, Object>>() {});
        } catch (RuntimeException notAnObject) {
            return null;
        }
    }

    Call with(String header, String value) {
        exchange.getResponseHeaders().set(header, value);
        return this;
    }

    void json(int status, Object body) throws IOException {
        answer(status, "application/json", JSON.writeValueAsString(body));
    }

    void html(int status, String body) throws IOException {
        answer(status, "text/html; charset=utf-8", body);
    }

    void answer(int status, String type, String body) throws IOException {
        with("Content-Type", type);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    void empty(int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    void redirect(int status, String location) throws IOException {
        with("Location", location).empty(status);
    }

    /** Starts an answer of unknown length; the caller closes the stream. */
    OutputStream stream(int status, String type) throws IOException {
        with("Content-Type", type);
        exchange.sendResponseHeaders(status, 0);
        return exchange.getResponseBody();
    }

    /** Writes the piece again and again until the client goes. */
    void forEver(int status, String type, String start, String piece, Duration pause) throws IOException {
        try (OutputStream out = stream(status, type)) {
            out.write(start.getBytes(StandardCharsets.UTF_8));
            while (!Thread.currentThread().isInterrupted()) {
                out.write(piece.getBytes(StandardCharsets.UTF_8));
                out.flush();
                pause(pause);
            }
        }
    }

    /** Writes the body byte by byte, ten a second. */
    void drip(int status, String type, String body) throws IOException {
        try (OutputStream out = stream(status, type)) {
            for (byte one : body.getBytes(StandardCharsets.UTF_8)) {
                out.write(one);
                out.flush();
                pause(Duration.ofMillis(100));
            }
        }
    }

    /** Closes the connection without an answer. */
    void hangUp() {
        exchange.close();
    }

    static void pause(Duration pause) {
        if (pause.isZero()) {
            return;
        }
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    static void await(@Nullable CountDownLatch gate) {
        if (gate == null) {
            return;
        }
        try {
            gate.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
