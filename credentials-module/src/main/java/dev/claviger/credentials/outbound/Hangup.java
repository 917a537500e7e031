package dev.claviger.credentials.outbound;

import org.jspecify.annotations.Nullable;

/**
 * Ends an exchange from another thread: whoever waits for the other side gets {@link Unreachable} at once. For streams that
 * may stay silent for long.
 */
public final class Hangup {

    private boolean over;
    private @Nullable Runnable cancel;

    /** Ends the exchange that carries this, or one that is only about to begin. Repeating it does nothing. */
    public synchronized void hangUp() {
        over = true;
        if (cancel != null) {
            cancel.run();
        }
    }

    /** Whether it was hung up. */
    public synchronized boolean isOver() {
        return over;
    }

    synchronized void begins(Runnable howToCancel) {
        cancel = howToCancel;
        if (over) {
            howToCancel.run();
        }
    }

    synchronized void ends() {
        cancel = null;
    }
}
