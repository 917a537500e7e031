package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.FindLiveConnections;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnection;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnections;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.toolsync.api.ToolCatalogCommand.SyncTools;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The one way to list a connector's tools when somebody asks for it; connecting lists them by itself. */
@Component
class Syncs {

    private final CommandGateway commands;
    private final QueryGateway queries;
    private final IssuerRows issuers;
    private final FreezeGuard freezes;

    Syncs(CommandGateway commands, QueryGateway queries, IssuerRows issuers, FreezeGuard freezes) {
        this.commands = commands;
        this.queries = queries;
        this.issuers = issuers;
        this.freezes = freezes;
    }

    /**
     * Asks for a listing; the outcome shows in the connector's row.
     *
     * @return the id of the listing
     * @throws ConnectorRejected when there is no such connector, or it must be connected first
     */
    UUID sync(ConnectorId connectorId) {
        ConnectorDetail connector = queries.query(
                        new FindConnector(connectorId), ResponseTypes.optionalInstanceOf(ConnectorDetail.class))
                .join()
                .filter(found -> !found.removed())
                .orElseThrow(() -> new ConnectorRejected("There is no such connector any more."));
        freezes.demandThawed(connectorId.value(), null, "listed");
        ConnectorSettings settings = connector.settings();
        boolean perAgent = settings.mode() == CredentialMode.PER_AGENT;
        ConnectionId connection = perAgent ? firstLive(connectorId) : connector.sharedConnection();
        if (settings.authType() == AuthType.NONE) {
            connection = null;
        } else if (!perAgent && connection == null) {
            throw new ConnectorRejected("Connect " + settings.name() + " first; then its tools can be listed.");
        }
        if (!perAgent && connection != null && issuers.moved(connection.value()) != null) {
            throw new ConnectorRejected(settings.name() + " names another authorization server than the one it was"
                    + " connected with; connect again and approve that first.");
        }
        UUID syncId = UUID.randomUUID();
        commands.sendAndWait(new SyncTools(
                new ToolCatalogId(connectorId.value()),
                syncId,
                settings.url(),
                settings.customHeaders(),
                connection == null ? null : new CredentialId(connection.value()),
                perAgent && connection != null));
        return syncId;
    }

    private @Nullable ConnectionId firstLive(ConnectorId connectorId) {
        LiveConnections live = queries.query(
                        new FindLiveConnections(connectorId, 100), ResponseTypes.instanceOf(LiveConnections.class))
                .join();
        return live.items().stream()
                .filter(connection -> !connection.needsConsent())
                .map(LiveConnection::connectionId)
                .findFirst()
                .orElse(null);
    }
}
