package dev.claviger.credentials.vault;

import dev.claviger.credentials.api.SecretRef;
import org.jspecify.annotations.Nullable;

/** Destroys sealed secrets whose destruction no other event tells. */
public interface Shredder {

    /**
     * Destroys the wrapped data key in the caller's transaction, and records there that it did. Repeating it does nothing
     * and records nothing.
     *
     * @param why the rest of a sentence that begins with “because”; nothing from outside
     * @param askedBy who wanted it, as an actor such as {@code person:ada}; null: who acts now
     */
    void shred(SecretRef ref, String why, @Nullable String askedBy);

    /** Of who acts now. */
    default void shred(SecretRef ref, String why) {
        shred(ref, why, null);
    }
}
