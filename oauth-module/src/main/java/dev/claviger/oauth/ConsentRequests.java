package dev.claviger.oauth;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.AuthorizationOutcome.RecordConsentRequest;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest.Answer.Accepted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What is asked for at the consent screen, and the record of it before anybody is sent there. */
@Component
class ConsentRequests {

    private static final Duration VALIDITY = Duration.ofMinutes(10);

    private final AskedScope askedScope;
    private final Vault vault;
    private final CommandGateway commands;
    private final RedirectUri redirectUri;
    private final Clock clock;

    ConsentRequests(AskedScope askedScope, Vault vault, CommandGateway commands, RedirectUri redirectUri, Clock clock) {
        this.askedScope = askedScope;
        this.vault = vault;
        this.commands = commands;
        this.redirectUri = redirectUri;
        this.clock = clock;
    }

    /**
     * Seals and records, in the caller's transaction.
     *
     * @param pushed what the authorization server calls the request; null: it was not pushed
     */
    void record(AuthorizationRow row, Secret state, Secret codeVerifier, @Nullable Accepted pushed) {
        Instant now = clock.instant();
        MetadataDiscovered metadata = row.discovered();
        commands.sendAndWait(new RecordConsentRequest(
                row.id(),
                StateHash.of(state),
                vault.seal(SecretPurpose.STATE, state),
                vault.seal(SecretPurpose.CODE_VERIFIER, codeVerifier),
                metadata.issuer(),
                redirectUri.value().toString(),
                row.authorizationEndpoint().getHost(),
                askedScope.of(row),
                now.plus(VALIDITY),
                pushed == null ? null : vault.seal(SecretPurpose.STATE, pushed.requestUri()),
                pushed == null ? null : now.plus(pushed.expiresIn())));
    }
}
