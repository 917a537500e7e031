package dev.claviger.oauth.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be asked about the end of what we are known by at authorization servers. */
public sealed interface ClientEndQuery {

    /** Answers {@link ClientEnds}. At most 1,000 clients, the first to end first. */
    record FindClientEnds() implements ClientEndQuery {}

    /**
     * A client in force whose secret ends.
     *
     * @param issuer byte for byte
     * @param secretExpiresAt {@code client_secret_expires_at} (RFC 7591 section 3.2.1)
     * @param renewsItself whether the server gave what it takes to ask for a new one (RFC 7592)
     * @param answer what the server said when it was last asked, in words; null: it never was
     */
    record ClientEnd(
            String issuer,
            String clientId,
            Instant secretExpiresAt,
            boolean renewsItself,
            @Nullable String answer) {}

    /**
     * @param signingKeySince when the newest key that we sign with was made; null: there is none yet
     * @param signingKeyChangesAt when another takes its place, by itself; null: there is none yet
     */
    record ClientEnds(
            List<ClientEnd> items,
            @Nullable Instant signingKeySince,
            @Nullable Instant signingKeyChangesAt) {}
}
