package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentEvent.AgentCreated;
import dev.claviger.connectors.api.AgentEvent.AgentEdited;
import dev.claviger.connectors.api.AgentEvent.AgentKeyIssued;
import dev.claviger.connectors.api.AgentEvent.AgentKeyRevoked;
import dev.claviger.connectors.api.AgentEvent.AgentRemoved;
import dev.claviger.connectors.api.AgentEvent.ToolsChosen;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentRejected;
import java.time.Instant;
import java.util.Locale;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the rows of agents, their valid keys and chosen tools; a revoked key is gone in the transaction that revokes it. */
@Component
@ProcessingGroup("connectors-state")
class AgentRows {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    AgentRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @EventHandler
    void on(AgentCreated event, @Timestamp Instant at) {
        write(jdbc.sql("""
                                insert into connectors.agent (agent_id, name, name_key, description, created_at)
                                values (:id, :name, :nameKey, :description, :at)
                                """).param("at", Stamps.in(at)), event.agentId(), event.name(), event.description());
    }

    @EventHandler
    void on(AgentEdited event) {
        write(jdbc.sql("""
                        update connectors.agent set name = :name, name_key = :nameKey, description = :description
                         where agent_id = :id
                        """), event.agentId(), event.name(), event.description());
    }

    @EventHandler
    void on(AgentRemoved event) {
        jdbc.sql("update connectors.agent set removed = true where agent_id = :id")
                .param("id", event.agentId().value())
                .update();
        jdbc.sql("delete from connectors.agent_key where agent_id = :id")
                .param("id", event.agentId().value())
                .update();
    }

    @EventHandler
    void on(AgentKeyIssued event, @Timestamp Instant at) {
        try {
            jdbc.sql("""
                            insert into connectors.agent_key (key_id, agent_id, hash, created_at)
                            values (:key, :agent, :hash, :at)
                            """)
                    .param("key", event.keyId())
                    .param("agent", event.agentId().value())
                    .param("hash", event.hash())
                    .param("at", Stamps.in(at))
                    .update();
        } catch (DuplicateKeyException e) {
            throw new AgentRejected("Make a new key: this one is in use already.");
        }
    }

    @EventHandler
    void on(AgentKeyRevoked event) {
        jdbc.sql("delete from connectors.agent_key where key_id = :key")
                .param("key", event.keyId())
                .update();
    }

    @EventHandler
    void on(ToolsChosen event) {
        jdbc.sql("""
                        insert into connectors.agent_tool (agent_id, connector_id, name)
                        select :agent, :connector, jsonb_array_elements_text(cast(:names as jsonb))
                        on conflict do nothing
                        """)
                .param("agent", event.agentId().value())
                .param("connector", event.connectorId().value())
                .param("names", json.writeValueAsString(event.added()))
                .update();
        jdbc.sql("""
                        delete from connectors.agent_tool
                         where agent_id = :agent and connector_id = :connector
                           and name in (select jsonb_array_elements_text(cast(:names as jsonb)))
                        """)
                .param("agent", event.agentId().value())
                .param("connector", event.connectorId().value())
                .param("names", json.writeValueAsString(event.removed()))
                .update();
    }

    private void write(StatementSpec statement, AgentId id, String name, String description) {
        String nameKey = name.strip().toLowerCase(Locale.ROOT);
        try {
            statement
                    .param("id", id.value())
                    .param("name", name)
                    .param("nameKey", nameKey)
                    .param("description", description)
                    .update();
        } catch (DuplicateKeyException e) {
            throw new AgentRejected("Choose another name: there is an agent called “" + name.strip() + "”.");
        }
    }
}
