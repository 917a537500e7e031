package dev.claviger.toolsync;

import dev.claviger.credentials.outbound.Effects;
import dev.claviger.toolsync.WatchToolCall.WatchedCall;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessCheckRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountAsked;
import dev.claviger.toolsync.api.ToolCatalogEvent.RevokedProbeRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolCallRequested;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.stereotype.Component;

/** Schedules a listing, a check or the watch over a call in the transaction that asks for it. */
@Component
@ProcessingGroup("toolsync-jobs")
class SyncJobs {

    private final Effects effects;
    private final ListTools listTools;
    private final TryCredential tryCredential;
    private final WatchToolCall watchToolCall;
    private final ProbeRevokedCredential probeRevoked;
    private final AskAccountTool askAccountTool;

    SyncJobs(
            Effects effects,
            ListTools listTools,
            TryCredential tryCredential,
            WatchToolCall watchToolCall,
            ProbeRevokedCredential probeRevoked,
            AskAccountTool askAccountTool) {
        this.effects = effects;
        this.listTools = listTools;
        this.tryCredential = tryCredential;
        this.watchToolCall = watchToolCall;
        this.probeRevoked = probeRevoked;
        this.askAccountTool = askAccountTool;
    }

    @EventHandler
    void on(SyncRequested event) {
        effects.now(listTools, event.syncId().toString(), event);
    }

    @EventHandler
    void on(AccessCheckRequested event) {
        effects.now(tryCredential, event.checkId().toString(), event);
    }

    @EventHandler
    void on(RevokedProbeRequested event) {
        effects.now(probeRevoked, event.probeId().toString(), event);
    }

    @EventHandler
    void on(AccountAsked event) {
        effects.now(askAccountTool, event.askId().toString(), event);
    }

    @EventHandler
    void on(ToolCallRequested event, @Timestamp Instant at) {
        effects.at(
                at.plus(watchToolCall.patience()),
                watchToolCall,
                event.callId().toString(),
                new WatchedCall(event.catalogId(), event.callId()));
    }
}
