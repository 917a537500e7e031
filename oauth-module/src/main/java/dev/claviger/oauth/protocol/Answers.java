package dev.claviger.oauth.protocol;

import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sorts out the answers that say nothing but "not now". */
final class Answers {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private Answers() {}

    /** @throws Unreachable on 5xx and 429 */
    static OutboundResponse reachable(OutboundResponse response, URI from) {
        int status = response.status();
        if (status < 500 && status != 429) {
            return response;
        }
        // 503 and 429 are said before anything is done; other 5xx may come after.
        boolean answerMayBeLost = status != 429 && status != 503;
        throw new Unreachable(from.getHost() + " answered HTTP " + status + ".", answerMayBeLost, retryAfter(response));
    }

    private static @Nullable Duration retryAfter(OutboundResponse response) {
        String seconds = response.header("retry-after").orElse("").trim();
        if (!seconds.matches("[0-9]{1,9}")) {
            return null;
        }
        Duration wait = Duration.ofSeconds(Long.parseLong(seconds));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
}
