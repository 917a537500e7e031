package dev.claviger.credentials;

import com.google.crypto.tink.Aead;
import java.util.Optional;

/**
 * The keys that wrap data keys. One is current, others may still open what they once wrapped, so that a rotation can
 * re-wrap row by row. A key in a key management service is another implementation.
 */
interface MasterKeys {

    MasterKey current();

    Optional<MasterKey> byId(String id);

    /** @param id stored beside everything the key wraps */
    record MasterKey(String id, Aead aead) {}
}
