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

    /** Nesting of JSON; real schemas stay far below. */
    static final int DEPTH = 100;

    /** 16 MiB, 1,000 pages and 10,000 tools in {@code total}. */
    public static Limits within(Duration total) {
        return new Limits(total, 16 * 1024 * 1024, 1_000, 10_000);
    }
}
