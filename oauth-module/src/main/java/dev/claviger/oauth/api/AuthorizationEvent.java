package dev.claviger.oauth.api;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.SecretRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of an authorization, in the order in which they happen. */
public sealed interface AuthorizationEvent {

    AuthorizationId authorizationId();

    record AuthorizationStarted(
            AuthorizationId authorizationId,
            String serverUrl,
            OAuthSettings settings,
            String boundTo,
            String returnTo,
            @Nullable AuthorizationId previous,
            @Nullable String challengedScope)
            implements AuthorizationEvent {}

    /**
     * The server names another issuer than the authorization before; nothing is sent there until an admin approves.
     *
     * @param former byte for byte
     * @param issuer byte for byte
     */
    record IssuerChangeFound(AuthorizationId authorizationId, String former, String issuer)
            implements AuthorizationEvent {}

    /**
     * A client was entered with a secret but without the issuer that it belongs to; nothing of it is sent to the one that
     * the server names until an admin approves.
     *
     * @param issuer byte for byte
     */
    record EnteredClientHeld(AuthorizationId authorizationId, String issuer) implements AuthorizationEvent {}

    /** @param former the one before; null: the entered client is shown to an issuer for the first time */
    record IssuerApproved(
            AuthorizationId authorizationId, @Nullable String former, String issuer) implements AuthorizationEvent {}

    /**
     * A server refused an operation for want of scope (RFC 6750 section 3.1).
     *
     * @param operation for example {@code tools/call create_issue}
     * @param scope what it wants, space separated
     */
    record ScopeChallenged(AuthorizationId authorizationId, String operation, String scope)
            implements AuthorizationEvent {}

    /**
     * The authorization server is known.
     *
     * @param source how it was found
     * @param resource value of the {@code resource} parameter, byte for byte as published (RFC 8707); null: send none
     * @param authorizationEndpoint null only for a grant without a person, who alone is sent there
     * @param issuer as its metadata has it, byte for byte (RFC 8414 section 2), which is what {@code iss} is held against
     *     (RFC 9207); with manual settings the origin of the token endpoint
     * @param challengedScope {@code scope} of the 401 challenge
     * @param resourceScopes {@code scopes_supported} of the protected resource metadata
     * @param scopesSupported {@code scopes_supported} of the authorization server metadata
     * @param issParameterSupported RFC 9207 section 3
     * @param clientIdMetadataDocumentSupported whether a client may be known by the URL of its metadata document
     *     (draft-ietf-oauth-client-id-metadata-document); null: stored before this was looked at
     * @param pushedAuthorizationRequestEndpoint RFC 9126 section 5
     * @param requirePushedAuthorizationRequests whether it takes no other; absent: it does
     * @param askedIssuer the issuer that the metadata was asked for, where an admin accepted that {@code issuer} is
     *     another; null: the same
     * @param authorizationServers the issuers that the server names, where they are several; null: one or none
     * @param grantProfiles {@code authorization_grant_profiles_supported}, for assertions of an identity provider; null: it
     *     does not say
     * @param userinfoEndpoint OpenID Connect Core section 5.3; null: it names none
     */
    record MetadataDiscovered(
            AuthorizationId authorizationId,
            DiscoverySource source,
            @Nullable String resource,
            String issuer,
            @Nullable String authorizationEndpoint,
            String tokenEndpoint,
            @Nullable String registrationEndpoint,
            @Nullable String revocationEndpoint,
            @Nullable String challengedScope,
            List<String> resourceScopes,
            List<String> scopesSupported,
            List<String> tokenEndpointAuthMethods,
            boolean issParameterSupported,
            @Nullable Boolean clientIdMetadataDocumentSupported,
            @Nullable String pushedAuthorizationRequestEndpoint,
            @Nullable Boolean requirePushedAuthorizationRequests,
            @Nullable String askedIssuer,
            @Nullable List<String> authorizationServers,
            @Nullable List<String> grantProfiles,
            @Nullable String userinfoEndpoint)
            implements AuthorizationEvent {

        public MetadataDiscovered(
                AuthorizationId authorizationId,
                DiscoverySource source,
                @Nullable String resource,
                String issuer,
                @Nullable String authorizationEndpoint,
                String tokenEndpoint,
                @Nullable String registrationEndpoint,
                @Nullable String revocationEndpoint,
                @Nullable String challengedScope,
                List<String> resourceScopes,
                List<String> scopesSupported,
                List<String> tokenEndpointAuthMethods,
                boolean issParameterSupported,
                @Nullable Boolean clientIdMetadataDocumentSupported) {
            this(
                    authorizationId,
                    source,
                    resource,
                    issuer,
                    authorizationEndpoint,
                    tokenEndpoint,
                    registrationEndpoint,
                    revocationEndpoint,
                    challengedScope,
                    resourceScopes,
                    scopesSupported,
                    tokenEndpointAuthMethods,
                    issParameterSupported,
                    clientIdMetadataDocumentSupported,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        /**
         * The issuer that clients and tokens are bound to: the one the server names and the metadata was fetched for. What
         * the metadata calls itself would not do, because by an exception it may call itself like another.
         */
        public String boundIssuer() {
            return askedIssuer == null ? issuer : askedIssuer;
        }
    }

    /**
     * There is a client to ask with.
     *
     * @param registration the registration it belongs to; null for a client that is pre-registered or described by our
     *     metadata document
     * @param tokenEndpointAuthMethod RFC 7591 section 2: {@code none}, {@code client_secret_basic}, {@code
     *     client_secret_post}, {@code private_key_jwt}
     * @param reason why in this way and in no other, a sentence; null: stored before reasons were
     */
    record ClientObtained(
            AuthorizationId authorizationId,
            ClientOrigin origin,
            @Nullable ClientRegistrationId registration,
            String clientId,
            @Nullable SecretRef clientSecret,
            String tokenEndpointAuthMethod,
            @Nullable String reason)
            implements AuthorizationEvent {}

    /**
     * The authorization request is ready to be sent through the browser; verifier and expected issuer are recorded before
     * it is.
     *
     * @param stateHash SHA-256 of the {@code state}, lower-case hex
     * @param state sealed under {@code STATE}
     * @param codeVerifier sealed under {@code CODE_VERIFIER}
     * @param authorizationHost host the admin is being sent to
     * @param scope asked for; null: none sent
     * @param expiresAt after which a response is refused
     * @param requestUri the name of the pushed request (RFC 9126), sealed under {@code STATE}; null: it was not pushed
     * @param requestUriExpiresAt after which a browser cannot be sent there any more
     */
    record ConsentRequested(
            AuthorizationId authorizationId,
            String stateHash,
            SecretRef state,
            SecretRef codeVerifier,
            String issuer,
            String redirectUri,
            String authorizationHost,
            @Nullable String scope,
            Instant expiresAt,
            @Nullable SecretRef requestUri,
            @Nullable Instant requestUriExpiresAt)
            implements AuthorizationEvent {

        public ConsentRequested(
                AuthorizationId authorizationId,
                String stateHash,
                SecretRef state,
                SecretRef codeVerifier,
                String issuer,
                String redirectUri,
                String authorizationHost,
                @Nullable String scope,
                Instant expiresAt) {
            this(
                    authorizationId,
                    stateHash,
                    state,
                    codeVerifier,
                    issuer,
                    redirectUri,
                    authorizationHost,
                    scope,
                    expiresAt,
                    null,
                    null);
        }
    }

    /** The authorization response came with the right state; its code is being redeemed, once. */
    record AuthorizationResponseReceived(AuthorizationId authorizationId) implements AuthorizationEvent {}

    /**
     * Tokens are sealed and issued as a credential.
     *
     * @param scope granted, where the response said; null: as asked (RFC 6749 section 5.1)
     * @param refreshable whether a refresh token came
     */
    record AuthorizationGranted(
            AuthorizationId authorizationId,
            @Nullable String scope,
            boolean refreshable,
            @Nullable Instant expiresAt) implements AuthorizationEvent {}

    /**
     * The userinfo endpoint is asked who consented (OpenID Connect Core section 5.3).
     *
     * @param told what the ID token said, which is little; null: there was none
     */
    record UserinfoWanted(
            AuthorizationId authorizationId, @Nullable Account told) implements AuthorizationEvent {}

    /** Once for every grant: who consented, or why that is not known. Holds personal data where the provider told it. */
    record AccountLookedUp(AuthorizationId authorizationId, Identification identification)
            implements AuthorizationEvent {}

    /**
     * The end without a grant.
     *
     * @param mismatch the two issuers that differ, where an admin could accept that; otherwise null
     */
    record AuthorizationFailed(
            AuthorizationId authorizationId,
            AuthorizationStep step,
            Failure failure,
            OAuthSettings.@Nullable IssuerException mismatch)
            implements AuthorizationEvent {

        public AuthorizationFailed(AuthorizationId authorizationId, AuthorizationStep step, Failure failure) {
            this(authorizationId, step, failure, null);
        }
    }

    /**
     * The identity provider gave another refresh token in place of the one it exchanged; every authorization that was
     * started with {@code entered} uses it from now on.
     *
     * @param entered as in the settings, under {@code SUBJECT_TOKEN}
     * @param inForce sealed under {@code SUBJECT_TOKEN}
     */
    record SubjectTokenRotated(AuthorizationId authorizationId, SecretRef entered, SecretRef inForce)
            implements AuthorizationEvent {}

    /**
     * A step of the end at the provider was tried.
     *
     * @param registration of our client, with {@code clientId}, where the step is about a client that was registered for
     *     us; otherwise null
     */
    record RevocationAttempted(
            AuthorizationId authorizationId,
            RevocationStep step,
            @Nullable ClientRegistrationId registration,
            @Nullable String clientId)
            implements AuthorizationEvent {}

    /**
     * The provider was told that the tokens are no longer wanted (RFC 7009), or it has no way to be told; nothing more is
     * tried.
     *
     * @param answer in words, without secrets
     */
    record ProviderRevocationTried(AuthorizationId authorizationId, String answer) implements AuthorizationEvent {}
}
