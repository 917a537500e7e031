package dev.claviger.credentials.api;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to the keys that wrap all others. Keys are named by their ids, which tell nothing about them. */
public sealed interface KeyRotationEvent {

    KeyRotationId rotationId();

    /**
     * The data keys of all live secrets are wrapped anew from now on.
     *
     * @param toKey the master key that is to wrap them
     * @param secretsByKey how many live secrets each master key wrapped, by its id
     * @param dryRun whether it is only tried
     */
    record KeyRotationStarted(KeyRotationId rotationId, String toKey, Map<String, Long> secretsByKey, boolean dryRun)
            implements KeyRotationEvent {}

    /**
     * It came to its end.
     *
     * @param rewrapped how many secrets were wrapped anew, by the key that wrapped them before; of a dry run how many
     *     would be
     * @param unreadable how many data keys did not open; nothing was done to them
     * @param unreadableSecrets the first hundred of those
     * @param left how many live secrets other keys than {@code toKey} still wrap
     * @param trouble why it ended early, in words; null: it did not
     */
    record KeyRotationEnded(
            KeyRotationId rotationId,
            String toKey,
            Map<String, Long> rewrapped,
            long unreadable,
            List<UUID> unreadableSecrets,
            long left,
            boolean dryRun,
            @Nullable String trouble)
            implements KeyRotationEvent {}
}
