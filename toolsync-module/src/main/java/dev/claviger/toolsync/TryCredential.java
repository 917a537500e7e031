package dev.claviger.toolsync;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.toolsync.Listing.RecordAccess;
import dev.claviger.toolsync.Listing.RecordSyncFailure;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessCheckRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import java.time.Duration;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lists a server's tools with a credential only to see whether it is let in; what it lists is not taken over. */
@Component
class TryCredential extends Effect<AccessCheckRequested> {

    private final ListTools listTools;
    private final CommandGateway commands;

    TryCredential(ListTools listTools, CommandGateway commands) {
        super("toolsync.try-credential", AccessCheckRequested.class, 3, Duration.ofSeconds(2));
        this.listTools = listTools;
        this.commands = commands;
    }

    @Override
    protected UUID attempt(AccessCheckRequested check) {
        return check.credentialId().value();
    }

    @Override
    protected void perform(AccessCheckRequested check) {
        Listing outcome = listTools.outcome(asListing(check));
        record(check, outcome instanceof RecordSyncFailure failed ? failed.failure() : null);
    }

    @Override
    protected void giveUp(AccessCheckRequested check, RuntimeException cause) {
        record(check, ListTools.lastWord(asListing(check), cause));
    }

    private void record(AccessCheckRequested check, @Nullable Failure failure) {
        commands.sendAndWait(new RecordAccess(check.catalogId(), check.checkId(), failure));
    }

    private static SyncRequested asListing(AccessCheckRequested check) {
        return new SyncRequested(
                check.catalogId(), check.checkId(), check.serverUrl(), check.headers(), check.credentialId(), false);
    }
}
