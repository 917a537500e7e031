package dev.claviger.credentials.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Collection;
import java.util.List;

/**
 * The one HTTP client for everything outside: https only, resolve then pin the address, no forbidden ranges, no
 * redirects, no cookies, time and byte limits. Every response is returned whatever its status; judging it is the caller's.
 */
public interface OutboundClient {

    /**
     * Sends the request and reads the whole body.
     *
     * @throws Unreachable when no complete answer came
     * @throws Untrusted when the address is forbidden or the body exceeds its limit
     */
    OutboundResponse send(OutboundRequest request);

    /**
     * Sends the request and lets {@code reader} consume the body as it comes, within the same limits. The connection is
     * closed when it returns; an {@link IOException} from the body becomes {@link Unreachable}.
     */
    <T> T stream(OutboundRequest request, Reader<T> reader);

    /** Checks a URL as {@link #send} would before connecting, without resolving its name: scheme, host, port, user-info. */
    void check(URI uri);

    /**
     * The client as the application has it, for use outside the application: tools and tests.
     *
     * @param allow as {@code claviger.outbound.allow}
     * @param allowHttp as {@code claviger.outbound.allow-http}
     */
    static OutboundClient guarded(Collection<String> allow, boolean allowHttp) {
        return new GuardedHttpClient(new OutboundSettings(List.copyOf(allow), allowHttp));
    }

    /** Consumes a response body. */
    interface Reader<T> {
        /** @param head status and headers; its body is empty */
        T read(OutboundResponse head, InputStream body) throws IOException;
    }
}
