package dev.claviger.credentials.outbound;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The other side did not answer: name not found, refused, timeout, broken stream, 5xx, 429. Retry with backoff where the
 * kind of call allows it, then say so.
 */
public final class Unreachable extends RuntimeException {

    private final boolean answerMayBeLost;
    private final @Nullable Duration retryAfter;
    private final boolean throttled;

    /**
     * @param answerMayBeLost true when the request may have reached the server: a one-shot call must not be repeated
     *     blindly
     */
    public Unreachable(String message, boolean answerMayBeLost, @Nullable Duration retryAfter) {
        this(message, answerMayBeLost, retryAfter, false);
    }

    private Unreachable(String message, boolean answerMayBeLost, @Nullable Duration retryAfter, boolean throttled) {
        super(message);
        this.answerMayBeLost = answerMayBeLost;
        this.retryAfter = retryAfter;
        this.throttled = throttled;
    }

    /** It is there, and asks to be left alone for a while before it does anything: 429, or 503 with a time. */
    public static Unreachable throttled(String message, @Nullable Duration retryAfter) {
        return new Unreachable(message, false, retryAfter, true);
    }

    public boolean isThrottled() {
        return throttled;
    }

    public boolean answerMayBeLost() {
        return answerMayBeLost;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
