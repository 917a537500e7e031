package dev.claviger.connectors;

import dev.claviger.connectors.Words.Badge;
import dev.claviger.connectors.api.AgentQuery.AgentRow;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnection;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One agent in a list of a page. */
record AgentLine(
        UUID uuid,
        String name,
        String description,
        int keys,
        int connections,
        int tools,
        @Nullable Badge status,
        @Nullable Moment since) {

    static AgentLine of(AgentRow row, Instant now) {
        return new AgentLine(
                row.agentId().value(),
                row.name(),
                row.description(),
                row.keys(),
                row.connections(),
                row.tools(),
                null,
                Moment.of(row.createdAt(), now));
    }

    /** An agent with a live connection to a per-agent connector. */
    static AgentLine connected(LiveConnection connection, Instant now) {
        return new AgentLine(
                Objects.requireNonNull(connection.agentId(), "Only connections of agents are listed")
                        .value(),
                String.valueOf(connection.agentName()),
                "",
                0,
                0,
                0,
                badge(connection, now),
                Moment.of(connection.since(), now));
    }

    private static Badge badge(LiveConnection connection, Instant now) {
        if (connection.needsConsent()) {
            return new Badge("bad", "Reconnect needed");
        }
        Moment expires = Moment.of(connection.expiresAt(), now);
        if (expires != null) {
            return expires.ago().startsWith("in ")
                    ? new Badge("warn", "Expires " + expires.ago())
                    : new Badge("bad", "Expired");
        }
        Failure failure = connection.failure();
        if (failure == null) {
            return new Badge("ok", "Connected");
        }
        return failure.code() == FailureCode.CREDENTIAL_DEAD
                ? new Badge("bad", "Refused by the server")
                : new Badge("warn", "Refresh fails");
    }
}
