package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.FreezeEvent.Thawed;
import dev.claviger.credentials.api.FreezeId;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Effects;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** After a thaw, begins again what would have been refreshed ahead meanwhile; what came due later has its job still. */
@Component
@ProcessingGroup("credentials-jobs")
class ResumeRefreshes extends Effect<ResumeRefreshes.Job> {

    private static final int AT_A_TIME = 500;
    private static final Duration SPREAD_OF_MANY = Duration.ofMinutes(1);

    record Job(FreezeId freezeId) {}

    private record Due(CredentialId id, long generation) {}

    private final JdbcClient jdbc;
    private final Effects effects;
    private final RefreshAhead refreshAhead;
    private final RefreshSettings settings;
    private final Clock clock;

    ResumeRefreshes(
            JdbcClient jdbc, Effects effects, RefreshAhead refreshAhead, RefreshSettings settings, Clock clock) {
        super("credentials.resume-refreshes", Job.class, 20, Duration.ofSeconds(1));
        this.jdbc = jdbc;
        this.effects = effects;
        this.refreshAhead = refreshAhead;
        this.settings = settings;
        this.clock = clock;
    }

    @EventHandler
    void on(Thawed event) {
        effects.now(this, event.freezeId().toString(), new Job(event.freezeId()));
    }

    /** What is thawed for one may be frozen for another reason still: then its job does nothing, and that thaw comes. */
    @Override
    protected void perform(Job job) {
        Instant now = clock.instant();
        UUID last = new UUID(0, 0);
        List<Due> due = due(last, now);
        Duration spread = due.size() < AT_A_TIME ? Duration.ZERO : SPREAD_OF_MANY;
        while (!due.isEmpty()) {
            for (Due one : due) {
                RefreshAhead.Job refresh = new RefreshAhead.Job(one.id(), one.generation());
                long wait = ThreadLocalRandom.current().nextLong(spread.toMillis() + 1);
                effects.at(now.plusMillis(wait), refreshAhead, refresh.instance(), refresh);
            }
            last = due.get(due.size() - 1).id().value();
            due = due(last, now);
        }
    }

    /** The earliest moment to refresh ahead is one and a half margins before the end. */
    private List<Due> due(UUID after, Instant now) {
        return jdbc.sql("""
                        select id, generation from credentials.credential
                         where id > :after and state = 'ACTIVE' and (refresh_id is not null or renewed_by_grant)
                           and expires_at <= :until and not credentials.is_frozen(id, issuer, null)
                         order by id limit :most""")
                .param("after", after)
                .param(
                        "until",
                        Timestamp.from(
                                now.plus(settings.margin().multipliedBy(3).dividedBy(2))))
                .param("most", AT_A_TIME)
                .query((row, n) ->
                        new Due(new CredentialId(row.getObject("id", UUID.class)), row.getLong("generation")))
                .list();
    }

    /** Whoever asks for a credential refreshes it all the same. */
    @Override
    protected void giveUp(Job job, RuntimeException cause) {}
}
