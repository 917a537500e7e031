package dev.claviger.credentials.api;

/** Takes secrets in. There is no way back through this interface. */
public interface Sealer {

    /**
     * Encrypts and stores a secret in the caller's transaction.
     *
     * @throws IllegalStateException without an open transaction: a secret without the event that refers to it is an orphan
     */
    SecretRef seal(SecretPurpose purpose, Secret secret);
}
