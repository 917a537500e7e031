package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.TraceQuery.Exchange;
import dev.claviger.credentials.api.TraceQuery.Part;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes every request on and, where it is made for an attempt, tells a sink afterwards what was sent and what came of it,
 * without a secret. Whatever goes wrong with that is nobody's failure.
 */
final class TracingClient implements OutboundClient, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TracingClient.class);
    private static final int LONGEST_URL = 500;
    private static final int LONGEST_FAILURE = 500;

    /** Must return at once. */
    interface Sink {
        void offer(UUID attempt, Exchange exchange);
    }

    private final GuardedHttpClient client;
    private final Sink sink;

    TracingClient(GuardedHttpClient client, Sink sink) {
        this.client = client;
        this.sink = sink;
    }

    @Override
    public OutboundResponse send(OutboundRequest request) {
        return stream(
                request, (head, body) -> new OutboundResponse(head.status(), head.headers(), body.readAllBytes()));
    }

    @Override
    public void check(URI uri) {
        client.check(uri);
    }

    @Override
    @SuppressWarnings("ThrowSpecificExceptions")
    public <T> T stream(OutboundRequest request, Reader<T> reader) {
        UUID attempt = ExchangeScope.current();
        if (attempt == null) {
            return client.stream(request, reader);
        }
        Heard heard = new Heard();
        try {
            T result = client.stream(request, (head, body) -> reader.read(head, heard.listen(head, body)));
            tell(attempt, request, heard, null);
            return result;
        } catch (RuntimeException | Error e) {
            tell(attempt, request, heard, e);
            throw e;
        }
    }

    private void tell(UUID attempt, OutboundRequest request, Heard heard, @Nullable Throwable thrown) {
        try {
            sink.offer(attempt, exchange(request, heard, thrown));
        } catch (RuntimeException | Error e) {
            // Its message may quote what was read.
            log.warn(
                    "A request to {} is missing in the trace: {}",
                    request.uri().getHost(),
                    e.getClass().getName());
        }
    }

    private static Exchange exchange(OutboundRequest request, Heard heard, @Nullable Throwable thrown) {
        Facts facts = new Facts();
        Map<String, String> said = SentFacts.note(request, facts);
        OutboundResponse head = heard.head();
        if (head != null) {
            ReceivedFacts.note(head, heard.beginning(), said, facts);
        }
        String finding = finding(thrown);
        if (finding != null) {
            facts.add(Part.FINDING, "code", finding);
        }
        String failure = thrown instanceof Unreachable || thrown instanceof Untrusted ? thrown.getMessage() : null;
        return new Exchange(
                heard.begun(),
                facts.masks().shown(Purposes.of(request, said), 80),
                request.method(),
                url(request.uri(), facts),
                head == null ? null : head.status(),
                failure == null ? null : facts.masks().shown(failure, LONGEST_FAILURE),
                heard.took().toMillis(),
                heard.bytes(),
                facts.masked(!(thrown instanceof Untrusted)));
    }

    private static @Nullable String finding(@Nullable Throwable thrown) {
        if (thrown instanceof Refused refused) {
            return refused.code().code();
        }
        return thrown instanceof Untrusted untrusted ? untrusted.code().code() : null;
    }

    private static String url(URI uri, Facts facts) {
        String path = uri.getRawPath();
        String bare = ReceivedFacts.bare(uri);
        String host = path == null ? bare : bare.substring(0, bare.length() - path.length());
        return host + (path == null ? "" : facts.masks().shown(path, LONGEST_URL));
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
