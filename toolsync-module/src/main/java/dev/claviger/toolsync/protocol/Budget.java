package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** The time and the bytes that are left of a conversation's {@link Limits}. */
final class Budget {

    private final Limits limits;
    private final long end;
    private int bytes;

    Budget(Limits limits) {
        this.limits = limits;
        this.end = System.nanoTime() + limits.total().toNanos();
        this.bytes = limits.bytes();
    }

    Duration time() {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new Unreachable(
                    "The server did not finish within %d seconds"
                            .formatted(limits.total().toSeconds()),
                    false,
                    null);
        }
        return Duration.ofNanos(left);
    }

    int bytes() {
        if (bytes <= 0) {
            throw tooMuch();
        }
        return bytes;
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
        bytes -= read;
        if (bytes < 0) {
            throw tooMuch();
        }
        // A stream that trickles is within the limit of each read, not within the one of the whole.
        time();
    }

    private Untrusted tooMuch() {
        return new Untrusted(
                FailureCode.LIMIT_EXCEEDED,
                "The server sent more than %d KiB; a tool list is never that long".formatted(limits.bytes() / 1024));
    }
}
