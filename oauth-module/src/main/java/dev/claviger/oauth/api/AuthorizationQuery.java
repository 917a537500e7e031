package dev.claviger.oauth.api;

import java.time.Instant;
import java.util.List;
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
     * @param issuer as the metadata has it
     * @param resource sent as {@code resource}; null: not sent
     * @param askedScope space separated; null: none sent
     * @param grantedScope where a response said; null: as asked
     * @param challengedScope what a server wanted beyond it, the latest
     * @param refreshable whether a refresh token came; null: not granted
     * @param expiresAt when the access token in force expires, as far as is known
     * @param audience sent as {@code audience} in place of {@code resource}; null: not sent
     * @param authorizationServers all that the server names, where they are several; otherwise empty
     * @param askedIssuer the issuer that the metadata was asked for, where an exception lets {@code issuer} be another
     * @param mismatch the two issuers that differ, where that was the end and an admin could accept it
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
            @Nullable String clientReason,
            @Nullable String challengedScope,
            @Nullable Boolean refreshable,
            @Nullable Instant expiresAt,
            @Nullable String audience,
            List<String> authorizationServers,
            @Nullable String askedIssuer,
            OAuthSettings.@Nullable IssuerException mismatch) {}
}
