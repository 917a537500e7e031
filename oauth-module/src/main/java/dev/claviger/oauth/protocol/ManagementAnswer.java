package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an authorization server said about our client there (RFC 7592). */
public sealed interface ManagementAnswer {

    /**
     * How the client stands.
     *
     * @param clientSecret null: none, or the one we have
     * @param keepsSecret whether a client without {@code clientSecret} has the one we have
     * @param clientSecretExpiresAt null: never
     * @param registrationAccessToken null: the one we have
     * @param registrationClientUri null: the one we have
     * @param metadata null: more than is kept
     */
    record Stands(
            @Nullable Secret clientSecret,
            boolean keepsSecret,
            @Nullable Instant clientSecretExpiresAt,
            String tokenEndpointAuthMethod,
            @Nullable Secret registrationAccessToken,
            @Nullable String registrationClientUri,
            @Nullable String metadata)
            implements ManagementAnswer {}

    /**
     * Nothing that can be used, so nothing changes.
     *
     * @param words why, the end of a sentence
     */
    record Nothing(String words) implements ManagementAnswer {}
}
