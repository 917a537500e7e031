package dev.claviger.credentials.outbound;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What was heard of an answer while another read it: its head, the beginning of its body, how long it was. */
final class Heard {

    private static final int LONGEST_BEGINNING = 64 * 1024;

    private final Instant begun = Instant.now();
    private final long start = System.nanoTime();
    private byte[] beginning = new byte[0];
    private int kept;
    private long bytes;
    private @Nullable OutboundResponse head;

    InputStream listen(OutboundResponse received, InputStream body) {
        head = received;
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = in.read(buffer, offset, length);
                if (count > 0) {
                    keep(buffer, offset, count);
                }
                return count;
            }

            @Override
            public long skip(long count) throws IOException {
                byte[] skipped = new byte[(int) Math.min(count, 8192)];
                return Math.max(0, read(skipped, 0, skipped.length));
            }

            @Override
            public boolean markSupported() {
                return false;
            }
        };
    }

    private void keep(byte[] buffer, int offset, int count) {
        bytes += count;
        int more = Math.min(count, LONGEST_BEGINNING - kept);
        if (more > 0) {
            if (kept + more > beginning.length) {
                beginning = Arrays.copyOf(
                        beginning, Math.min(LONGEST_BEGINNING, Math.max(2 * beginning.length, kept + more)));
            }
            System.arraycopy(buffer, offset, beginning, kept, more);
            kept += more;
        }
    }

    @Nullable
    OutboundResponse head() {
        return head;
    }

    byte[] beginning() {
        return Arrays.copyOf(beginning, kept);
    }

    Instant begun() {
        return begun;
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    long bytes() {
        return bytes;
    }
}
