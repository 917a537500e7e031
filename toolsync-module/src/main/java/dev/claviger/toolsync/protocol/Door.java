package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Makes the HTTP requests of one conversation: the credential and the headers on each, all within one budget. */
final class Door {

    private static final int ERROR_BODY = 16 * 1024;
    private static final Duration GOOD_BYE = Duration.ofSeconds(5);
    private static final Duration OPTION = Duration.ofSeconds(10);

    /** No custom header may pose as the protocol's. */
    private static final Pattern OURS = Pattern.compile(
            "accept|content-type|last-event-id|mcp-(protocol-version|session-id|method|name|param-.*)",
            Pattern.CASE_INSENSITIVE);

    private final OutboundClient client;
    private final McpTarget target;
    private final Budget budget;
    private final AtomicLong lastId = new AtomicLong();
    private final List<Secret> secrets = new CopyOnWriteArrayList<>();

    Door(OutboundClient client, McpTarget target, Budget budget) {
        this.client = client;
        this.target = target;
        this.budget = budget;
        if (target.credential() != null) {
            secrets.add(target.credential().headerValue());
        }
    }

    URI url() {
        return target.url();
    }

    Budget budget() {
        return budget;
    }

    /** Never the same twice in a conversation. */
    long nextId() {
        return lastId.incrementAndGet();
    }

    /** What must not be repeated when a server echoes it. */
    List<Secret> secrets() {
        return secrets;
    }

    void keepSecret(Secret secret) {
        secrets.add(secret);
    }

    OutboundRequest post(URI to, JsonNode message, Map<String, Secret> headers) {
        return dress(OutboundRequest.post(to, "application/json", JsonRpc.write(message)), headers)
                .header("Accept", "application/json, text/event-stream");
    }

    OutboundRequest get(Map<String, Secret> headers) {
        return dress(OutboundRequest.get(target.url()), headers).header("Accept", "text/event-stream");
    }

    OutboundRequest delete(Map<String, Secret> headers) {
        return dress(OutboundRequest.delete(target.url()), headers)
                .header("Accept", "application/json, text/event-stream");
    }

    /** Within the budget of the conversation. */
    <T> T send(OutboundRequest request, OutboundClient.Reader<T> reader) {
        return send(request, budget, reader);
    }

    <T> T send(OutboundRequest request, Budget within, OutboundClient.Reader<T> reader) {
        return client.stream(
                request.timeout(within.time()).maxBytes(within.bytes()),
                (head, body) -> reader.read(head, within.count(body)));
    }

    /** For what only tries something: a server that keeps silent to it must not cost us the conversation. */
    <T> T trySend(OutboundRequest request, OutboundClient.Reader<T> reader) {
        Duration third = budget.time().dividedBy(3);
        Budget part = new Budget(third.compareTo(OPTION) < 0 ? third : OPTION, budget.bytes());
        return send(request, part, (head, body) -> reader.read(head, budget.count(body)));
    }

    /** For what is polite at the end; whether the server minds is its own affair. */
    void wave(OutboundRequest request) {
        try {
            client.stream(request.timeout(GOOD_BYE), (head, body) -> head.status());
        } catch (Unreachable | Untrusted e) {
            // What we leave behind dies with the server or of old age.
        }
    }

    /** The JSON that explains a status which is no success; a missing node where there is none. */
    static JsonNode explanation(String method, OutboundResponse head, InputStream body) throws IOException {
        if (head.mediaType().equals("application/json")) {
            try {
                return JsonRpc.read(body.readNBytes(ERROR_BODY), method);
            } catch (RuntimeException e) {
                // The status says enough.
            }
        }
        return MissingNode.getInstance();
    }

    /** The protocol's headers last, the credential after them. */
    private OutboundRequest dress(OutboundRequest request, Map<String, Secret> headers) {
        OutboundRequest dressed = request;
        for (Map.Entry<String, String> header : target.headers().entrySet()) {
            if (!header.getValue().isBlank() && !OURS.matcher(header.getKey()).matches()) {
                dressed = dressed.header(header.getKey(), header.getValue());
            }
        }
        for (Map.Entry<String, Secret> header : headers.entrySet()) {
            dressed = dressed.header(header.getKey(), header.getValue());
        }
        if (target.credential() != null) {
            dressed = dressed.header(
                    target.credential().headerName(), target.credential().headerValue());
        }
        return dressed;
    }
}
