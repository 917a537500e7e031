package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What may be asked about rotations of the master key. */
public sealed interface KeyQuery {

    /**
     * Answers {@link RotationList}, the newest first.
     *
     * @param limit 1 to 1,000
     */
    record FindRotations(int offset, int limit) implements KeyQuery {}

    /** Answers the {@link Rotation}, or nothing. */
    record FindRotation(KeyRotationId rotationId) implements KeyQuery {}

    /**
     * A rotation and how far it is.
     *
     * @param expected how many live secrets there were to look at when it began
     * @param opened how many data keys opened so far and were wrapped anew; in a dry run they only opened
     * @param unreadable how many did not open; nothing is done to them
     * @param unreadableSecrets the first hundred of those
     * @param parts the same by the master key that wrapped them before
     * @param trouble why it ended early, in words
     * @param left how many live secrets other keys still wrapped when it ended, the unreadable ones among them; after a
     *     dry run those that a rotation has to do; null: it has not ended, or did before this was kept
     */
    record Rotation(
            KeyRotationId rotationId,
            boolean dryRun,
            String toKey,
            RotationState state,
            long expected,
            long opened,
            long unreadable,
            List<UUID> unreadableSecrets,
            List<RotationPart> parts,
            @Nullable String trouble,
            Instant beganAt,
            @Nullable Instant endedAt,
            @Nullable Long left) {

        /** How many live secrets a rotation left to other keys although their data keys may open. */
        public long leftReadable() {
            return dryRun || left == null ? 0 : Math.max(0, left - unreadable);
        }
    }

    record RotationPart(String fromKey, long opened, long unreadable) {}

    /** @param total how many there were ever */
    record RotationList(List<Rotation> items, int total) {}

    /** Where a rotation stands. */
    enum RotationState {
        RUNNING,
        DONE,
        /** It gave up; what it did stays done, and the next one goes on from there. */
        FAILED
    }
}
