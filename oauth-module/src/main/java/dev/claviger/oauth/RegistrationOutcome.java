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

    /**
     * Does nothing when another client has taken the place of {@code clientId}, or another secret that of {@code
     * clientSecret}: what was refused is not what is in force.
     */
    record RetireRegistration(
            @TargetAggregateIdentifier ClientRegistrationId registrationId,
            String clientId,
            @Nullable SecretRef clientSecret,
            String reason)
            implements RegistrationOutcome {}

    /**
     * What the authorization server said when it was asked about the client. Answers whether it was accepted: only if
     * nobody has replaced meanwhile what it was asked with.
     *
     * @param formerSecret in force when it was asked
     * @param formerToken with which it was asked
     */
    record RecordAnswer(
            @TargetAggregateIdentifier ClientRegistrationId registrationId,
            String clientId,
            @Nullable SecretRef formerSecret,
            @Nullable SecretRef formerToken,
            @Nullable SecretRef clientSecret,
            @Nullable Instant clientSecretExpiresAt,
            String tokenEndpointAuthMethod,
            @Nullable SecretRef registrationAccessToken,
            @Nullable String registrationClientUri,
            @Nullable String metadata,
            String answer)
            implements RegistrationOutcome {}

    /** Answers whether it was accepted: only for a client that is retired and of whose end nothing is known yet. */
    record RecordDeletion(
            @TargetAggregateIdentifier ClientRegistrationId registrationId,
            String clientId,
            boolean deleted,
            String answer)
            implements RegistrationOutcome {}
}
