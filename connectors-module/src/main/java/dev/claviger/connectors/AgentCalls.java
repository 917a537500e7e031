package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentUse;
import dev.claviger.connectors.api.AgentQuery.AgentUses;
import dev.claviger.connectors.api.AgentQuery.FindAgentUses;
import dev.claviger.connectors.api.AgentQuery.OfferedConnector;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes down what agents ask for and are answered; without the line no answer is sent. */
@Component
class AgentCalls {

    /** Who asks for what, and from where. */
    record Call(AgentId agent, String what, String sourceAddress) {}

    static final String ANSWERED = "answered";

    private final JdbcClient jdbc;

    AgentCalls(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An answer that belongs to no single connector. */
    void write(Call call, String outcome) {
        write(call, outcome, null, null);
    }

    /** The headers of a connector. */
    void write(Call call, String outcome, OfferedConnector connector) {
        write(call, outcome, connector.connectorId(), connector.connectionId());
    }

    /** Committed at once: the callers hold no transaction. */
    private void write(Call call, String outcome, @Nullable ConnectorId connector, @Nullable ConnectionId connection) {
        jdbc.sql("""
                        insert into connectors.agent_call (agent_id, what, outcome, connector_id, connection_id, source)
                        values (:agent, :what, :outcome, :connector, :connection, :source)
                        """)
                .param("agent", call.agent().value())
                .param("what", call.what())
                .param("outcome", outcome)
                .param("connector", connector == null ? null : connector.value())
                .param("connection", connection == null ? null : connection.value())
                .param("source", call.sourceAddress())
                .update();
    }

    @QueryHandler
    AgentUses handle(FindAgentUses query) {
        UUID agent = query.agentId().value();
        int total = jdbc.sql("select count(*) from connectors.agent_call where agent_id = :agent")
                .param("agent", agent)
                .query(Integer.class)
                .single();
        return new AgentUses(
                jdbc.sql("""
                                select u.*, c.name as connector_name
                                  from connectors.agent_call u
                                  left join connectors.connector c on c.connector_id = u.connector_id
                                 where u.agent_id = :agent
                                 order by u.call_id desc
                                 limit :limit offset :offset
                                """)
                        .param("agent", agent)
                        .param("limit", Math.max(1, Math.min(query.limit(), 1_000)))
                        .param("offset", Math.max(0, query.offset()))
                        .query((row, number) -> use(row))
                        .list(),
                total);
    }

    private static AgentUse use(ResultSet row) throws SQLException {
        UUID connector = row.getObject("connector_id", UUID.class);
        return new AgentUse(
                Stamps.required(row, "at"),
                row.getString("what"),
                row.getString("outcome"),
                connector == null ? null : new ConnectorId(connector),
                row.getString("connector_name"),
                ConnectorQueries.connection(row, "connection_id"),
                row.getString("source"));
    }
}
