package dev.claviger.oauth;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.protocol.AuthorizationRequest;
import dev.claviger.oauth.protocol.ClientAuthentication;
import dev.claviger.oauth.protocol.TokenEndpoint;
import dev.claviger.oauth.protocol.TokenRevocation;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An authorization as it stands: the facts of each step it has come to.
 *
 * @param failure how it ended, where it failed
 * @param accessToken the one in force, of a granted one
 */
record AuthorizationRow(
        AuthorizationId id,
        Stage stage,
        @Nullable FailureCode failure,
        AuthorizationStarted started,
        @Nullable MetadataDiscovered metadata,
        @Nullable ClientObtained client,
        @Nullable ConsentRequested consent,
        @Nullable String grantedScope,
        @Nullable SecretRef accessToken,
        @Nullable SecretRef refreshToken) {

    MetadataDiscovered discovered() {
        return known(metadata);
    }

    ClientObtained obtained() {
        return known(client);
    }

    ConsentRequested asked() {
        return known(consent);
    }

    AuthorizationRequest authorizationRequest() {
        return new AuthorizationRequest(
                URI.create(discovered().authorizationEndpoint()),
                obtained().clientId(),
                URI.create(asked().redirectUri()),
                asked().scope(),
                discovered().resource());
    }

    /** The token endpoint with the profile of this grant. */
    TokenEndpoint tokenEndpoint(Vault vault) {
        return new TokenEndpoint(
                URI.create(discovered().tokenEndpoint()),
                clientAuthentication(vault),
                discovered().resource());
    }

    /** Empty where the provider has no revocation endpoint. */
    Optional<TokenRevocation> revocation(Vault vault) {
        String endpoint = discovered().revocationEndpoint();
        return endpoint == null
                ? Optional.empty()
                : Optional.of(new TokenRevocation(URI.create(endpoint), clientAuthentication(vault)));
    }

    /** The one it was started with, or obtained. */
    @Nullable
    SecretRef clientSecret() {
        return client == null ? started.settings().clientSecret() : client.clientSecret();
    }

    private ClientAuthentication clientAuthentication(Vault vault) {
        SecretRef secret = obtained().clientSecret();
        return new ClientAuthentication(
                obtained().clientId(),
                secret == null ? null : vault.open(SecretPurpose.CLIENT_SECRET, secret),
                obtained().tokenEndpointAuthMethod());
    }

    private <T> T known(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException(id + " has not come that far");
        }
        return part;
    }
}
