package dev.claviger.toolsync;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.HealthOutcome.RecordHealth;
import dev.claviger.toolsync.api.HealthCommand.CheckHealth;
import dev.claviger.toolsync.api.HealthCommand.EndHealthWatch;
import dev.claviger.toolsync.api.HealthCommand.WatchHealth;
import dev.claviger.toolsync.api.HealthEvent.HealthChanged;
import dev.claviger.toolsync.api.HealthEvent.HealthCheckRequested;
import dev.claviger.toolsync.api.HealthEvent.HealthConfirmed;
import dev.claviger.toolsync.api.HealthEvent.HealthWatchEnded;
import dev.claviger.toolsync.api.HealthEvent.HealthWatched;
import dev.claviger.toolsync.api.HealthId;
import dev.claviger.toolsync.api.HealthState;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import java.time.Clock;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one credential at its server. Agents share a catalogue but not a health, so it is no part of the
 * catalogue; a check that finds what the one before found leaves no event, so that a healthy year is a short story.
 */
@Aggregate(cache = "aggregateCache")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class CredentialHealth {

    @AggregateIdentifier
    private @Nullable HealthId healthId;

    private @Nullable HealthWatched watched;
    private @Nullable HealthState state;
    private @Nullable FailureCode cause;
    private Instant recordedAt = Instant.EPOCH;
    private boolean ended;

    CredentialHealth() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(WatchHealth command) {
        HealthWatched wanted = new HealthWatched(
                command.healthId(),
                command.catalogId(),
                command.credentialId(),
                command.serverUrl(),
                command.headers(),
                command.headerName(),
                command.keepsTools());
        if (!ended && !wanted.equals(watched)) {
            AggregateLifecycle.apply(wanted);
        }
    }

    @CommandHandler
    void handle(CheckHealth command) {
        if (watched == null || ended) {
            throw new ToolCatalogRejected("This connection is over; there is no credential to check any more.");
        }
        AggregateLifecycle.apply(new HealthCheckRequested(command.healthId()));
    }

    @CommandHandler
    void handle(RecordHealth command, Clock clock, HealthSettings settings) {
        if (watched == null || ended || saysLess(command.state())) {
            return;
        }
        FailureCode code = command.cause() == null ? null : command.cause().code();
        if (command.state() != state || code != cause) {
            AggregateLifecycle.apply(new HealthChanged(command.healthId(), command.state(), state, command.cause()));
        } else if (!clock.instant().isBefore(recordedAt.plus(settings.heartbeat()))) {
            AggregateLifecycle.apply(new HealthConfirmed(command.healthId(), command.state()));
        }
    }

    /** Of a connection made before health was watched, too: a creating command must leave an event. */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(EndHealthWatch command) {
        if (!ended) {
            AggregateLifecycle.apply(new HealthWatchEnded(command.healthId()));
        }
    }

    /** A server that is down takes back nothing of what it said about the credential before. */
    private boolean saysLess(HealthState found) {
        return found == HealthState.UNREACHABLE && state == HealthState.REFUSED;
    }

    @EventSourcingHandler
    void on(HealthWatched event) {
        healthId = event.healthId();
        watched = event;
    }

    @EventSourcingHandler
    void on(HealthChanged event, @Timestamp Instant at) {
        state = event.state();
        cause = event.cause() == null ? null : event.cause().code();
        recordedAt = at;
    }

    @EventSourcingHandler
    void on(HealthConfirmed event, @Timestamp Instant at) {
        recordedAt = at;
    }

    @EventSourcingHandler
    void on(HealthWatchEnded event) {
        healthId = event.healthId();
        ended = true;
    }
}
