package dev.claviger.credentials.outbound;

import java.time.Duration;

/** A moment on the monotonic clock after which an exchange is over. */
record Deadline(long nanoTime) {

    static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos());
    }

    /** Never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    boolean passed() {
        return nanoTime - System.nanoTime() <= 0;
    }

    /** The shorter of what is left and {@code limit}, at least a millisecond because zero means for ever in many APIs. */
    long leftMillisAtMost(Duration limit) {
        return Math.max(1, Math.min(left().toMillis(), limit.toMillis()));
    }
}
