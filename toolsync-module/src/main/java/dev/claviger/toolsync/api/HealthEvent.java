package dev.claviger.toolsync.api;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became known of a credential's health: every change, and while nothing changes one sign of life a day. */
public sealed interface HealthEvent {

    HealthId healthId();

    /** The credential is checked from now on. Told again when the way to its server changes. */
    record HealthWatched(
            HealthId healthId,
            ToolCatalogId catalogId,
            CredentialId credentialId,
            String serverUrl,
            Map<String, String> headers,
            @Nullable String headerName,
            boolean keepsTools)
            implements HealthEvent {}

    /** Somebody wants to know now. */
    record HealthCheckRequested(HealthId healthId) implements HealthEvent {}

    /**
     * A check found something else than the one before.
     *
     * @param former null: it was never checked
     * @param cause why it is not healthy; null for {@link HealthState#HEALTHY}
     */
    record HealthChanged(
            HealthId healthId,
            HealthState state,
            @Nullable HealthState former,
            @Nullable Failure cause) implements HealthEvent {}

    /** Still so, after at least the pause between two such signs of life. */
    record HealthConfirmed(HealthId healthId, HealthState state) implements HealthEvent {}

    record HealthWatchEnded(HealthId healthId) implements HealthEvent {}
}
