package dev.claviger.connectors;

import dev.claviger.connectors.Words.Badge;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionHealth;
import dev.claviger.credentials.api.Failure;
import dev.claviger.toolsync.api.HealthQuery.HealthFacts;
import dev.claviger.toolsync.api.HealthState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The health of one credential on a page.
 *
 * @param since when it became so; null: not checked yet
 * @param checked the last check
 * @param proved the last check that proved it good
 * @param due the next check
 * @param detail why it is not healthy, in one sentence; null: it is, or nobody knows
 */
record HealthPanel(
        UUID uuid,
        @Nullable UUID connector,
        @Nullable String connectorName,
        @Nullable UUID agent,
        @Nullable String agentName,
        Badge badge,
        @Nullable Moment since,
        @Nullable Moment checked,
        @Nullable Moment proved,
        @Nullable Moment due,
        @Nullable String detail,
        @Nullable String code) {

    static HealthPanel of(HealthFacts facts, Instant now) {
        return new HealthPanel(
                facts.healthId().value(),
                null,
                null,
                null,
                null,
                badge(facts.state()),
                Moment.of(facts.since(), now),
                Moment.of(facts.checkedAt(), now),
                Moment.of(facts.provedAt(), now),
                Moment.of(facts.dueAt(), now),
                detail(facts.cause()),
                code(facts.cause()));
    }

    /** @param facts when checks were made and are due; null: not watched any more */
    static HealthPanel of(ConnectionHealth health, @Nullable HealthFacts facts, Instant now) {
        return new HealthPanel(
                health.connectionId().value(),
                health.connectorId().value(),
                health.connectorName(),
                health.agentId() == null ? null : health.agentId().value(),
                health.agentName(),
                badge(health.state()),
                Moment.of(health.since(), now),
                facts == null ? null : Moment.of(facts.checkedAt(), now),
                facts == null ? null : Moment.of(facts.provedAt(), now),
                facts == null ? null : Moment.of(facts.dueAt(), now),
                detail(health.failure()),
                code(health.failure()));
    }

    static Badge badge(@Nullable HealthState state) {
        if (state == null) {
            return new Badge("muted", "Not checked yet");
        }
        return switch (state) {
            case HEALTHY -> new Badge("ok", "Healthy");
            case REFUSED -> new Badge("bad", "Refused");
            case UNREACHABLE -> new Badge("warn", "Server gave no answer");
            case UNPROVEN -> new Badge("muted", "Cannot be told by listing");
        };
    }

    private static @Nullable String detail(@Nullable Failure cause) {
        return cause == null ? null : cause.detail();
    }

    private static @Nullable String code(@Nullable Failure cause) {
        return cause == null ? null : cause.code().code();
    }
}
