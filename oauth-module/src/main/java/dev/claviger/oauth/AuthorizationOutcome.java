package dev.claviger.oauth;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.ClientRegistrationId;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * What our effects and the callback report to an authorization. Each answers whether it was accepted: only the state that
 * waits for an outcome takes it.
 */
sealed interface AuthorizationOutcome {

    AuthorizationId authorizationId();

    /**
     * @param former the issuer of the authorization before; where it is another an admin is asked. Null: whichever was found
     *     is right
     * @param holdsClient whether an admin is asked before the entered client is shown to the issuer that was found
     */
    record RecordMetadata(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
            MetadataDiscovered metadata,
            @Nullable String former,
            boolean holdsClient)
            implements AuthorizationOutcome {

        RecordMetadata(AuthorizationId authorizationId, MetadataDiscovered metadata, @Nullable String former) {
            this(authorizationId, metadata, former, false);
        }
    }

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
            Instant expiresAt,
            @Nullable SecretRef requestUri,
            @Nullable Instant requestUriExpiresAt)
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

    /** @param told see {@link dev.claviger.oauth.api.AuthorizationEvent.UserinfoWanted} */
    record WantUserinfo(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
            @Nullable Account told) implements AuthorizationOutcome {}

    /** Accepted once, of a grant. */
    record RecordAccount(@TargetAggregateIdentifier AuthorizationId authorizationId, Identification identification)
            implements AuthorizationOutcome {}

    /**
     * @param step where it failed; accepted only there
     * @param mismatch the two issuers that differ, where an admin could accept that
     */
    record RecordFailure(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
            AuthorizationStep step,
            Failure failure,
            @Nullable IssuerException mismatch)
            implements AuthorizationOutcome {

        RecordFailure(AuthorizationId authorizationId, AuthorizationStep step, Failure failure) {
            this(authorizationId, step, failure, null);
        }
    }

    /**
     * @param entered the identity provider's refresh token that an admin entered
     * @param inForce what it gave instead of it, sealed in the same transaction
     */
    record RecordSubjectToken(
            @TargetAggregateIdentifier AuthorizationId authorizationId, SecretRef entered, SecretRef inForce)
            implements AuthorizationOutcome {}

    /** @param registration as in {@link dev.claviger.oauth.api.AuthorizationEvent.RevocationAttempted} */
    record RecordRevocationStep(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
            RevocationStep step,
            @Nullable ClientRegistrationId registration,
            @Nullable String clientId)
            implements AuthorizationOutcome {

        RecordRevocationStep(AuthorizationId authorizationId, RevocationStep step) {
            this(authorizationId, step, null, null);
        }
    }

    record RecordProviderRevocation(
            @TargetAggregateIdentifier AuthorizationId authorizationId, String answer)
            implements AuthorizationOutcome {}
}
