package dev.claviger.credentials;

import com.google.crypto.tink.Aead;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The configured keys that wrap data keys. One is current, the others open what they once wrapped, so that a rotation can
 * re-wrap row by row. But for {@link #open}, none of these methods reaches outside, nor does the {@link Aead} of a key: both may be used inside a
 * database transaction.
 */
interface MasterKeys {

    /** The key that wraps what is sealed from now on. The same for as long as the process runs. */
    MasterKey current();

    /** Every configured key once, the current one first, the others in the order in which they were configured. */
    List<MasterKey> all();

    /** The configured key of this id; empty: what it wrapped cannot be opened here. */
    default Optional<MasterKey> byId(String id) {
        return all().stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /**
     * Makes the keys ready, once, before any other method is called. May make requests: without a transaction.
     *
     * @param stillNeeded whether something in the database is wrapped by the key of this id
     * @throws IllegalStateException with a sentence when a key that is needed cannot be used
     */
    default void open(Predicate<String> stillNeeded) {}

    /** Whether a key can be used now, from memory. */
    default State stateOf(MasterKey key) {
        return State.FOR_EVER;
    }

    /**
     * Asks before something is obtained that can be had only once and must then be sealed.
     *
     * @param enough how long the current key must last; at most half of the time it is kept in memory is demanded
     * @throws dev.claviger.credentials.api.MasterKeyUnavailable when it may not last for so long
     */
    default void checkCurrentLasts(Duration enough) {}

    /**
     * How a key is.
     *
     * @param usable whether it can wrap and unwrap now
     * @param usableUntil how long, if its service does not answer before; null: for ever, or not usable
     * @param trouble why its service did not answer the last time, in a sentence; null: it did, or there is none
     */
    record State(
            boolean usable,
            @Nullable Instant usableUntil,
            @Nullable String trouble) {
        static final State FOR_EVER = new State(true, null, null);
    }

    /**
     * A key that wraps.
     *
     * @param id stored beside everything the key wraps; never changes, and two keys never share one
     * @param reference where the key comes from, for people; holds no secret
     * @param aead wraps and unwraps in memory. Throws {@link dev.claviger.credentials.api.MasterKeyUnavailable} while the
     *     key management service that keeps the key has been out of reach for too long, and
     *     {@link java.security.GeneralSecurityException} when the input was not wrapped by this key
     */
    record MasterKey(String id, String reference, Aead aead) {}
}
