package dev.claviger.toolsync.protocol;

import java.time.Duration;

/**
 * What one conversation may cost us.
 *
 * @param total time from the first request to the last answer
 * @param bytes read in all answers together
 * @param pages of the tool list
 * @param tools in all pages together
 */
public record Limits(Duration total, int bytes, int pages, int tools) {

    /** Nesting of JSON in one tool's definition; real schemas stay far below. */
    static final int DEPTH = 100;

    /** Characters of one tool's definition written as JSON; the largest in the field have a tenth of that. */
    static final int DEFINITION = 256 * 1024;

    /** Nesting of JSON in a whole message: enough to see which of its definitions is too deep. */
    static final int MESSAGE_DEPTH = 1_000;

    /** 16 MiB, 1,000 pages and 10,000 tools in {@code total}. */
    public static Limits within(Duration total) {
        return new Limits(total, 16 * 1024 * 1024, 1_000, 10_000);
    }
}
