package dev.claviger.credentials.outbound;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Stops at a number of bytes and remembers why reading failed, because parsers wrap what they catch. Closing does nothing:
 * the connection's own stream would read on to the end.
 */
final class BoundedBody extends FilterInputStream {

    private final int limit;
    private long read;
    private boolean ended;
    private @Nullable IOException failure;

    BoundedBody(InputStream in, int limit) {
        super(in);
        this.limit = limit;
    }

    /** Why reading failed, if it did. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Whether everything was read. */
    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int count = in.read(buffer, offset, length);
            ended |= count < 0;
            read += Math.max(0, count);
            if (read > limit) {
                throw new OverLimit();
            }
            return count;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
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

    @Override
    public void close() {}

    /** The body is longer than the request allows. */
    static final class OverLimit extends IOException {
        OverLimit() {
            super("The body is longer than the limit");
        }
    }
}
