package dev.claviger.oauth.api;

import dev.claviger.credentials.api.SecretRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an admin entered by hand; every part may be absent. With both endpoints present discovery is skipped; with a
 * client id present registration is skipped.
 *
 * @param authorizationEndpoint RFC 6749 section 3.1
 * @param tokenEndpoint RFC 6749 section 3.2
 * @param clientSecret sealed under {@code CLIENT_SECRET}; null: a public client, or one with a private key
 * @param scope space separated, RFC 6749 section 3.3; null: chosen by the MCP rules
 * @param clientIssuer the authorization server the entered client belongs to, byte for byte; it is shown to no other. Null:
 *     the one that discovery finds, which for a client with a secret or a key an admin approves first
 * @param grant how tokens are obtained; absent in old events: {@link Grant#AUTHORIZATION_CODE}
 * @param privateKey PKCS #8 in PEM, sealed under {@code PRIVATE_KEY}, of a client that authenticates with {@code
 *     private_key_jwt}
 * @param signingAlgorithm JWS algorithm of {@code privateKey}, for example {@code ES256}
 * @param resource what is sent as {@code resource} (RFC 8707); absent in old events: {@link ResourceChoice#AS_PUBLISHED}
 * @param issuerException the one mismatch of issuers that an admin accepted for this connector; null: none
 * @param identityProvider for {@link Grant#ENTERPRISE_MANAGED}
 * @param clientSecretExpiresAt when {@code clientSecret} ends, as whoever entered it said; null: nobody said
 * @param refreshTokenIdleDays after how many days without use a refresh token dies, as whoever entered it knows; counts for
 *     the credentials that are connected now, not only for this grant. Null: nobody said
 */
public record OAuthSettings(
        @Nullable String authorizationEndpoint,
        @Nullable String tokenEndpoint,
        @Nullable String clientId,
        @Nullable SecretRef clientSecret,
        @Nullable String scope,
        @Nullable String clientIssuer,
        Grant grant,
        @Nullable SecretRef privateKey,
        @Nullable String signingAlgorithm,
        ResourceChoice resource,
        @Nullable IssuerException issuerException,
        @Nullable IdentityProvider identityProvider,
        @Nullable Instant clientSecretExpiresAt,
        @Nullable Integer refreshTokenIdleDays) {

    /** Everything automatic. */
    public static final OAuthSettings AUTOMATIC = new OAuthSettings(null, null, null, null, null);

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Stored before these fields were.
    public OAuthSettings {
        grant = grant == null ? Grant.AUTHORIZATION_CODE : grant;
        resource = resource == null ? ResourceChoice.AS_PUBLISHED : resource;
    }

    public OAuthSettings(
            @Nullable String authorizationEndpoint,
            @Nullable String tokenEndpoint,
            @Nullable String clientId,
            @Nullable SecretRef clientSecret,
            @Nullable String scope) {
        this(
                authorizationEndpoint,
                tokenEndpoint,
                clientId,
                clientSecret,
                scope,
                null,
                Grant.AUTHORIZATION_CODE,
                null,
                null,
                ResourceChoice.AS_PUBLISHED,
                null,
                null);
    }

    /** A client of whose secret nobody said when it ends, and whose refresh tokens live unused as long as nobody knows. */
    public OAuthSettings(
            @Nullable String authorizationEndpoint,
            @Nullable String tokenEndpoint,
            @Nullable String clientId,
            @Nullable SecretRef clientSecret,
            @Nullable String scope,
            @Nullable String clientIssuer,
            Grant grant,
            @Nullable SecretRef privateKey,
            @Nullable String signingAlgorithm,
            ResourceChoice resource,
            @Nullable IssuerException issuerException,
            @Nullable IdentityProvider identityProvider) {
        this(
                authorizationEndpoint,
                tokenEndpoint,
                clientId,
                clientSecret,
                scope,
                clientIssuer,
                grant,
                privateKey,
                signingAlgorithm,
                resource,
                issuerException,
                identityProvider,
                null,
                null);
    }

    /** The same with this exception and no other. */
    public OAuthSettings accepting(IssuerException exception) {
        return new OAuthSettings(
                authorizationEndpoint,
                tokenEndpoint,
                clientId,
                clientSecret,
                scope,
                clientIssuer,
                grant,
                privateKey,
                signingAlgorithm,
                resource,
                exception,
                identityProvider,
                clientSecretExpiresAt,
                refreshTokenIdleDays);
    }

    public boolean skipsDiscovery() {
        return authorizationEndpoint != null && tokenEndpoint != null;
    }

    /** How tokens are obtained. */
    public enum Grant {
        /** A person consents (RFC 6749 section 4.1). */
        AUTHORIZATION_CODE,
        /** The client itself, without a person (RFC 6749 section 4.4). */
        CLIENT_CREDENTIALS,
        /** An assertion of the organisation's identity provider (ID-JAG: RFC 8693, then RFC 7523). */
        ENTERPRISE_MANAGED
    }

    /**
     * @param way what to send
     * @param value for {@link Way#OVERRIDE} and {@link Way#AUDIENCE}, verbatim; otherwise null
     */
    public record ResourceChoice(Way way, @Nullable String value) {
        public static final ResourceChoice AS_PUBLISHED = new ResourceChoice(Way.AS_PUBLISHED, null);

        public enum Way {
            /** {@code resource}, as the protected resource metadata has it. */
            AS_PUBLISHED,
            /** {@code resource} with another value. */
            OVERRIDE,
            /** Nothing: some authorization servers refuse the parameter. */
            OMIT,
            /** {@code audience} instead, for authorization servers that know only that. */
            AUDIENCE
        }
    }

    /**
     * Exactly this pair of issuers is accepted for the connector and no other.
     *
     * @param expected the issuer that the metadata was asked for, byte for byte
     * @param published the issuer that the metadata names, byte for byte
     */
    public record IssuerException(String expected, String published) {}

    /**
     * The organisation's identity provider, which gives assertions without a consent of a person.
     *
     * @param clientSecret sealed under {@code CLIENT_SECRET}; null: a public client there
     * @param subjectToken sealed under {@code SUBJECT_TOKEN}: what is exchanged
     * @param subjectTokenType {@code urn:ietf:params:oauth:token-type:id_token} or {@code …:refresh_token}
     * @param clientSecretExpiresAt when {@code clientSecret} ends, as whoever entered it said; null: nobody said
     */
    public record IdentityProvider(
            String issuer,
            String tokenEndpoint,
            String clientId,
            @Nullable SecretRef clientSecret,
            SecretRef subjectToken,
            String subjectTokenType,
            @Nullable Instant clientSecretExpiresAt) {

        /** One of whose client secret nobody said when it ends. */
        public IdentityProvider(
                String issuer,
                String tokenEndpoint,
                String clientId,
                @Nullable SecretRef clientSecret,
                SecretRef subjectToken,
                String subjectTokenType) {
            this(issuer, tokenEndpoint, clientId, clientSecret, subjectToken, subjectTokenType, null);
        }
    }
}
