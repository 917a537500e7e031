package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentUse;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.api.BoundedSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/**
 * Writes down what agents ask for and are answered, unless that is a credential: then its use tells of it. Without the one or
 * the other no answer is sent.
 */
@Component
class AgentCalls {

    /** Who asks for what, and from where. */
    record Call(AgentId agent, String what, String sourceAddress) {}

    /** What a call was answered; {@code server} is null where it belongs to no single one. */
    record Line(Call call, String outcome, @Nullable ServerOffer server) {}

    /** @param number grows with time, over all agents */
    record NumberedCall(long number, AgentUse use) {}

    static final String ANSWERED = "answered";
    static final String NOT_OFFERED = "refused: not offered";

    private final JdbcClient jdbc;

    AgentCalls(DataSource dataSource) {
        this.jdbc = BoundedSql.of(dataSource);
    }

    /** An answer that belongs to no single connector. */
    void write(Call call, String outcome) {
        write(List.of(new Line(call, outcome, null)));
    }

    /** The headers of a connector. */
    void write(Call call, String outcome, ServerOffer server) {
        write(List.of(new Line(call, outcome, server)));
    }

    /** Committed at once where the caller holds no transaction. */
    void write(List<Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        insert into connectors.agent_call (agent_id, what, outcome, connector_id, connection_id, source)
                        select * from unnest(?, ?, ?, ?, ?, ?)""")
                .param(array("uuid", lines, line -> line.call().agent().value()))
                .param(array("text", lines, line -> line.call().what()))
                .param(array("text", lines, Line::outcome))
                .param(array("uuid", lines, AgentCalls::connector))
                .param(array("uuid", lines, AgentCalls::connection))
                .param(array("text", lines, line -> line.call().sourceAddress()))
                .update();
    }

    private static @Nullable UUID connector(Line line) {
        return line.server() == null ? null : line.server().connector().value();
    }

    private static @Nullable UUID connection(Line line) {
        ConnectionId connection = line.server() == null ? null : line.server().connection();
        return connection == null ? null : connection.value();
    }

    private static SqlArrayValue array(String type, List<Line> lines, Function<Line, @Nullable Object> value) {
        return new SqlArrayValue(type, lines.stream().map(value).toArray());
    }

    /** Newest first, each with its number. Left out is what earlier versions wrote down beside the use of a credential. */
    List<NumberedCall> find(AgentId agent, long before, int limit) {
        return jdbc.sql("""
                        select u.*, c.name as connector_name
                          from connectors.agent_call u
                          left join connectors.connector c on c.connector_id = u.connector_id
                         where u.agent_id = :agent and u.call_id < :before
                           and (u.connection_id is null or u.outcome not in ('answered', 'still valid'))
                         order by u.call_id desc
                         limit :limit""")
                .param("agent", agent.value())
                .param("before", before)
                .param("limit", limit)
                .query((row, number) -> new NumberedCall(row.getLong("call_id"), use(row)))
                .list();
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
