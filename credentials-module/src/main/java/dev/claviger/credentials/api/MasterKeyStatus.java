package dev.claviger.credentials.api;

/** Where the key that wraps all others comes from; the start page warns with it. */
public interface MasterKeyStatus {

    /** True when we made the key ourselves and it lies beside the data: whoever copies the disk has both. */
    boolean generatedLocally();

    /** Where it comes from, in words. */
    String description();
}
