package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The time and the bytes that are left of a conversation's {@link Limits}. May be spent by several threads. */
final class Budget {

    private final Duration total;
    private final int most;
    private final long end;
    private final AtomicInteger bytes;

    Budget(Limits limits) {
        this(limits.total(), limits.bytes());
    }

    Budget(Duration total, int most) {
        this.total = total;
        this.most = most;
        this.end = System.nanoTime() + total.toNanos();
        this.bytes = new AtomicInteger(most);
    }

    /** What is left, more than nothing. */
    Duration time() {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw overdue(false);
        }
        return Duration.ofNanos(left);
    }

    Duration timeAtMost(Duration limit) {
        Duration left = time();
        return left.compareTo(limit) < 0 ? left : limit;
    }

    boolean hasTime() {
        return end - System.nanoTime() > 0;
    }

    int bytes() {
        int left = bytes.get();
        if (left <= 0) {
            throw tooMuch();
        }
        return left;
    }

    /** @param answerMayBeLost whether something was sent whose answer is still out */
    Unreachable overdue(boolean answerMayBeLost) {
        return new Unreachable(
                "The server did not finish within %s seconds".formatted(total.toMillis() / 1000.0),
                answerMayBeLost,
                null);
    }

    /** Counts what is read of {@code body} against the bytes left. */
    InputStream count(InputStream body) {
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                int read = super.read();
                spend(read < 0 ? 0 : 1);
                return read;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                spend(Math.max(read, 0));
                return read;
            }
        };
    }

    private void spend(int read) {
        if (bytes.addAndGet(-read) < 0) {
            throw tooMuch();
        }
        // A stream that trickles is within the limit of each read, not within the one of the whole.
        if (!hasTime()) {
            throw overdue(true);
        }
    }

    private Untrusted tooMuch() {
        return new Untrusted(
                FailureCode.LIMIT_EXCEEDED,
                "The server sent more than %d KiB in one conversation; no honest one does".formatted(most / 1024));
    }
}
