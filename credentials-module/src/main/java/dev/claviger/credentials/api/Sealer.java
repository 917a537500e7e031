package dev.claviger.credentials.api;

import java.time.Duration;

/** Takes secrets in. There is no way back through this interface. */
public interface Sealer {

    /**
     * Encrypts and stores a secret in the caller's transaction.
     *
     * @throws IllegalStateException without an open transaction: a secret without the event that refers to it is an orphan
     * @throws MasterKeyUnavailable when the current master key cannot be used now
     */
    SecretRef seal(SecretPurpose purpose, Secret secret);

    /**
     * Asks before a request whose answer can be had only once and must be sealed. Answers from memory.
     *
     * @param enough how long it may take until then
     * @throws MasterKeyUnavailable when the answer could perhaps not be sealed: do not make the request
     */
    default void checkReady(Duration enough) {}
}
