package dev.claviger.oauth;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import dev.claviger.oauth.protocol.AuthorizationRequest;
import dev.claviger.oauth.protocol.ClientAssertion;
import dev.claviger.oauth.protocol.ClientAuthentication;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest;
import dev.claviger.oauth.protocol.RequestProfile;
import dev.claviger.oauth.protocol.TokenEndpoint;
import dev.claviger.oauth.protocol.TokenRevocation;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An authorization as it stands: the facts of each step it has come to.
 *
 * @param failure how it ended, where it failed
 * @param accessToken the one in force, of a granted one
 * @param mismatch the two issuers that differ, where that was the end and an admin could accept it
 * @param challengedScope what a server wanted beyond what was granted, the latest
 * @param expiresAt of the access token in force
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
        @Nullable SecretRef refreshToken,
        @Nullable IssuerException mismatch,
        @Nullable String challengedScope,
        @Nullable Boolean refreshable,
        @Nullable Instant expiresAt) {

    MetadataDiscovered discovered() {
        return known(metadata);
    }

    ClientObtained obtained() {
        return known(client);
    }

    ConsentRequested asked() {
        return known(consent);
    }

    /** What all requests of this authorization say of its resource. */
    RequestProfile profile() {
        return RequestProfile.of(started.settings().resource(), discovered().resource());
    }

    AuthorizationRequest authorizationRequest(URI redirectUri, @Nullable String scope) {
        return new AuthorizationRequest(authorizationEndpoint(), obtained().clientId(), redirectUri, scope, profile());
    }

    /** Whether the authorization request must be pushed (RFC 9126 section 5). */
    boolean mustPush() {
        return Boolean.TRUE.equals(discovered().requirePushedAuthorizationRequests());
    }

    PushedAuthorizationRequest pushEndpoint(ClientKeys keys) {
        return new PushedAuthorizationRequest(
                URI.create(known(discovered().pushedAuthorizationRequestEndpoint())), clientAuthentication(keys));
    }

    /** The token endpoint with the profile of this grant. */
    TokenEndpoint tokenEndpoint(ClientKeys keys) {
        return new TokenEndpoint(URI.create(discovered().tokenEndpoint()), clientAuthentication(keys), profile());
    }

    /** Known wherever a person is sent there. */
    URI authorizationEndpoint() {
        return URI.create(known(discovered().authorizationEndpoint()));
    }

    /** What the authorization server calls itself, as far as is known: an assertion for it names it so. */
    String issuer() {
        String entered = started.settings().clientIssuer();
        return discovered().source() == DiscoverySource.MANUAL && entered != null
                ? entered
                : discovered().issuer();
    }

    /** Whose ID tokens are believed; empty where nobody said who the authorization server is. */
    Optional<String> issuerOfIdTokens() {
        DiscoverySource source = discovered().source();
        return source == DiscoverySource.MANUAL || source == DiscoverySource.DEFAULT_ENDPOINTS
                ? Optional.ofNullable(started.settings().clientIssuer())
                : Optional.of(discovered().issuer());
    }

    /** Empty where the provider has no revocation endpoint. */
    Optional<TokenRevocation> revocation(ClientKeys keys) {
        String endpoint = discovered().revocationEndpoint();
        return endpoint == null
                ? Optional.empty()
                : Optional.of(new TokenRevocation(URI.create(endpoint), clientAuthentication(keys)));
    }

    /** What it was started with or obtained of secrets that stay sealed for as long as it needs them. */
    Set<SecretRef> clientSecrets() {
        OAuthSettings settings = started.settings();
        IdentityProvider provider = settings.identityProvider();
        Set<SecretRef> held = new LinkedHashSet<>();
        Stream.of(
                        client == null ? settings.clientSecret() : client.clientSecret(),
                        settings.privateKey(),
                        provider == null ? null : provider.clientSecret(),
                        provider == null ? null : provider.subjectToken())
                .filter(Objects::nonNull)
                .forEach(held::add);
        return held;
    }

    private ClientAuthentication clientAuthentication(ClientKeys keys) {
        String clientId = obtained().clientId();
        String method = obtained().tokenEndpointAuthMethod();
        if (method.equals(ClientAuthentication.PRIVATE_KEY_JWT)) {
            boolean ours = obtained().origin() == ClientOrigin.METADATA_DOCUMENT;
            return ClientAuthentication.signed(
                    new ClientAssertion(clientId, audience(), ours ? keys.own() : keys.entered(started.settings())));
        }
        return new ClientAuthentication(clientId, keys.clientSecret(obtained().clientSecret()), method);
    }

    /** Entered endpoints come without an issuer that is known for sure; RFC 7523 section 3 then takes the token endpoint. */
    private String audience() {
        if (discovered().source() != DiscoverySource.MANUAL) {
            return discovered().issuer();
        }
        String entered = started.settings().clientIssuer();
        return entered == null ? discovered().tokenEndpoint() : entered;
    }

    private <T> T known(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException(id + " has not come that far");
        }
        return part;
    }
}
