package dev.claviger.credentials.outbound;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * For whom this thread makes requests: while one is open, every request of the thread is written into the trace of that
 * attempt. An inner one goes before an outer one; without any, nothing is written.
 */
public final class ExchangeScope implements AutoCloseable {

    private static final ThreadLocal<@Nullable UUID> CURRENT = new ThreadLocal<>();

    private final @Nullable UUID outer;

    private ExchangeScope(@Nullable UUID outer) {
        this.outer = outer;
    }

    /** @param attempt null leaves what is open as it is */
    public static ExchangeScope of(@Nullable UUID attempt) {
        UUID outer = CURRENT.get();
        if (attempt != null) {
            CURRENT.set(attempt);
        }
        return new ExchangeScope(outer);
    }

    /** The attempt of this thread, to be handed to another thread that works for it. */
    public static @Nullable UUID current() {
        return CURRENT.get();
    }

    @Override
    public void close() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
