package dev.claviger.oauth;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.AuthorizationOutcome.RecordConsentRequest;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.protocol.AuthorizationRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** Prepares the request for consent: draws state and verifier, seals both, and records them before anybody is sent off. */
@Component
class RequestConsent {

    private static final Duration VALIDITY = Duration.ofMinutes(10);

    private final Vault vault;
    private final CommandGateway commands;
    private final RedirectUri redirectUri;
    private final Clock clock;

    RequestConsent(Vault vault, CommandGateway commands, RedirectUri redirectUri, Clock clock) {
        this.vault = vault;
        this.commands = commands;
        this.redirectUri = redirectUri;
        this.clock = clock;
    }

    /** In the caller's transaction, in which the client was recorded. */
    void send(AuthorizationRow row) {
        MetadataDiscovered metadata = row.discovered();
        Secret state = AuthorizationRequest.newState();
        commands.sendAndWait(new RecordConsentRequest(
                row.id(),
                StateHash.of(state),
                vault.seal(SecretPurpose.STATE, state),
                vault.seal(SecretPurpose.CODE_VERIFIER, AuthorizationRequest.newCodeVerifier()),
                metadata.issuer(),
                redirectUri.value().toString(),
                URI.create(metadata.authorizationEndpoint()).getHost(),
                AuthorizationRequest.chooseScope(
                        row.started().settings().scope(),
                        metadata.challengedScope(),
                        metadata.resourceScopes(),
                        metadata.scopesSupported()),
                clock.instant().plus(VALIDITY)));
    }
}
