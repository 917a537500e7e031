package dev.claviger.oauth.api;

import dev.claviger.credentials.api.Failure;
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

    record IssuerApproved(AuthorizationId authorizationId, String former, String issuer)
            implements AuthorizationEvent {}

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
     * @param issuer byte for byte (RFC 8414 section 2); with manual settings the origin of the token endpoint
     * @param challengedScope {@code scope} of the 401 challenge
     * @param resourceScopes {@code scopes_supported} of the protected resource metadata
     * @param scopesSupported {@code scopes_supported} of the authorization server metadata
     * @param issParameterSupported RFC 9207 section 3
     * @param clientIdMetadataDocumentSupported whether a client may be known by the URL of its metadata document
     *     (draft-ietf-oauth-client-id-metadata-document); null: stored before this was looked at
     */
    record MetadataDiscovered(
            AuthorizationId authorizationId,
            DiscoverySource source,
            @Nullable String resource,
            String issuer,
            String authorizationEndpoint,
            String tokenEndpoint,
            @Nullable String registrationEndpoint,
            @Nullable String revocationEndpoint,
            @Nullable String challengedScope,
            List<String> resourceScopes,
            List<String> scopesSupported,
            List<String> tokenEndpointAuthMethods,
            boolean issParameterSupported,
            @Nullable Boolean clientIdMetadataDocumentSupported)
            implements AuthorizationEvent {}

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
            Instant expiresAt)
            implements AuthorizationEvent {}

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

    /** The end without a grant. */
    record AuthorizationFailed(AuthorizationId authorizationId, AuthorizationStep step, Failure failure)
            implements AuthorizationEvent {}

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
     * The provider was told that the tokens are no longer wanted (RFC 7009), or it has no way to be told.
     *
     * @param answer in words, without secrets
     */
    record ProviderRevocationTried(AuthorizationId authorizationId, String answer) implements AuthorizationEvent {}
}
