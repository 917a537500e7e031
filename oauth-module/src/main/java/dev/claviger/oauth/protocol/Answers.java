package dev.claviger.oauth.protocol;

import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Sorts out the answers that say nothing but "not now". */
final class Answers {

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private Answers() {}

    /** @throws Unreachable on 5xx and 429 */
    static OutboundResponse reachable(OutboundResponse response, URI from) {
        int status = response.status();
        if (status < 500 && status != 429) {
            return response;
        }
        String said = from.getHost() + " answered HTTP " + status + ".";
        Duration wait = retryAfter(response);
        if (status == 429 || (status == 503 && wait != null)) {
            throw Unreachable.throttled(said, wait);
        }
        // 503 is said before anything is done; other 5xx may come after.
        throw new Unreachable(said, status != 503, wait);
    }

    /** In seconds, or as a date, which is measured by the server's own clock (RFC 9110 section 10.2.3). */
    private static @Nullable Duration retryAfter(OutboundResponse response) {
        String said = response.header("retry-after").orElse("").trim();
        if (said.matches("[0-9]{1,9}")) {
            return bounded(Duration.ofSeconds(Long.parseLong(said)));
        }
        Instant until = date(said);
        Instant now = date(response.header("date").orElse("").trim());
        return until == null || now == null || until.isBefore(now) ? null : bounded(Duration.between(now, until));
    }

    private static @Nullable Instant date(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration bounded(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
}
