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

    /**
     * @param answerMayBeLost true when the request may have reached the server: a one-shot call must not be repeated
     *     blindly
     */
    public Unreachable(String message, boolean answerMayBeLost, @Nullable Duration retryAfter) {
        super(message);
        this.answerMayBeLost = answerMayBeLost;
        this.retryAfter = retryAfter;
    }

    public boolean answerMayBeLost() {
        return answerMayBeLost;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
