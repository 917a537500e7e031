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
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Schedules what must follow, in the transaction of the event. */
@Component
@ProcessingGroup("credentials-jobs")
class CredentialJobs {

    private final Effects effects;
    private final RefreshAhead refreshAhead;
    private final ShredStaticToken shredStaticToken;
    private final RefreshSettings settings;
    private final RefreshTokenEnds ends;

    CredentialJobs(
            Effects effects,
            RefreshAhead refreshAhead,
            ShredStaticToken shredStaticToken,
            RefreshSettings settings,
            RefreshTokenEnds ends) {
        this.effects = effects;
        this.refreshAhead = refreshAhead;
        this.shredStaticToken = shredStaticToken;
        this.settings = settings;
        this.ends = ends;
    }

    @EventHandler
    void on(TokenIssued event) {
        if (event.renewsItself()) {
            refreshAhead(
                    event.credentialId(),
                    1,
                    event.issuedAt(),
                    settings.dueAt(
                            1,
                            event.issuedAt(),
                            event.expiresAt(),
                            event.refreshTokenExpiresAt(),
                            event.refreshToken() != null));
        }
    }

    @EventHandler
    void on(TokenRefreshed event) {
        refreshAhead(
                event.credentialId(),
                event.generation(),
                event.refreshedAt(),
                settings.dueAt(
                        event.generation(),
                        event.refreshedAt(),
                        event.expiresAt(),
                        ends.after(event),
                        event.refreshToken() != null));
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
    private void refreshAhead(CredentialId id, long generation, Instant since, @Nullable Instant due) {
        if (due == null) {
            return;
        }
        long most = Math.min(
                Duration.between(since, due).toMillis() / 8, settings.margin().toMillis() / 2);
        long jitter = ThreadLocalRandom.current().nextLong(Math.max(1, most));
        RefreshAhead.Job job = new RefreshAhead.Job(id, generation);
        effects.at(due.minusMillis(jitter), refreshAhead, job.instance(), job);
    }
}
