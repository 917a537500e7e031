package dev.claviger.credentials;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.KeyRotationOutcome.BeginRotation;
import dev.claviger.credentials.KeyRotationOutcome.EndRotation;
import dev.claviger.credentials.api.KeyRotationEvent.KeyRotationEnded;
import dev.claviger.credentials.api.KeyRotationEvent.KeyRotationStarted;
import dev.claviger.credentials.api.KeyRotationId;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** One rotation of the master key: it begins once and ends once. */
@Aggregate(cache = "aggregateCache")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class KeyRotation {

    @AggregateIdentifier
    private @Nullable KeyRotationId rotationId;

    private @Nullable String toKey;
    private boolean dryRun;
    private boolean ended;

    KeyRotation() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(BeginRotation command) {
        if (rotationId == null) {
            apply(new KeyRotationStarted(
                    command.rotationId(), command.toKey(), command.secretsByKey(), command.dryRun()));
        }
    }

    @CommandHandler
    void handle(EndRotation command) {
        if (toKey != null && !ended) {
            apply(new KeyRotationEnded(
                    command.rotationId(),
                    toKey,
                    command.rewrapped(),
                    command.unreadable(),
                    command.unreadableSecrets(),
                    command.left(),
                    dryRun,
                    command.trouble()));
        }
    }

    @EventSourcingHandler
    void on(KeyRotationStarted event) {
        rotationId = event.rotationId();
        toKey = event.toKey();
        dryRun = event.dryRun();
    }

    @EventSourcingHandler
    void on(KeyRotationEnded event) {
        ended = true;
    }
}
