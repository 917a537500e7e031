package dev.claviger.connectors;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A time as pages show it.
 *
 * @param iso for machines
 * @param utc to the second, for people who compare
 * @param ago seen from now, for people who skim
 */
record Moment(String iso, String utc, String ago) {

    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    static @Nullable Moment of(@Nullable Instant at, Instant now) {
        if (at == null) {
            return null;
        }
        Duration distance = Duration.between(at, now);
        String words = words(distance.abs());
        String ago = words.equals("now") ? "just now" : distance.isNegative() ? "in " + words : words + " ago";
        return new Moment(at.truncatedTo(ChronoUnit.MILLIS).toString(), UTC.format(at), ago);
    }

    /** To the second: for sentences, and where nobody can say how long ago. */
    static String utc(Instant at) {
        return UTC.format(at);
    }

    private static String words(Duration distance) {
        if (distance.toSeconds() < 10) {
            return "now";
        }
        if (distance.toMinutes() < 1) {
            return distance.toSeconds() + " s";
        }
        if (distance.toHours() < 1) {
            return distance.toMinutes() + " min";
        }
        if (distance.toDays() < 1) {
            return distance.toHours() + " h";
        }
        return Words.count((int) distance.toDays(), "day");
    }

    /** How long something took: {@code 12 ms}, {@code 1.4 s}, {@code 3 min 5 s}. */
    static String took(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        return millis / 60_000 + " min " + millis % 60_000 / 1_000 + " s";
    }
}
