package dev.claviger.oauth.api;

import dev.claviger.credentials.api.SecretRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happened to our client at an authorization server. */
public sealed interface ClientRegistrationEvent {

    ClientRegistrationId registrationId();

    /**
     * An authorization server registered us (RFC 7591 section 3.2.1). Kept for as long as the issuer knows it: refresh
     * needs the same client.
     *
     * @param registeredFor the authorization that asked first
     * @param clientSecretExpiresAt null: never
     */
    record ClientRegistered(
            ClientRegistrationId registrationId,
            AuthorizationId registeredFor,
            String issuer,
            String redirectUri,
            String clientId,
            @Nullable SecretRef clientSecret,
            @Nullable Instant clientSecretExpiresAt,
            String tokenEndpointAuthMethod,
            @Nullable SecretRef registrationAccessToken,
            @Nullable String registrationClientUri)
            implements ClientRegistrationEvent {}

    /**
     * The authorization server does not take this client any more, as far as can be told; the next authorization registers
     * another. Grants made with it go on with it as long as they can.
     *
     * @param clientSecret of the retired client; null: it had none
     * @param reason a sentence
     */
    record ClientRegistrationRetired(
            ClientRegistrationId registrationId,
            String clientId,
            @Nullable SecretRef clientSecret,
            String reason) implements ClientRegistrationEvent {}
}
