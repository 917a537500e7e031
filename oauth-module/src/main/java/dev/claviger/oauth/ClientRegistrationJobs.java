package dev.claviger.oauth;

import dev.claviger.credentials.outbound.Effects;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationFailed;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.ProviderRevocationTried;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationRetired;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationUpdated;
import dev.claviger.oauth.api.ClientRegistrationId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The calendar of our clients: their secrets are renewed before they expire, and they are deleted when nobody uses them any
 * more. Each look follows a commit, so the last of them sees everything.
 */
@Component
@ProcessingGroup("oauth-jobs")
class ClientRegistrationJobs {

    /** What is left of a secret's life when it is renewed, at most; of a short life a quarter. */
    private static final Duration AHEAD = Duration.ofDays(7);
    /** Below this nothing is tried any more; the next authorization registers anew. */
    private static final Duration TOO_LATE = Duration.ofMinutes(5);

    private final AuthorizationTable authorizations;
    private final ClientRegistrationTable clients;
    private final Effects effects;
    private final RenewClientSecret renewClientSecret;
    private final RetireUnusedClient retireUnusedClient;
    private final DeleteClient deleteClient;
    private final Duration keepUnused;

    ClientRegistrationJobs(
            AuthorizationTable authorizations,
            ClientRegistrationTable clients,
            Effects effects,
            RenewClientSecret renewClientSecret,
            RetireUnusedClient retireUnusedClient,
            DeleteClient deleteClient,
            @Value("${claviger.oauth.keep-unused-client:1h}") Duration keepUnused) {
        this.authorizations = authorizations;
        this.clients = clients;
        this.effects = effects;
        this.renewClientSecret = renewClientSecret;
        this.retireUnusedClient = retireUnusedClient;
        this.deleteClient = deleteClient;
        this.keepUnused = keepUnused;
    }

    @EventHandler
    void on(ClientRegistered event, @Timestamp Instant at) {
        if (event.registrationAccessToken() != null && event.registrationClientUri() != null) {
            renewBefore(event.clientSecretExpiresAt(), at, event.registrationId(), event.clientId());
        }
    }

    @EventHandler
    void on(ClientRegistrationUpdated event, @Timestamp Instant at) {
        if (event.registrationAccessToken() != null && event.registrationClientUri() != null) {
            renewBefore(event.clientSecretExpiresAt(), at, event.registrationId(), event.clientId());
        }
    }

    @EventHandler
    void on(ClientRegistrationRetired event) {
        delete(new ClientJob(event.registrationId(), event.clientId()), "retired");
    }

    @EventHandler
    void on(AuthorizationFailed event) {
        jobAfter(event.authorizationId()).ifPresent(job -> deleteIfRetired(job, event.authorizationId()));
    }

    /** Not at once: who disconnects may want to connect again, and a new client each time is a burden to servers. */
    @EventHandler
    void on(ProviderRevocationTried event, @Timestamp Instant at) {
        jobAfter(event.authorizationId()).ifPresent(job -> {
            deleteIfRetired(job, event.authorizationId());
            effects.at(
                    at.plus(keepUnused),
                    retireUnusedClient,
                    job.instance("after " + event.authorizationId()),
                    new RetireUnusedClient.Data(job.registrationId(), job.clientId(), event.authorizationId()));
        });
    }

    /** Where no new secret came this is later each time, and nearer to the end. */
    private void renewBefore(@Nullable Instant expiresAt, Instant now, ClientRegistrationId id, String clientId) {
        if (expiresAt == null || expiresAt.isBefore(now.plus(TOO_LATE))) {
            return;
        }
        Duration quarter = Duration.between(now, expiresAt).dividedBy(4);
        Instant at = expiresAt.minus(quarter.compareTo(AHEAD) < 0 ? quarter : AHEAD);
        effects.at(
                at,
                renewClientSecret,
                new ClientJob(id, clientId).instance("at " + at),
                new RenewClientSecret.Data(id, clientId, expiresAt));
    }

    private Optional<ClientJob> jobAfter(AuthorizationId id) {
        return authorizations
                .find(id)
                .map(AuthorizationRow::client)
                .filter(client -> client.registration() != null)
                .map(ClientRegistrationJobs::job);
    }

    private static ClientJob job(ClientObtained client) {
        return new ClientJob(Objects.requireNonNull(client.registration()), client.clientId());
    }

    private void deleteIfRetired(ClientJob job, AuthorizationId after) {
        if (clients.find(job.registrationId(), job.clientId())
                .filter(row -> row.state() == ClientState.RETIRED)
                .isPresent()) {
            delete(job, "after " + after);
        }
    }

    private void delete(ClientJob job, String why) {
        effects.now(deleteClient, job.instance(why), job);
    }
}
