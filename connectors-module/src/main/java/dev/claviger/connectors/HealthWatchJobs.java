package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEnded;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorEdited;
import dev.claviger.credentials.outbound.Effects;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Has a credential watched from the moment it serves until it serves no more. */
@Component
@ProcessingGroup("connectors-jobs")
class HealthWatchJobs {

    private final HealthWatches watches;
    private final WatchConnections watchConnections;
    private final Effects effects;

    HealthWatchJobs(HealthWatches watches, WatchConnections watchConnections, Effects effects) {
        this.watches = watches;
        this.watchConnections = watchConnections;
        this.effects = effects;
    }

    @EventHandler
    void on(ConnectionEstablished event) {
        ConnectionId replaced = event.replaced();
        if (event.authType() != AuthType.NONE) {
            if (replaced != null) {
                watches.end(replaced);
            }
            watches.watch(event.connectorId().value(), event.connectionId());
        }
    }

    @EventHandler
    void on(ConnectionEnded event) {
        if (event.authType() != AuthType.NONE) {
            watches.end(event.connectionId());
        }
    }

    /** A job, because it may concern a thousand agents; each edit has its own, so that the last one counts. */
    @EventHandler
    void on(ConnectorEdited event) {
        effects.now(
                watchConnections,
                event.connectorId() + "/" + UUID.randomUUID(),
                new WatchConnections.Data(event.connectorId()));
    }

    /** Connections of an earlier version are live, and nobody watches them yet. */
    @EventListener
    void started(ApplicationReadyEvent event) {
        if (watchConnections.unwatched() > 0) {
            effects.now(watchConnections, "unwatched", new WatchConnections.Data(null));
        }
    }
}
