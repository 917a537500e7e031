package dev.claviger.connectors.preflight;

import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.net.URI;
import java.time.Duration;

/** The guarded client with one time limit for all requests of a preflight together. */
final class HurriedClient implements OutboundClient {

    private final OutboundClient client;
    private final long deadline;

    HurriedClient(OutboundClient client, Duration limit) {
        this.client = client;
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    @Override
    public OutboundResponse send(OutboundRequest request) {
        return client.send(hurried(request));
    }

    @Override
    public <T> T stream(OutboundRequest request, Reader<T> reader) {
        return client.stream(hurried(request), reader);
    }

    @Override
    public void check(URI uri) {
        client.check(uri);
    }

    private OutboundRequest hurried(OutboundRequest request) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.toMillis() < 1) {
            throw new Unreachable(
                    "The preflight's time is up before " + request.uri().getHost() + " is asked", false, null);
        }
        return left.compareTo(request.timeout()) < 0 ? request.timeout(left) : request;
    }
}
