package dev.claviger.connectors;

import dev.claviger.connectors.Words.Badge;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorRow;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One connector in a list of a page.
 *
 * @param attempt id of the connection that a click on Connect begins; a second click repeats it
 * @param connect whether a click connects it; {@code enterToken}: somebody must enter a token first; {@code sync}: its
 *     tools can be listed
 * @param need what it needs somebody for, in one sentence; null: nothing
 */
record ConnectorLine(
        UUID uuid,
        String name,
        String url,
        String auth,
        Badge status,
        int tools,
        int connections,
        boolean perAgent,
        @Nullable Moment lastSynced,
        boolean connect,
        boolean reconnect,
        boolean enterToken,
        boolean sync,
        UUID attempt,
        @Nullable String need,
        @Nullable String failureCode) {

    static ConnectorLine of(ConnectorRow row, Instant now) {
        boolean unconnected =
                row.status() == ConnectorStatus.NOT_CONNECTED || row.status() == ConnectorStatus.NEEDS_CONSENT;
        boolean oauth = row.authType() == AuthType.OAUTH;
        boolean untried = row.authType() == AuthType.NONE && row.liveConnections() == 0;
        return new ConnectorLine(
                row.connectorId().value(),
                row.name(),
                row.url(),
                Words.auth(row.authType()),
                Words.status(row.status()),
                row.toolCount(),
                row.liveConnections(),
                row.status() == ConnectorStatus.PER_AGENT,
                Moment.of(row.lastSyncedAt(), now),
                unconnected && oauth || untried,
                row.status() == ConnectorStatus.NEEDS_CONSENT,
                unconnected && !oauth,
                !unconnected && !untried && (row.status() != ConnectorStatus.PER_AGENT || row.liveConnections() > 0),
                UUID.randomUUID(),
                need(row, now),
                row.failure() == null ? null : row.failure().code().code());
    }

    private static @Nullable String need(ConnectorRow row, Instant now) {
        if (row.status() == ConnectorStatus.NEEDS_CONSENT) {
            return "The grant is no longer accepted; connect again.";
        }
        if (row.failure() != null) {
            return row.failure().detail();
        }
        if (row.status() == ConnectorStatus.NOT_CONNECTED) {
            return "Not connected yet.";
        }
        Moment expires = Moment.of(row.expiresAt(), now);
        return expires == null
                ? null
                : expires.ago().startsWith("in ")
                        ? "The credential expires " + expires.ago() + " and cannot renew itself; connect again before."
                        : "The credential has expired; connect again.";
    }
}
