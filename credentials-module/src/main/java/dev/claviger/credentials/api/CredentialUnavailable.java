package dev.claviger.credentials.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** There is no credential to hand out; {@link #reason()} says what the caller must do. */
public final class CredentialUnavailable extends RuntimeException {

    /** What the reader must do. */
    public enum Reason {
        /** Connect again: never consented, or the grant is dead. HTTP 409. */
        NEEDS_CONSENT,
        /** It was revoked on purpose. HTTP 410. */
        REVOKED,
        /** The authorization server is out of reach and the old token is dead. HTTP 503. */
        TRY_LATER,
        /** An admin has frozen it, or the one who asks; it comes back with the thaw, nothing is lost. HTTP 423. */
        FROZEN
    }

    private final Reason reason;
    private final @Nullable Duration retryAfter;

    public CredentialUnavailable(Reason reason, String message) {
        this(reason, message, null);
    }

    public CredentialUnavailable(Reason reason, String message, @Nullable Duration retryAfter) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    /** How long to wait, for {@link Reason#TRY_LATER}. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
