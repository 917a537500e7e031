package dev.claviger.app.security;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Times as pages show them: UTC, to the minute. */
final class Times {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    private Times() {}

    static @Nullable String show(@Nullable Instant time) {
        return time == null ? null : FORMAT.format(time);
    }
}
