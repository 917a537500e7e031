package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionHealth;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectionHealth;
import dev.claviger.connectors.api.ConnectorQuery.HealthCounts;
import dev.claviger.connectors.api.ConnectorQuery.HealthPage;
import dev.claviger.toolsync.api.HealthState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/** Answers how the credentials of live connections were found. */
@Component
class HealthPages {

    private static final String LIVE = """
              from connectors.connection x
              join connectors.connector c on c.connector_id = x.connector_id
              left join connectors.agent a on a.agent_id = x.agent_id
              left join connectors.health h on h.connection_id = x.connection_id
             where x.state = 'LIVE' and x.auth_type <> 'NONE'
            """;

    private static final String ASKED = """
               and (cast(:search as text) is null or position(:search in c.name_key) > 0
                    or position(:search in a.name_key) > 0)
               and (cast(:state as text) is null or h.state = :state)
               and (not :unchecked or h.state is null)
            """;

    private final JdbcClient jdbc;

    HealthPages(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @QueryHandler
    HealthPage handle(FindConnectionHealth query) {
        int total = asked("select count(*)" + LIVE + ASKED, query)
                .query(Integer.class)
                .single();
        return new HealthPage(
                asked("""
                                select x.connection_id, x.connector_id, x.agent_id, x.auth_type, c.name as connector_name,
                                       a.name as agent_name, h.state, h.since, h.failure_code, h.failure_detail
                                """ + LIVE + ASKED + """
                                 order by h.state is distinct from 'REFUSED', c.name_key, a.name_key nulls first,
                                          x.connection_id
                                 limit :limit offset :offset
                                """, query)
                        .param("limit", Math.max(1, Math.min(query.limit(), 1_000)))
                        .param("offset", Math.max(0, query.offset()))
                        .query((row, number) -> health(row))
                        .list(),
                total,
                counts());
    }

    private HealthCounts counts() {
        return jdbc.sql("""
                        select count(*) filter (where h.state = 'HEALTHY') as healthy,
                               count(*) filter (where h.state = 'REFUSED') as refused,
                               count(*) filter (where h.state = 'UNREACHABLE') as unreachable,
                               count(*) filter (where h.state = 'UNPROVEN') as unproven,
                               count(*) filter (where h.state is null) as unchecked
                        """ + LIVE)
                .query((row, number) -> new HealthCounts(
                        row.getInt("healthy"),
                        row.getInt("refused"),
                        row.getInt("unreachable"),
                        row.getInt("unproven"),
                        row.getInt("unchecked")))
                .single();
    }

    private StatementSpec asked(String sql, FindConnectionHealth query) {
        String search = query.search();
        HealthState state = query.state();
        return jdbc.sql(sql)
                .param(
                        "search",
                        search == null || search.isBlank()
                                ? null
                                : search.strip().toLowerCase(Locale.ROOT))
                .param("state", state == null ? null : state.name())
                .param("unchecked", query.unchecked());
    }

    private static ConnectionHealth health(ResultSet row) throws SQLException {
        String state = row.getString("state");
        return new ConnectionHealth(
                new ConnectionId(row.getObject("connection_id", UUID.class)),
                new ConnectorId(row.getObject("connector_id", UUID.class)),
                row.getString("connector_name"),
                agent(row),
                row.getString("agent_name"),
                AuthType.valueOf(row.getString("auth_type")),
                state == null ? null : HealthState.valueOf(state),
                Stamps.out(row, "since"),
                ConnectorQueries.failure(row));
    }

    private static @Nullable AgentId agent(ResultSet row) throws SQLException {
        UUID id = row.getObject("agent_id", UUID.class);
        return id == null ? null : new AgentId(id);
    }
}
