package dev.claviger.toolsync;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.toolsync.api.ToolCatalogEvent.CallOutcome;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** The beginning and the end of a tool call; only this module may record them. */
sealed interface Calling {

    /** Refused when the catalogue has no such tool, or the call was recorded before. */
    record RequestToolCall(
            @TargetAggregateIdentifier ToolCatalogId catalogId,
            UUID callId,
            String tool,
            List<String> arguments,
            @Nullable CredentialId credentialId)
            implements Calling {}

    /** Only while the call is under way; later it does nothing. */
    record RecordToolCall(
            @TargetAggregateIdentifier ToolCatalogId catalogId,
            UUID callId,
            CallOutcome outcome,
            @Nullable Failure failure,
            Duration took)
            implements Calling {}
}
