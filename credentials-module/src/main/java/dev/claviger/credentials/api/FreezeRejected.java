package dev.claviger.credentials.api;

/** A freeze or thaw that cannot be; the message says what to do. */
public final class FreezeRejected extends RuntimeException {

    public FreezeRejected(String message) {
        super(message);
    }
}
