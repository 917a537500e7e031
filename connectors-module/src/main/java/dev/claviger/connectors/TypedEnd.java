package dev.claviger.connectors;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * The last day on which a typed token works, as whoever typed it says.
 *
 * @param at when it is over, in UTC; null: nothing was said, or nothing that can be read
 * @param trouble why it cannot stay so, in a sentence; null: it can
 */
record TypedEnd(@Nullable Instant at, @Nullable String trouble) {

    static TypedEnd of(@Nullable String day, Instant now) {
        if (day == null || day.isBlank()) {
            return new TypedEnd(null, null);
        }
        try {
            return of(
                    LocalDate.parse(day.strip())
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant(),
                    now);
        } catch (DateTimeParseException e) {
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
