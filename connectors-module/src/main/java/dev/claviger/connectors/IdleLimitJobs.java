package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorEdited;
import dev.claviger.credentials.outbound.Effects;
import java.util.List;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** Has credentials know the idle limit that an admin entered, from the moment they serve and whenever it changes. */
@Component
@ProcessingGroup("connectors-jobs")
class IdleLimitJobs {

    private final IdleLimits limits;
    private final SpreadIdleLimit spreadIdleLimit;
    private final Effects effects;

    IdleLimitJobs(IdleLimits limits, SpreadIdleLimit spreadIdleLimit, Effects effects) {
        this.limits = limits;
        this.spreadIdleLimit = spreadIdleLimit;
        this.effects = effects;
    }

    /** As it is now, whatever it was when the attempt began: an edit in between had no credential to tell. */
    @EventHandler
    void on(ConnectionEstablished event) {
        Integer days = event.authType() == AuthType.OAUTH ? limits.entered(event.connectorId()) : null;
        if (days != null) {
            limits.tell(List.of(event.connectionId()), days);
        }
    }

    /** A job, because it may concern a thousand agents; each edit has its own, so that the last one counts. */
    @EventHandler
    void on(ConnectorEdited event) {
        if (event.settings().authType() == AuthType.OAUTH) {
            effects.now(
                    spreadIdleLimit,
                    event.connectorId() + "/" + UUID.randomUUID(),
                    new SpreadIdleLimit.Data(event.connectorId()));
        }
    }
}
