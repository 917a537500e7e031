package dev.claviger.credentials;

import dev.claviger.credentials.api.KeyRotationId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Beginning and end of a rotation; only this module may send them. The parts are those of the events. */
sealed interface KeyRotationOutcome {

    KeyRotationId rotationId();

    record BeginRotation(
            @TargetAggregateIdentifier KeyRotationId rotationId,
            String toKey,
            Map<String, Long> secretsByKey,
            boolean dryRun)
            implements KeyRotationOutcome {}

    record EndRotation(
            @TargetAggregateIdentifier KeyRotationId rotationId,
            Map<String, Long> rewrapped,
            long unreadable,
            List<UUID> unreadableSecrets,
            long left,
            @Nullable String trouble)
            implements KeyRotationOutcome {}
}
