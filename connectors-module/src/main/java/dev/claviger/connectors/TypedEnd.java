package dev.claviger.connectors;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The last day on which a typed token or secret works, as whoever typed it says.
 *
 * @param at when it is over, in UTC; null: nothing was said, or nothing that can be read
 * @param trouble why it cannot stay so, in a sentence; null: it can
 */
record TypedEnd(@Nullable Instant at, @Nullable String trouble) {

    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    /** Of a secret that may have ended already: the forecast says so. */
    static TypedEnd ofSecret(@Nullable String day) {
        return of(day, Instant.MIN);
    }

    /** As {@link #ofSecret(String)}. */
    static TypedEnd ofSecret(@Nullable Instant at) {
        return at == null || at.isAfter(Instant.EPOCH) && at.isBefore(LATEST)
                ? new TypedEnd(at, null)
                : new TypedEnd(null, "Write a day between 1970 and 9999, or leave it out.");
    }

    /** In the same form; null for none. */
    static @Nullable String lastDay(@Nullable Instant at) {
        return at == null
                ? null
                : LocalDate.ofInstant(at.minusMillis(1), ZoneOffset.UTC).toString();
    }

    static TypedEnd of(@Nullable String day, Instant now) {
        if (day == null || day.isBlank()) {
            return new TypedEnd(null, null);
        }
        try {
            Instant end = LocalDate.parse(day.strip())
                    .plusDays(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
            return ofSecret(end).trouble() == null ? of(end, now) : ofSecret(end);
        } catch (DateTimeException e) {
            return new TypedEnd(null, "Write the day as 2027-01-31, or leave it out.");
        }
    }

    static TypedEnd of(@Nullable Instant at, Instant now) {
        return at == null || at.isAfter(now)
                ? new TypedEnd(at, null)
                : new TypedEnd(
                        null, "A token that has ended serves nobody; enter one that works, or correct its last day.");
    }
}
