package dev.claviger.connectors;

import dev.claviger.connectors.Words.Badge;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempt;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One attempt to connect in a list of a page. */
record AttemptLine(
        UUID uuid,
        @Nullable UUID agent,
        @Nullable String agentName,
        Badge result,
        @Nullable Moment requested,
        @Nullable String detail,
        @Nullable String failureCode,
        boolean ended) {

    static AttemptLine of(ConnectionAttempt attempt, Instant now) {
        return new AttemptLine(
                attempt.connectionId().value(),
                attempt.agentId() == null ? null : attempt.agentId().value(),
                attempt.agentName(),
                switch (attempt.state()) {
                    case RUNNING, AWAITING_APPROVAL, AWAITING_CONSENT, AWAITING_ACCOUNT ->
                        new Badge("warn", "Under way");
                    case LIVE -> new Badge("ok", "Connected");
                    case FAILED -> new Badge("bad", "Failed");
                    case REPLACED -> new Badge("muted", "Replaced since");
                    case ENDED -> new Badge("muted", "Ended since");
                },
                Moment.of(attempt.requestedAt(), now),
                attempt.failure() == null ? null : attempt.failure().detail(),
                attempt.failure() == null ? null : attempt.failure().code().code(),
                attempt.state() == ConnectionState.ENDED || attempt.state() == ConnectionState.REPLACED);
    }
}
