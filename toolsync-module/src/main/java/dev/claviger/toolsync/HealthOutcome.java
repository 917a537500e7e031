package dev.claviger.toolsync;

import dev.claviger.credentials.api.Failure;
import dev.claviger.toolsync.api.HealthId;
import dev.claviger.toolsync.api.HealthState;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Outcomes of a check; only this module may record them. */
sealed interface HealthOutcome {

    /** @param cause null: the credential is good */
    record RecordHealth(
            @TargetAggregateIdentifier HealthId healthId,
            HealthState state,
            @Nullable Failure cause) implements HealthOutcome {}
}
