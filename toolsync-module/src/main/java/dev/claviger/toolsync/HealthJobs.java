package dev.claviger.toolsync;

import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.toolsync.CheckCredentialHealth.Job;
import dev.claviger.toolsync.HealthTable.Due;
import dev.claviger.toolsync.api.HealthEvent.HealthChanged;
import dev.claviger.toolsync.api.HealthEvent.HealthCheckRequested;
import dev.claviger.toolsync.api.HealthEvent.HealthWatchEnded;
import dev.claviger.toolsync.api.HealthEvent.HealthWatched;
import dev.claviger.toolsync.api.HealthId;
import dev.claviger.toolsync.api.HealthQuery.Proof;
import dev.claviger.toolsync.api.ToolCatalogEvent.CatalogCleared;
import dev.claviger.toolsync.api.ToolCatalogEvent.ListingProbed;
import java.time.Instant;
import java.util.OptionalLong;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.stereotype.Component;

/** Keeps the list of what is watched and the first check of each, in the transaction of what happened. */
@Component
@ProcessingGroup("toolsync-jobs")
class HealthJobs {

    private final Effects effects;
    private final CheckCredentialHealth check;
    private final HealthTable table;
    private final HealthSettings settings;

    HealthJobs(Effects effects, CheckCredentialHealth check, HealthTable table, HealthSettings settings) {
        this.effects = effects;
        this.check = check;
        this.table = table;
        this.settings = settings;
    }

    @EventHandler
    void on(HealthWatched event, @Timestamp Instant at) {
        Instant dueAt = at.plus(settings.first());
        if (table.watch(event, dueAt)) {
            Job first = new Job(event.healthId(), 1, false);
            effects.at(dueAt, check, first.instance(), first);
        }
    }

    /** Somebody waits, so it takes the place of the check that is due and does not wait for its turn. */
    @EventHandler
    void on(HealthCheckRequested event, @Timestamp Instant at) {
        OptionalLong number = table.lockNumber(event.healthId());
        if (number.isPresent() && table.overtake(new Due(event.healthId(), number.getAsLong()), at)) {
            cancel(event.healthId(), number.getAsLong());
            Job now = new Job(event.healthId(), number.getAsLong() + 1, true);
            effects.now(check, now.instance(), now);
        }
    }

    @EventHandler
    void on(HealthChanged event, @Timestamp Instant at) {
        table.changed(event.healthId(), event.state(), event.cause(), at);
    }

    @EventHandler
    void on(HealthWatchEnded event) {
        table.lockNumber(event.healthId()).ifPresent(number -> cancel(event.healthId(), number));
        table.forget(event.healthId());
    }

    @EventHandler
    void on(ListingProbed event, @Timestamp Instant at) {
        table.keep(
                event.catalogId(),
                event.headerName(),
                new Proof(event.withoutCredential(), event.withWrong(), event.proves(), at));
    }

    /** Another server may be less careful. */
    @EventHandler
    void on(CatalogCleared event) {
        table.forgetProof(event.catalogId());
    }

    private void cancel(HealthId id, long number) {
        try {
            effects.cancel(check, new Job(id, number, false).instance());
        } catch (TaskInstanceException e) {
            // It runs at this moment, and will find that it was overtaken.
        }
    }
}
