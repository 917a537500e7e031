package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that wrap all others: where they come from, whether they can be used, and how much each still wraps. */
public interface MasterKeyStatus {

    /** True when we made the current key ourselves and it lies beside the data: whoever copies the disk has both. */
    boolean generatedLocally();

    /** Where the current key comes from, in words. */
    String description();

    /**
     * The current key first, then the others in the order in which they are configured, then those that are not configured
     * here and yet wrap something. Reads the database, never a key management service.
     */
    List<Key> keys();

    /** Since when the current key is known to be in use, at the latest; null: nothing is sealed under it yet. */
    @Nullable
    Instant inUseSince();

    /** Whether the current key can be used now. Answers from memory. */
    boolean usable();

    /**
     * What is wrong with the configured keys, a sentence for each that cannot be used or will not be for long; empty: nothing
     * is. Answers from memory.
     */
    List<String> troubles();

    /**
     * One master key.
     *
     * @param id as stored beside what it wraps, for example {@code local:123456} or {@code aws-kms:0a1b2c3d4e5f}
     * @param reference where it comes from; no secret
     * @param current whether new secrets are sealed under it
     * @param configured whether this node was given it
     * @param usable whether this node can seal and open with it now
     * @param usableUntil how long it can, should its key management service fall silent; null: for ever, or not usable
     * @param trouble why its service did not answer the last time, in a sentence; null: it answered, or has no service
     * @param liveSecrets how many secrets that have not been shredded it wraps
     */
    record Key(
            String id,
            String reference,
            boolean current,
            boolean configured,
            boolean usable,
            @Nullable Instant usableUntil,
            @Nullable String trouble,
            long liveSecrets) {}
}
