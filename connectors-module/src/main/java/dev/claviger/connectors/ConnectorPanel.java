package dev.claviger.connectors;

import dev.claviger.connectors.HelpTexts.Trouble;
import dev.claviger.connectors.Words.Badge;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.api.DroppedTool;
import dev.claviger.toolsync.api.ToolCatalogQuery.CatalogFacts;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The head of a connector's page: how it stands and which buttons fit.
 *
 * @param trouble of the latest attempt to connect or to list, with what to do
 * @param protocol revision and way of speaking, in words
 * @param freshUntil until when the server calls its list fresh; null: it does not say
 * @param dropped tools it listed that are not used
 * @param tokenForm whether a token is typed in here
 * @param idleLimit how long refresh tokens live unused, as an admin entered it; null: nobody did
 */
record ConnectorPanel(
        UUID uuid,
        String name,
        String url,
        String serverKey,
        String auth,
        String mode,
        @Nullable String headerName,
        List<Header> customHeaders,
        Badge status,
        boolean removed,
        boolean connected,
        boolean connect,
        boolean reconnect,
        boolean tokenForm,
        boolean sync,
        boolean disconnect,
        @Nullable UUID pending,
        @Nullable Trouble trouble,
        @Nullable Moment lastSynced,
        @Nullable String protocol,
        @Nullable Moment freshUntil,
        List<DroppedTool> dropped,
        @Nullable String server,
        boolean emptyListWithheld,
        int keptTools,
        Moment created,
        @Nullable String idleLimit) {

    /** A custom header; no secret stands in it. */
    record Header(String key, String value) {}

    static ConnectorPanel of(ConnectorDetail connector, @Nullable CatalogFacts catalog, HelpTexts help, Instant now) {
        ConnectorLine line = ConnectorLine.of(connector.row(), now);
        AuthType auth = connector.settings().authType();
        boolean shared = connector.settings().mode() == CredentialMode.SHARED && auth != AuthType.NONE;
        boolean connected = connector.sharedConnection() != null;
        boolean isStatic = auth == AuthType.BEARER || auth == AuthType.API_KEY_HEADER;
        Moment created = Moment.of(connector.createdAt(), now);
        return new ConnectorPanel(
                line.uuid(),
                line.name(),
                line.url(),
                connector.row().serverKey(),
                line.auth(),
                auth == AuthType.NONE
                        ? "Needs no credential"
                        : Words.mode(connector.settings().mode()),
                connector.settings().headerName(),
                connector.settings().customHeaders().entrySet().stream()
                        .map(header -> new Header(header.getKey(), header.getValue()))
                        .toList(),
                line.status(),
                connector.removed(),
                connected,
                line.connect() && !connected,
                shared && auth == AuthType.OAUTH && connected,
                shared && isStatic,
                syncs(connector, auth),
                shared && connected,
                connector.pendingConnection() == null
                        ? null
                        : connector.pendingConnection().value(),
                help.trouble(trouble(connector, catalog)),
                catalog == null ? null : Moment.of(catalog.lastSyncedAt(), now),
                catalog == null ? null : Words.protocol(catalog),
                catalog == null ? null : Moment.of(catalog.freshUntil(), now),
                catalog == null ? List.of() : catalog.dropped(),
                catalog == null ? null : server(catalog),
                catalog != null && catalog.emptyListWithheld(),
                catalog == null ? 0 : catalog.tools(),
                created == null ? new Moment("", "", "") : created,
                idleLimit(connector.settings().oauth().refreshTokenIdleDays()));
    }

    /** A per-agent connector also without any connection: its list may be open, and then the choice of tools can begin. */
    private static boolean syncs(ConnectorDetail connector, AuthType auth) {
        if (connector.settings().mode() == CredentialMode.PER_AGENT) {
            return true;
        }
        return auth == AuthType.NONE
                ? connector.row().liveConnections() > 0
                : connector.row().status() == ConnectorStatus.CONFIGURED;
    }

    private static @Nullable String idleLimit(@Nullable Integer days) {
        return days == null ? null : Words.count(days, "day");
    }

    private static @Nullable Failure trouble(ConnectorDetail connector, @Nullable CatalogFacts catalog) {
        if (connector.row().status() == ConnectorStatus.NEEDS_CONSENT
                && connector.row().failure() == null) {
            return new Failure(FailureCode.GRANT_DEAD, "The authorization server no longer accepts the refresh token.");
        }
        if (connector.row().failure() != null || catalog == null || catalog.trouble() == null) {
            return connector.row().failure();
        }
        String detail = catalog.troubleDetail();
        return new Failure(FailureCode.of(catalog.trouble()), detail == null ? "" : detail);
    }

    private static @Nullable String server(CatalogFacts catalog) {
        return catalog.serverName() == null
                ? null
                : catalog.serverVersion() == null
                        ? catalog.serverName()
                        : catalog.serverName() + " " + catalog.serverVersion();
    }

    /** Whether something was listed in vain. */
    boolean anyDropped() {
        return !dropped.isEmpty();
    }
}
