package dev.claviger.credentials;

import dev.claviger.credentials.api.KeyRotationEvent.KeyRotationStarted;
import dev.claviger.credentials.outbound.Effects;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** Schedules the work of a rotation in the transaction of its beginning. */
@Component
@ProcessingGroup("credentials-jobs")
class KeyRotationJobs {

    private final Effects effects;
    private final RewrapDataKeys rewrapDataKeys;

    KeyRotationJobs(Effects effects, RewrapDataKeys rewrapDataKeys) {
        this.effects = effects;
        this.rewrapDataKeys = rewrapDataKeys;
    }

    @EventHandler
    void on(KeyRotationStarted event) {
        effects.now(rewrapDataKeys, event.rotationId().toString(), new RewrapDataKeys.Job(event.rotationId()));
    }
}
