package dev.claviger.credentials;

import dev.claviger.credentials.RefreshDue.Due;
import dev.claviger.credentials.api.CredentialEvent.IdleLimitSet;
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
    private final RefreshDue due;

    CredentialJobs(
            Effects effects,
            RefreshAhead refreshAhead,
            ShredStaticToken shredStaticToken,
            RefreshSettings settings,
            RefreshDue due) {
        this.effects = effects;
        this.refreshAhead = refreshAhead;
        this.shredStaticToken = shredStaticToken;
        this.settings = settings;
        this.due = due;
    }

    @EventHandler
    void on(TokenIssued event) {
        due.after(event).ifPresent(next -> refreshAhead(event.credentialId(), next));
    }

    @EventHandler
    void on(TokenRefreshed event) {
        due.after(event).ifPresent(next -> refreshAhead(event.credentialId(), next));
    }

    private void refreshAhead(CredentialId id, Due next) {
        RefreshAhead.Job job = new RefreshAhead.Job(id, next.generation());
        effects.at(early(next), refreshAhead, job.instance(), job);
    }

    @EventHandler
    void on(IdleLimitSet event) {
        due.after(event).ifPresent(next -> {
            RefreshAhead.Job job = new RefreshAhead.Job(event.credentialId(), next.generation());
            effects.move(early(next), refreshAhead, job.instance(), job);
        });
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
    private Instant early(Due due) {
        long most = Math.min(
                Duration.between(due.since(), due.at()).toMillis() / 8,
                settings.margin().toMillis() / 2);
        return due.at().minusMillis(ThreadLocalRandom.current().nextLong(Math.max(1, most)));
    }
}
