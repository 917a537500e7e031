package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorEvent.ConnectorCreated;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorEdited;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorRemoved;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.ConnectorSettings;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the rows of connectors, and with them names and server keys unique: a taken one rolls the command back. */
@Component
@ProcessingGroup("connectors-state")
class ConnectorRows {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ConnectorRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @EventHandler
    void on(ConnectorCreated event, @Timestamp Instant at) {
        write("""
                insert into connectors.connector
                       (connector_id, name, name_key, server_key, url, auth_type, mode, settings, created_at)
                values (:id, :name, :nameKey, :serverKey, :url, :authType, :mode, cast(:settings as jsonb), :at)
                """, event.connectorId(), event.settings(), event.serverKey(), at);
    }

    @EventHandler
    void on(ConnectorEdited event, @Timestamp Instant at) {
        write("""
                update connectors.connector
                   set name = :name, name_key = :nameKey, server_key = :serverKey, url = :url, auth_type = :authType,
                       mode = :mode, settings = cast(:settings as jsonb), version = version + 1
                 where connector_id = :id
                """, event.connectorId(), event.settings(), event.serverKey(), at);
    }

    @EventHandler
    void on(ConnectorRemoved event) {
        jdbc.sql("update connectors.connector set removed = true where connector_id = :id")
                .param("id", event.connectorId().value())
                .update();
    }

    private void write(String sql, ConnectorId id, ConnectorSettings settings, String serverKey, Instant at) {
        String nameKey = settings.name().strip().toLowerCase(Locale.ROOT);
        demandFree(id, nameKey, serverKey);
        try {
            jdbc.sql(sql)
                    .param("id", id.value())
                    .param("name", settings.name())
                    .param("nameKey", nameKey)
                    .param("serverKey", serverKey)
                    .param("url", settings.url())
                    .param("authType", settings.authType().name())
                    .param("mode", settings.mode().name())
                    .param("settings", json.writeValueAsString(settings))
                    .param("at", Stamps.in(at))
                    .update();
        } catch (DuplicateKeyException e) {
            throw new ConnectorRejected(
                    "Somebody took this name a moment ago; choose another one.", SettingsCheck.NAME);
        }
    }

    private void demandFree(ConnectorId id, String nameKey, String serverKey) {
        jdbc.sql("""
                        select name, name_key from connectors.connector
                         where not removed and connector_id <> :id and (name_key = :nameKey or server_key = :serverKey)
                         order by name_key <> :nameKey
                         limit 1
                        """)
                .param("id", id.value())
                .param("nameKey", nameKey)
                .param("serverKey", serverKey)
                .query((row, number) -> Map.entry(row.getString("name"), row.getString("name_key")))
                .optional()
                .ifPresent(other -> {
                    throw new ConnectorRejected(
                            other.getValue().equals(nameKey)
                                    ? "Choose another name: there is a connector called “" + other.getKey() + "”."
                                    : "Choose a name that differs in letters or digits from “" + other.getKey()
                                            + "”: both would name their tools mcp__" + serverKey + "__….",
                            SettingsCheck.NAME);
                });
    }
}
