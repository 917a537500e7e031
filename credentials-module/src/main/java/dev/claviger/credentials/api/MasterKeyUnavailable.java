package dev.claviger.credentials.api;

import java.time.Duration;

/**
 * A master key cannot be used now, because the key management service that keeps it has not answered for longer than the
 * key is kept in memory. Nothing is lost: what is sealed under it opens again when the service is back.
 */
public final class MasterKeyUnavailable extends RuntimeException {

    private final Duration retryAfter;

    public MasterKeyUnavailable(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    public Failure failure() {
        return new Failure(FailureCode.MASTER_KEY_UNAVAILABLE, String.valueOf(getMessage()));
    }

    /** How long to wait before it is worth to ask again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
