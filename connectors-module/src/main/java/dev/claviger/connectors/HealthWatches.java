package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.toolsync.api.HealthCommand.EndHealthWatch;
import dev.claviger.toolsync.api.HealthCommand.WatchHealth;
import dev.claviger.toolsync.api.HealthId;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Has the credential of a connection watched the way its connector is set up now. */
@Component
class HealthWatches {

    private final CommandGateway commands;
    private final JdbcClient jdbc;
    private final JsonMapper json;

    HealthWatches(CommandGateway commands, JdbcClient jdbc, JsonMapper json) {
        this.commands = commands;
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Does nothing for a connector that needs no credential, and for one that is gone. */
    void watch(UUID connector, ConnectionId connection) {
        settings(connector)
                .filter(settings -> settings.authType() != AuthType.NONE)
                .ifPresent(settings -> commands.sendAndWait(new WatchHealth(
                        new HealthId(connection.value()),
                        new ToolCatalogId(connector),
                        new CredentialId(connection.value()),
                        settings.url(),
                        settings.customHeaders(),
                        settings.authType() == AuthType.API_KEY_HEADER ? settings.headerName() : null,
                        settings.mode() == CredentialMode.SHARED)));
    }

    void end(ConnectionId connection) {
        commands.sendAndWait(new EndHealthWatch(new HealthId(connection.value())));
    }

    private Optional<ConnectorSettings> settings(UUID connector) {
        return jdbc.sql("select settings::text from connectors.connector where connector_id = :id and not removed")
                .param("id", connector)
                .query(String.class)
                .optional()
                .map(settings -> json.readValue(settings, ConnectorSettings.class));
    }
}
