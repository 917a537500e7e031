package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.ClientRegistrationId;
import dev.claviger.oauth.api.DiscoverySource;
import java.time.Instant;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * What our effects and the callback report to an authorization. Each answers whether it was accepted: only the state that
 * waits for an outcome takes it.
 */
sealed interface AuthorizationOutcome {

    AuthorizationId authorizationId();

    record RecordMetadata(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
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
            boolean clientIdMetadataDocumentSupported)
            implements AuthorizationOutcome {}

    record RecordClient(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
            ClientOrigin origin,
            @Nullable ClientRegistrationId registration,
            String clientId,
            @Nullable SecretRef clientSecret,
            String tokenEndpointAuthMethod,
            String reason)
            implements AuthorizationOutcome {}

    record RecordConsentRequest(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
            String stateHash,
            SecretRef state,
            SecretRef codeVerifier,
            String issuer,
            String redirectUri,
            String authorizationHost,
            @Nullable String scope,
            Instant expiresAt)
            implements AuthorizationOutcome {}

    /** Consumes the consent request: accepted once, and only before it expires. */
    record ReceiveAuthorizationResponse(
            @TargetAggregateIdentifier AuthorizationId authorizationId, String stateHash)
            implements AuthorizationOutcome {}

    record RecordGrant(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
            @Nullable String scope,
            boolean refreshable,
            @Nullable Instant expiresAt)
            implements AuthorizationOutcome {}

    /** @param step where it failed; accepted only there */
    record RecordFailure(
            @TargetAggregateIdentifier AuthorizationId authorizationId, AuthorizationStep step, Failure failure)
            implements AuthorizationOutcome {}

    /**
     * @param entered the identity provider's refresh token that an admin entered
     * @param inForce what it gave instead of it, sealed in the same transaction
     */
    record RecordSubjectToken(
            @TargetAggregateIdentifier AuthorizationId authorizationId, SecretRef entered, SecretRef inForce)
            implements AuthorizationOutcome {}

    record RecordProviderRevocation(
            @TargetAggregateIdentifier AuthorizationId authorizationId, String answer)
            implements AuthorizationOutcome {}
}
