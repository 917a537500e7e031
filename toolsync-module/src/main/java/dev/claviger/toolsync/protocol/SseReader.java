package dev.claviger.toolsync.protocol;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events as they come: comments skipped, data lines joined, lines ended by CR, LF or both, a byte order
 * mark tolerated, an event cut off by the end of the stream dropped. How much is read is the stream's own limit.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">HTML, 9.2.5</a>
 */
final class SseReader {

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(60);

    private final InputStream in;
    private final Place place;
    private boolean first = true;
    private boolean afterCr;

    /** Where a broken stream may be taken up again. Outlives the stream: an event without an id does not change it. */
    static final class Place {
        @Nullable
        String lastEventId;

        @Nullable
        Duration retry;

        /** How long to wait before that: as long as the server wishes, within reason. */
        Duration pause() {
            Duration wished = retry == null ? RETRY : retry;
            return wished.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : wished;
        }
    }

    SseReader(InputStream in) {
        this(in, new Place());
    }

    SseReader(InputStream in, Place place) {
        this.in = new BufferedInputStream(in);
        this.place = place;
    }

    /** The next event with data; null at the end of the stream. */
    @Nullable
    SseEvent next() throws IOException {
        String type = "";
        String id = null;
        StringBuilder data = null;
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                if (id != null) {
                    place.lastEventId = id.isEmpty() ? null : id;
                }
                if (data != null) {
                    return new SseEvent(type.isEmpty() ? "message" : type, data.toString());
                }
                type = "";
                id = null;
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + (line.startsWith(" ", colon + 1) ? 2 : 1));
            switch (field) {
                case "event" -> type = value;
                case "data" ->
                    data = data == null
                            ? new StringBuilder(value)
                            : data.append('\n').append(value);
                case "id" -> id = isHeaderSafe(value) ? value : id;
                case "retry" -> {
                    if (value.matches("[0-9]{1,9}")) {
                        place.retry = Duration.ofMillis(Long.parseLong(value));
                    }
                }
                default -> {}
            }
        }
        return null;
    }

    /** What could not be sent back in a header names no place. */
    private static boolean isHeaderSafe(String id) {
        return id.length() <= 1024 && id.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** A line without its end, or null at the end of the stream; an unfinished line is no line. */
    private @Nullable String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int read = in.read(); read >= 0; read = in.read()) {
            // The LF of a CRLF is skipped when it comes, not waited for: it may come with the next event only.
            boolean secondHalf = afterCr && read == '\n';
            afterCr = read == '\r';
            if (secondHalf) {
                continue;
            }
            if (read == '\r' || read == '\n') {
                return decode(bytes);
            }
            bytes.write(read);
        }
        return null;
    }

    private String decode(ByteArrayOutputStream bytes) {
        String line = bytes.toString(StandardCharsets.UTF_8);
        boolean mark = first && line.startsWith("\uFEFF");
        first = false;
        return mark ? line.substring(1) : line;
    }
}
