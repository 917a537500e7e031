package dev.claviger.toolsync;

import dev.claviger.credentials.api.Failure;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.protocol.ServerInfo;
import java.util.List;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Outcomes of a listing; only this module may record them. */
sealed interface Listing {

    /** @param tools all of them, names unique */
    record RecordTools(
            @TargetAggregateIdentifier ToolCatalogId catalogId, UUID syncId, ServerInfo server, List<Tool> tools)
            implements Listing {}

    record RecordSyncFailure(@TargetAggregateIdentifier ToolCatalogId catalogId, UUID syncId, Failure failure)
            implements Listing {}
}
