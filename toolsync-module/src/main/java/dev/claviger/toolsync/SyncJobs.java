package dev.claviger.toolsync;

import dev.claviger.credentials.outbound.Effects;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessCheckRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** Schedules a listing or a check in the transaction that asks for it. */
@Component
@ProcessingGroup("toolsync-jobs")
class SyncJobs {

    private final Effects effects;
    private final ListTools listTools;
    private final TryCredential tryCredential;

    SyncJobs(Effects effects, ListTools listTools, TryCredential tryCredential) {
        this.effects = effects;
        this.listTools = listTools;
        this.tryCredential = tryCredential;
    }

    @EventHandler
    void on(SyncRequested event) {
        effects.now(listTools, event.syncId().toString(), event);
    }

    @EventHandler
    void on(AccessCheckRequested event) {
        effects.now(tryCredential, event.checkId().toString(), event);
    }
}
