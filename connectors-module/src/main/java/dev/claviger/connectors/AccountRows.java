package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectorEvent.AccountAccepted;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionHeld;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorEdited;
import dev.claviger.connectors.api.ConnectorEvent.ExpectedAccountSet;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ExpectedAccount;
import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Identification;
import java.sql.Types;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps whose account each connection is, and whose is expected in each slot. */
@Component
@ProcessingGroup("connectors-state")
class AccountRows {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    AccountRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @EventHandler
    void on(ConnectionHeld event) {
        jdbc.sql("""
                        update connectors.connection set account = cast(:found as jsonb), held = cast(:expected as jsonb)
                         where connection_id = :id""")
                .param("found", json.writeValueAsString(event.found()))
                .param("expected", json.writeValueAsString(new ExpectedAccount(event.expected(), event.former())))
                .param("id", event.connectionId().value())
                .update();
    }

    @EventHandler
    void on(AccountAccepted event) {
        slot(event.connectorId(), event.agentId(), null, null);
        jdbc.sql("update connectors.connection set held = null where connection_id = :id")
                .param("id", event.connectionId().value())
                .update();
    }

    @EventHandler
    void on(ConnectionEstablished event) {
        Identification found = event.identification();
        if (found == null) {
            return;
        }
        jdbc.sql("update connectors.connection set account = cast(:found as jsonb) where connection_id = :id")
                .param("found", json.writeValueAsString(found))
                .param("id", event.connectionId().value())
                .update();
        Account account = found.account();
        if (account != null) {
            ExpectedAccount before = expected(event.connectorId(), event.agentId());
            slot(event.connectorId(), event.agentId(), before.named(), account);
        }
    }

    @EventHandler
    void on(ExpectedAccountSet event) {
        Account former = event.expected() == null
                ? null
                : expected(event.connectorId(), event.agentId()).former();
        slot(event.connectorId(), event.agentId(), event.expected(), former);
    }

    @EventHandler
    void on(ConnectorEdited event) {
        if (event.formerUrl() != null) {
            jdbc.sql("delete from connectors.expected_account where connector_id = :id")
                    .param("id", event.connectorId().value())
                    .update();
        }
    }

    /** Both parts null: whoever comes is right. */
    ExpectedAccount expected(ConnectorId connectorId, @Nullable AgentId agentId) {
        return jdbc.sql("""
                        select named, former from connectors.expected_account
                         where connector_id = :connector and agent_id is not distinct from :agent""")
                .param("connector", connectorId.value())
                .param("agent", uuid(agentId), Types.OTHER)
                .query((row, number) -> {
                    String former = row.getString("former");
                    return new ExpectedAccount(
                            row.getString("named"), former == null ? null : json.readValue(former, Account.class));
                })
                .optional()
                .orElse(ExpectedAccount.NOBODY);
    }

    private void slot(
            ConnectorId connectorId, @Nullable AgentId agentId, @Nullable String named, @Nullable Account former) {
        jdbc.sql("""
                        insert into connectors.expected_account (connector_id, agent_id, named, former)
                        values (:connector, :agent, :named, cast(:former as jsonb))
                        on conflict (connector_id, agent_id) do update
                           set named = excluded.named, former = excluded.former""")
                .param("connector", connectorId.value())
                .param("agent", uuid(agentId), Types.OTHER)
                .param("named", named)
                .param("former", former == null ? null : json.writeValueAsString(former))
                .update();
    }

    private static @Nullable UUID uuid(@Nullable AgentId agentId) {
        return agentId == null ? null : agentId.value();
    }
}
