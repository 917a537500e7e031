package dev.claviger.oauth.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What may be asked about authorizations. */
public sealed interface AuthorizationQuery {

    /** Answers an {@link AuthorizationFacts} or nothing. */
    record FindAuthorization(AuthorizationId authorizationId) implements AuthorizationQuery {}

    /**
     * Answers a {@link ConsentLink}, or nothing when no consent is waited for. Only for the person who began: the URL
     * carries the {@code state}.
     *
     * @param boundTo as in {@link AuthorizationCommand.StartAuthorization}
     */
    record FindConsent(AuthorizationId authorizationId, String boundTo) implements AuthorizationQuery {}

    /**
     * @param url the authorization request (RFC 6749 section 4.1.1); not for logs
     * @param host the host it leads to
     */
    record ConsentLink(AuthorizationId authorizationId, String url, String host, Instant expiresAt) {
        @Override
        public String toString() {
            return "ConsentLink[" + authorizationId + " at " + host + "]";
        }
    }

    /**
     * An authorization without its secrets; parts not known yet are null.
     *
     * @param clientReason why the client was obtained in this way and in no other
     */
    record AuthorizationFacts(
            AuthorizationId authorizationId,
            String serverUrl,
            @Nullable DiscoverySource source,
            @Nullable String issuer,
            @Nullable String resource,
            @Nullable String authorizationEndpoint,
            @Nullable String tokenEndpoint,
            @Nullable ClientOrigin clientOrigin,
            @Nullable String clientId,
            @Nullable String askedScope,
            @Nullable String grantedScope,
            @Nullable String clientReason) {}
}
