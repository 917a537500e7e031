package dev.claviger.toolsync;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.Identification;
import dev.claviger.toolsync.api.HealthQuery.Sight;
import dev.claviger.toolsync.api.ToolCatalogEvent.ProbeVerdict;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.protocol.ServerInfo;
import dev.claviger.toolsync.protocol.ToolListing;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Outcomes of a listing, a check or a probe; only this module may record them. */
sealed interface Listing {

    record RecordTools(
            @TargetAggregateIdentifier ToolCatalogId catalogId, UUID syncId, ServerInfo server, ToolListing listing)
            implements Listing {}

    record RecordSyncFailure(@TargetAggregateIdentifier ToolCatalogId catalogId, UUID syncId, Failure failure)
            implements Listing {}

    /** @param failure null: the server takes the credential */
    record RecordAccess(
            @TargetAggregateIdentifier ToolCatalogId catalogId,
            UUID checkId,
            @Nullable Failure failure) implements Listing {}

    record RecordAccount(@TargetAggregateIdentifier ToolCatalogId catalogId, UUID askId, Identification identification)
            implements Listing {}

    record RecordProbe(
            @TargetAggregateIdentifier ToolCatalogId catalogId, UUID probeId, ProbeVerdict verdict, String detail)
            implements Listing {}

    /** What a listing proves at this server, see {@link dev.claviger.toolsync.api.ToolCatalogEvent.ListingProbed}. */
    record RecordProof(
            @TargetAggregateIdentifier ToolCatalogId catalogId,
            String headerName,
            Sight withoutCredential,
            Sight withWrong,
            boolean proves)
            implements Listing {}
}
