package dev.claviger.oauth;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.AuthorizationOutcome.RecordConsentRequest;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.protocol.AuthorizationRequest;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest.Answer.Accepted;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What is asked for at the consent screen, and the record of it before anybody is sent there. */
@Component
class ConsentRequests {

    private static final Duration VALIDITY = Duration.ofMinutes(10);

    private final AuthorizationTable authorizations;
    private final Vault vault;
    private final CommandGateway commands;
    private final RedirectUri redirectUri;
    private final Clock clock;

    ConsentRequests(
            AuthorizationTable authorizations,
            Vault vault,
            CommandGateway commands,
            RedirectUri redirectUri,
            Clock clock) {
        this.authorizations = authorizations;
        this.vault = vault;
        this.commands = commands;
        this.redirectUri = redirectUri;
        this.clock = clock;
    }

    /**
     * The scope to ask for: that of the authorization before with what a server wanted beyond it, or what the rules of a
     * first authorization say.
     */
    @Nullable
    String scope(AuthorizationRow row) {
        MetadataDiscovered metadata = row.discovered();
        String challenged = row.started().challengedScope();
        if (challenged != null) {
            return AuthorizationRequest.stepUp(before(row), challenged, metadata.scopesSupported());
        }
        return AuthorizationRequest.chooseScope(
                row.started().settings().scope(),
                metadata.challengedScope(),
                metadata.resourceScopes(),
                metadata.scopesSupported());
    }

    private @Nullable String before(AuthorizationRow row) {
        Optional<AuthorizationRow> previous =
                Optional.ofNullable(row.started().previous()).flatMap(authorizations::find);
        return previous.map(AuthorizationRow::consent)
                .map(asked -> asked.scope())
                .or(() -> previous.map(AuthorizationRow::grantedScope))
                .orElse(row.started().settings().scope());
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
                URI.create(metadata.authorizationEndpoint()).getHost(),
                scope(row),
                now.plus(VALIDITY),
                pushed == null ? null : vault.seal(SecretPurpose.STATE, pushed.requestUri()),
                pushed == null ? null : now.plus(pushed.expiresIn())));
    }
}
