package dev.claviger.toolsync.api;

import dev.claviger.credentials.api.CredentialId;
import java.util.Map;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What may be asked of the watch over a credential's health. Outcomes that only this module may record stand in the module. */
public sealed interface HealthCommand {

    HealthId healthId();

    /**
     * Begins to watch, soon and then on a schedule, or changes what is watched. Repeating it does nothing, and so does
     * asking for it after the end.
     *
     * @param catalogId what the server offers
     * @param headers custom headers, without secrets
     * @param headerName the header that carries the credential; null: {@code Authorization} with a bearer token
     * @param keepsTools whether the tools that all see are listed with this credential, so that a check that finds other
     *     tools than those known lists them anew
     */
    record WatchHealth(
            @TargetAggregateIdentifier HealthId healthId,
            ToolCatalogId catalogId,
            CredentialId credentialId,
            String serverUrl,
            Map<String, String> headers,
            @Nullable String headerName,
            boolean keepsTools)
            implements HealthCommand {}

    /** Checks now. Refused when the credential is not watched. */
    record CheckHealth(@TargetAggregateIdentifier HealthId healthId) implements HealthCommand {}

    /** The connection is over. Repeating it does nothing. */
    record EndHealthWatch(@TargetAggregateIdentifier HealthId healthId) implements HealthCommand {}
}
