package dev.claviger.credentials.api;

/** Begins rotations of the master key. */
public interface KeyRotations {

    /**
     * Wraps the data keys of all live secrets anew with the current master key, in the background, while everything else
     * goes on.
     *
     * @param dryRun only tries whether every data key opens, and counts
     * @throws KeyRotationRejected while another one runs
     */
    KeyRotationId begin(boolean dryRun);
}
