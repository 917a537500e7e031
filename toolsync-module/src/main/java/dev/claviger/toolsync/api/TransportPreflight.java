package dev.claviger.toolsync.api;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.toolsync.protocol.TransportProbe;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Finds out how an MCP server is spoken to, and what it says to somebody without a credential. */
public interface TransportPreflight {

    /**
     * Greets the server, lists its tools if it lets us, and says good-bye; nothing is called and nothing kept. What goes
     * wrong at the server is in the answer; only what is wrong with us is thrown.
     *
     * @param timeLimit for all of it
     */
    Seen look(String serverUrl, Duration timeLimit);

    /** For use with and without an application around it. */
    static TransportPreflight with(OutboundClient client) {
        return new TransportProbe(client);
    }

    /**
     * @param spoken null where the server wants a credential before it says what it speaks, or says nothing that we know
     * @param tools how many it lists without a credential; null: it does not
     * @param dropped how many of the listed were not fit for use
     * @param failure why there is no answer to go by; null also where it only wants a credential
     */
    record Seen(
            @Nullable Spoken spoken,
            Access access,
            @Nullable Integer tools,
            int dropped,
            @Nullable Failure failure) {}

    /**
     * @param revision of MCP, for example {@code 2025-11-25}
     * @param name of the server as it says, untrusted, one short line
     * @param version as it says, untrusted, one short line
     */
    record Spoken(
            Way way,
            String revision,
            @Nullable String name,
            @Nullable String version) {}

    /** How messages travel, and what of them. */
    enum Way {
        /** Streamable HTTP of 2026-07-28 and later, without sessions. */
        MODERN,
        /** Streamable HTTP of 2025-03-26 to 2025-11-25. */
        LEGACY,
        /** HTTP+SSE of 2024-11-05. */
        HTTP_SSE
    }

    /** How far somebody without a credential gets. */
    enum Access {
        /** Tools are listed for everybody. */
        LISTS_FOR_EVERYBODY,
        /** The server greets everybody and wants a credential to list tools. */
        CREDENTIAL_TO_LIST,
        /** HTTP status 401 at once. */
        CREDENTIAL_FIRST,
        /** HTTP status 403: it does not let us in and asks for nothing. */
        FORBIDDEN,
        /** It gave no answer to go by. */
        UNKNOWN
    }
}
