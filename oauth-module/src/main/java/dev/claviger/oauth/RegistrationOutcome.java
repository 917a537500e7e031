package dev.claviger.oauth;

import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientRegistrationId;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What came of asking an authorization server for a client. */
sealed interface RegistrationOutcome {

    /** Answers whether it was accepted: not when there is a registration that still holds. */
    record RecordRegistration(
            @TargetAggregateIdentifier ClientRegistrationId registrationId,
            AuthorizationId registeredFor,
            String issuer,
            String redirectUri,
            String clientId,
            @Nullable SecretRef clientSecret,
            @Nullable Instant clientSecretExpiresAt,
            String tokenEndpointAuthMethod,
            @Nullable SecretRef registrationAccessToken,
            @Nullable String registrationClientUri,
            @Nullable String metadata)
            implements RegistrationOutcome {}

    /** Does nothing when another client has taken the place of {@code clientId}. */
    record RetireRegistration(
            @TargetAggregateIdentifier ClientRegistrationId registrationId, String clientId, String reason)
            implements RegistrationOutcome {}
}
