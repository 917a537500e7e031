package dev.claviger.credentials;

import com.google.crypto.tink.Aead;
import java.util.List;
import java.util.Optional;

/**
 * The configured keys that wrap data keys. One is current, the others open what they once wrapped, so that a rotation can
 * re-wrap row by row. None of these methods reaches outside, nor does the {@link Aead} of a key: both may be used inside a
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
