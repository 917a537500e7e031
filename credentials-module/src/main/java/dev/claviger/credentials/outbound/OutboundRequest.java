package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to a provider. Immutable; prints method and host only. The body may hold secrets and is never printed.
 */
public final class OutboundRequest {

    /** 1 MiB: metadata, registration and token responses are far smaller. */
    public static final int DEFAULT_MAX_BYTES = 1024 * 1024;

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

    private final String method;
    private final URI uri;
    private final Map<String, Secret> headers;
    private final byte @Nullable [] body;
    private final Duration timeout;
    private final int maxBytes;
    private final @Nullable String purpose;
    private final @Nullable Hangup hangup;

    private OutboundRequest(
            String method,
            URI uri,
            Map<String, Secret> headers,
            byte @Nullable [] body,
            Duration timeout,
            int maxBytes,
            @Nullable String purpose,
            @Nullable Hangup hangup) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
        this.timeout = timeout;
        this.maxBytes = maxBytes;
        this.purpose = purpose;
        this.hangup = hangup;
    }

    public static OutboundRequest get(URI uri) {
        return new OutboundRequest("GET", uri, Map.of(), null, DEFAULT_TIMEOUT, DEFAULT_MAX_BYTES, null, null);
    }

    public static OutboundRequest delete(URI uri) {
        return new OutboundRequest("DELETE", uri, Map.of(), null, DEFAULT_TIMEOUT, DEFAULT_MAX_BYTES, null, null);
    }

    public static OutboundRequest post(URI uri, String contentType, String body) {
        return withBody("POST", uri, contentType, body);
    }

    public static OutboundRequest put(URI uri, String contentType, String body) {
        return withBody("PUT", uri, contentType, body);
    }

    private static OutboundRequest withBody(String method, URI uri, String contentType, String body) {
        return new OutboundRequest(
                        method,
                        uri,
                        Map.of(),
                        body.getBytes(StandardCharsets.UTF_8),
                        DEFAULT_TIMEOUT,
                        DEFAULT_MAX_BYTES,
                        null,
                        null)
                .header("Content-Type", contentType);
    }

    /** Adds or replaces a header. */
    public OutboundRequest header(String name, String value) {
        return header(name, Secret.of(value));
    }

    /** Adds or replaces a header whose value is a secret. */
    public OutboundRequest header(String name, Secret value) {
        Map<String, Secret> more = new LinkedHashMap<>(headers);
        more.keySet().removeIf(name::equalsIgnoreCase);
        more.put(name, value);
        return new OutboundRequest(method, uri, more, body, timeout, maxBytes, purpose, hangup);
    }

    /** Limits the whole exchange, from name resolution to the last byte read. */
    public OutboundRequest timeout(Duration limit) {
        return new OutboundRequest(method, uri, headers, body, limit, maxBytes, purpose, hangup);
    }

    /** Limits the bytes read of the (decoded) response body. */
    public OutboundRequest maxBytes(int limit) {
        return new OutboundRequest(method, uri, headers, body, timeout, limit, purpose, hangup);
    }

    /**
     * What it is for, in words that a trace shows, for example {@code Client registration update}; where nobody says, it is
     * told from the request.
     */
    public OutboundRequest purpose(String words) {
        return new OutboundRequest(method, uri, headers, body, timeout, maxBytes, words, hangup);
    }

    /** Lets another thread end the exchange. */
    public OutboundRequest until(Hangup end) {
        return new OutboundRequest(method, uri, headers, body, timeout, maxBytes, purpose, end);
    }

    public String method() {
        return method;
    }

    public URI uri() {
        return uri;
    }

    Map<String, Secret> headers() {
        return headers;
    }

    byte @Nullable [] body() {
        return body;
    }

    public Duration timeout() {
        return timeout;
    }

    @Nullable
    Hangup hangup() {
        return hangup;
    }

    public int maxBytes() {
        return maxBytes;
    }

    @Nullable
    String purpose() {
        return purpose;
    }

    @Override
    public String toString() {
        return method + " " + uri.getHost();
    }
}
