package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEnded;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionFailed;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionRequested;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.Failure;
import java.sql.Types;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps one row per attempt to connect and what became of it. */
@Component
@ProcessingGroup("connectors-state")
class ConnectionRows {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ConnectionRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @EventHandler
    void on(ConnectionRequested event, @Timestamp Instant at) {
        AgentId agentId = event.agentId();
        if (agentId != null) {
            demandPresent(agentId);
        }
        int inserted = jdbc.sql("""
                        insert into connectors.connection
                               (connection_id, connector_id, agent_id, auth_type, sync_tools, state, requested_at,
                                step_up, server_url, headers, token_id)
                        values (:id, :connector, :agent, :authType, :syncTools, 'RUNNING', :at, :stepUp, :url,
                                cast(:headers as jsonb), :token)
                        on conflict (connection_id) do nothing
                        """)
                .param("id", event.connectionId().value())
                .param("connector", event.connectorId().value())
                .param("agent", agentId == null ? null : agentId.value())
                .param("token", event.token() == null ? null : event.token().id())
                .param("authType", event.settings().authType().name())
                .param("syncTools", event.syncTools())
                .param("url", event.settings().url())
                .param("headers", json.writeValueAsString(event.settings().customHeaders()))
                .param("stepUp", event.stepUp() == null ? null : event.stepUp().operation())
                .param("at", Stamps.in(at))
                .update();
        if (inserted == 0) {
            demandSameSlot(event);
        }
    }

    /** One UUID names one attempt: reused for another connector or agent, it would reach into that one's credential. */
    private void demandSameSlot(ConnectionRequested event) {
        AgentId agentId = event.agentId();
        boolean same = jdbc.sql("""
                        select count(*) from connectors.connection
                         where connection_id = :id and connector_id = :connector and agent_id is not distinct from :agent
                        """)
                        .param("id", event.connectionId().value())
                        .param("connector", event.connectorId().value())
                        .param("agent", agentId == null ? null : agentId.value(), Types.OTHER)
                        .query(Integer.class)
                        .single()
                == 1;
        if (!same) {
            throw new ConnectorRejected("This connection id belongs to another attempt; begin again with a new one.");
        }
    }

    @EventHandler
    void on(ConnectionEstablished event, @Timestamp Instant at) {
        ConnectionId replaced = event.replaced();
        if (replaced != null) {
            set(replaced, ConnectionState.REPLACED, at, null);
        }
        set(event.connectionId(), ConnectionState.LIVE, at, null);
    }

    @EventHandler
    void on(ConnectionFailed event, @Timestamp Instant at) {
        set(event.connectionId(), ConnectionState.FAILED, at, event.failure());
    }

    @EventHandler
    void on(ConnectionEnded event, @Timestamp Instant at) {
        set(event.connectionId(), ConnectionState.ENDED, at, null);
    }

    private void set(ConnectionId id, ConnectionState state, Instant at, @Nullable Failure failure) {
        jdbc.sql("""
                        update connectors.connection
                           set state = :state, finished_at = :at, failure_code = :code, failure_detail = :detail
                         where connection_id = :id
                        """)
                .param("id", id.value())
                .param("state", state.name())
                .param("at", Stamps.in(at))
                .param("code", failure == null ? null : failure.code().code())
                .param("detail", failure == null ? null : failure.detail())
                .update();
    }

    /** Locks the agent's row, so that an agent removed at this moment leaves no connection behind. */
    private void demandPresent(AgentId agentId) {
        if (jdbc.sql("select agent_id from connectors.agent where agent_id = :id and not removed for share")
                .param("id", agentId.value())
                .query()
                .listOfRows()
                .isEmpty()) {
            throw new ConnectorRejected("There is no such agent any more; create one first.");
        }
    }
}
