package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import dev.claviger.credentials.api.CredentialEvent.TokenRevoked;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.outbound.Effects;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** Schedules what must follow, in the transaction of the event. */
@Component
@ProcessingGroup("credentials-jobs")
class CredentialJobs {

    private final Effects effects;
    private final RefreshAhead refreshAhead;
    private final ShredStaticToken shredStaticToken;
    private final RefreshSettings settings;

    CredentialJobs(
            Effects effects, RefreshAhead refreshAhead, ShredStaticToken shredStaticToken, RefreshSettings settings) {
        this.effects = effects;
        this.refreshAhead = refreshAhead;
        this.shredStaticToken = shredStaticToken;
        this.settings = settings;
    }

    @EventHandler
    void on(TokenIssued event) {
        if (event.renewsItself() && event.expiresAt() != null) {
            refreshAhead(event.credentialId(), 1, event.issuedAt(), event.expiresAt());
        }
    }

    @EventHandler
    void on(TokenRefreshed event) {
        if (event.expiresAt() != null) {
            refreshAhead(event.credentialId(), event.generation(), event.refreshedAt(), event.expiresAt());
        }
    }

    /** Tokens of a provider are shredded by whoever has told the provider. */
    @EventHandler
    void on(TokenRevoked event) {
        if (event.kind() != CredentialKind.OAUTH) {
            effects.now(
                    shredStaticToken, event.credentialId().toString(), new ShredStaticToken.Job(event.credentialId()));
        }
    }

    /** Spread, so that a thousand credentials of one morning do not refresh in one second. */
    private void refreshAhead(CredentialId id, long generation, Instant since, Instant expiresAt) {
        Duration margin = settings.marginOf(since, expiresAt);
        long jitter = ThreadLocalRandom.current().nextLong(Math.max(1, margin.toMillis() / 2));
        RefreshAhead.Job job = new RefreshAhead.Job(id, generation);
        effects.at(expiresAt.minus(margin).minusMillis(jitter), refreshAhead, job.instance(), job);
    }
}
