package dev.claviger.credentials.api;

/** Begins rotations of the master key, and says what hangs on a key besides secrets. */
public interface KeyRotations {

    /**
     * Wraps the data keys of all live secrets anew with the current master key, in the background, while everything else
     * goes on.
     *
     * @param dryRun only tries whether every data key opens, and counts
     * @throws KeyRotationRejected while another one runs
     */
    KeyRotationId begin(boolean dryRun);

    /** The id of the master key that wraps the key of the fingerprints; it is needed even when no secret is left to it. */
    String wrapsFingerprintKey();
}
