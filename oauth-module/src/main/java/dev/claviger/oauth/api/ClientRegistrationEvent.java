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
     * @param registrationClientUri where the registration is managed (RFC 7592); null: nowhere
     * @param metadata what was registered, as the server returned it: a JSON object without ids, secrets and tokens; null:
     *     it returned none, or more than is kept
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
            @Nullable String registrationClientUri,
            @Nullable String metadata)
            implements ClientRegistrationEvent {}

    /**
     * The authorization server was asked about the registration, or to change it (RFC 7592 sections 2.1 and 2.2). What
     * follows is how the client stands now; a secret or token that it replaced is shredded.
     *
     * @param registrationAccessToken null: there is none, or it is not taken any more
     * @param registrationClientUri null: the registration cannot be managed
     * @param metadata as in {@link ClientRegistered}
     * @param answer of the server, in words
     */
    record ClientRegistrationUpdated(
            ClientRegistrationId registrationId,
            String clientId,
            @Nullable SecretRef clientSecret,
            @Nullable Instant clientSecretExpiresAt,
            String tokenEndpointAuthMethod,
            @Nullable SecretRef registrationAccessToken,
            @Nullable String registrationClientUri,
            @Nullable String metadata,
            String answer)
            implements ClientRegistrationEvent {}

    /**
     * The authorization server was asked to forget a retired client (RFC 7592 section 2.3).
     *
     * @param deleted false: it did not; the registration is orphaned there
     * @param answer of the server, in words
     */
    record ClientRegistrationDeleted(
            ClientRegistrationId registrationId, String clientId, boolean deleted, String answer)
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
