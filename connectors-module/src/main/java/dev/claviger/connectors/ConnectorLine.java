package dev.claviger.connectors;

import dev.claviger.connectors.Words.Badge;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorRow;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One connector in a list of a page.
 *
 * @param agents whether the agents of the connector are where to look
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
        boolean agents,
        UUID attempt,
        @Nullable String need,
        @Nullable String failureCode) {

    static ConnectorLine of(ConnectorRow row, Instant now) {
        boolean perAgent = row.status() == ConnectorStatus.PER_AGENT;
        boolean unconnected =
                row.status() == ConnectorStatus.NOT_CONNECTED || row.status() == ConnectorStatus.NEEDS_CONSENT;
        boolean oauth = row.authType() == AuthType.OAUTH;
        boolean untried = row.authType() == AuthType.NONE && row.liveConnections() == 0;
        boolean reconnect = row.status() == ConnectorStatus.NEEDS_CONSENT
                || !perAgent && !unconnected && (row.expiring() > 0 || onlyConsentMends(row.failure()));
        boolean agents = perAgent
                && (row.liveConnections() == 0
                        || row.needingConsent() > 0
                        || row.expiring() > 0
                        || onlyConsentMends(row.failure()));
        return new ConnectorLine(
                row.connectorId().value(),
                row.name(),
                row.url(),
                Words.auth(row.authType()),
                Words.status(row.status()),
                row.toolCount(),
                row.liveConnections(),
                perAgent,
                Moment.of(row.lastSyncedAt(), now),
                (unconnected || reconnect) && oauth || untried,
                reconnect,
                (unconnected || reconnect) && !oauth,
                !unconnected && !untried && !reconnect && !agents,
                agents && row.liveConnections() > 0,
                UUID.randomUUID(),
                need(row, now),
                row.failure() == null ? null : row.failure().code().code());
    }

    /** A refresh that an unreachable provider spoils mends itself; what is refused does not. */
    private static boolean onlyConsentMends(@Nullable Failure failure) {
        return failure != null
                && (failure.code() == FailureCode.CLIENT_REFUSED
                        || failure.code() == FailureCode.REFRESH_UNKNOWN
                        || failure.code() == FailureCode.REFRESH_DENIED
                        || failure.code() == FailureCode.CREDENTIAL_DEAD);
    }

    private static @Nullable String need(ConnectorRow row, Instant now) {
        if (row.status() == ConnectorStatus.NEEDS_CONSENT) {
            return "The grant is no longer accepted; connect again.";
        }
        if (row.status() == ConnectorStatus.PER_AGENT) {
            return agentsNeed(row);
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

    private static @Nullable String agentsNeed(ConnectorRow row) {
        List<String> needs = new ArrayList<>();
        if (row.needingConsent() > 0) {
            needs.add(Words.count(row.needingConsent(), "agent") + " must connect again.");
        }
        if (row.expiring() > 0) {
            needs.add("The credentials of " + Words.count(row.expiring(), "agent")
                    + " expire within a week and cannot renew themselves.");
        }
        if (row.failure() != null) {
            needs.add(row.failure().detail());
        }
        return needs.isEmpty() ? null : String.join(" ", needs);
    }
}
