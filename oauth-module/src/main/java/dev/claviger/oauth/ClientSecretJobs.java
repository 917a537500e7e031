package dev.claviger.oauth;

import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.oauth.ForgottenClientSecrets.Forgotten;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationFailed;
import dev.claviger.oauth.api.AuthorizationEvent.ProviderRevocationTried;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationRetired;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationUpdated;
import dev.claviger.oauth.api.ClientSecretCommand.ForgetClientSecret;
import java.util.Set;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/**
 * Sees to it that a client secret goes when it is forgotten and no authorization needs it: looks when it is forgotten, and
 * again whenever an authorization that used it has come to its end. Each look follows a commit, so the last of them sees
 * everything.
 */
@Component
@ProcessingGroup("oauth-jobs")
class ClientSecretJobs {

    private final ForgottenClientSecrets forgotten;
    private final AuthorizationTable authorizations;
    private final ClientRegistrationTable registrations;
    private final ShredClientSecret shredClientSecret;
    private final Effects effects;

    ClientSecretJobs(
            ForgottenClientSecrets forgotten,
            AuthorizationTable authorizations,
            ClientRegistrationTable registrations,
            ShredClientSecret shredClientSecret,
            Effects effects) {
        this.forgotten = forgotten;
        this.authorizations = authorizations;
        this.registrations = registrations;
        this.shredClientSecret = shredClientSecret;
        this.effects = effects;
    }

    @CommandHandler
    void handle(ForgetClientSecret command) {
        forget(command.clientSecret(), "forgotten", "what an admin had entered was replaced or removed");
    }

    @EventHandler
    void on(ClientRegistrationRetired event) {
        if (event.clientSecret() != null) {
            forget(event.clientSecret(), "retired", "the client it belonged to was retired");
        }
    }

    /** One that came for a retired client goes with it. */
    @EventHandler
    void on(ClientRegistrationUpdated event) {
        boolean retired = registrations
                .find(event.registrationId(), event.clientId())
                .filter(row -> row.state() != ClientState.IN_FORCE)
                .isPresent();
        if (retired && event.clientSecret() != null) {
            forget(event.clientSecret(), "of a retired client", "it came for a client that had been retired");
        }
    }

    @EventHandler
    void on(AuthorizationFailed event) {
        lookAgain(event.authorizationId());
    }

    @EventHandler
    void on(ProviderRevocationTried event) {
        lookAgain(event.authorizationId());
    }

    private void forget(SecretRef secret, String cause, String why) {
        forgotten.add(secret, new Forgotten(why, MDC.get("actor")));
        look(secret, cause);
    }

    private void lookAgain(AuthorizationId id) {
        authorizations
                .find(id)
                .map(AuthorizationRow::clientSecrets)
                .orElse(Set.of())
                .forEach(secret -> look(secret, "after " + id));
    }

    /** An instance of its own for each cause: one that is running now may have looked too early. */
    private void look(SecretRef secret, String cause) {
        effects.now(shredClientSecret, secret.id() + " " + cause, new ShredClientSecret.Data(secret));
    }
}
