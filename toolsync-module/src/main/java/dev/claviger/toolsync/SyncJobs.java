package dev.claviger.toolsync;

import dev.claviger.credentials.outbound.Effects;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** Schedules a listing in the transaction that asks for it. */
@Component
@ProcessingGroup("toolsync-jobs")
class SyncJobs {

    private final Effects effects;
    private final ListTools listTools;

    SyncJobs(Effects effects, ListTools listTools) {
        this.effects = effects;
        this.listTools = listTools;
    }

    @EventHandler
    void on(SyncRequested event) {
        effects.now(listTools, event.syncId().toString(), event);
    }
}
