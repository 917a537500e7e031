package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempt;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempts;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ExpectedAccount;
import dev.claviger.connectors.api.ConnectorQuery.FindAttempts;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorQuery.FindLiveConnections;
import dev.claviger.connectors.api.ConnectorQuery.IssuerChange;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnection;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnections;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.Identification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers what is asked about connections: how far an attempt has come, and who is connected. */
@Component
class ConnectionQueries {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ConnectionQueries(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @QueryHandler
    Optional<ConnectionProgress> handle(FindConnection query) {
        return jdbc.sql("""
                        select x.*, c.name as connector_name
                          from connectors.connection x
                          join connectors.connector c on c.connector_id = x.connector_id
                         where x.connection_id = :id
                        """)
                .param("id", query.connectionId().value())
                .query((row, number) -> progress(row, query.connectionId()))
                .optional();
    }

    @QueryHandler
    LiveConnections handle(FindLiveConnections query) {
        int total = jdbc.sql("select count(*) from connectors.connection where connector_id = :id and state = 'LIVE'")
                .param("id", query.connectorId().value())
                .query(Integer.class)
                .single();
        return new LiveConnections(
                jdbc.sql("""
                                select x.connection_id, x.connector_id, x.agent_id, a.name as agent_name, x.finished_at,
                                       coalesce(k.needs_consent or x.issuer <> c.issuer, false)
                                           as needs_consent,
                                       case when not k.refreshable then k.expires_at end as expires_at,
                                       coalesce(k.failure_code, h.failure_code) as failure_code,
                                       case when k.failure_code is null then h.failure_detail
                                            else k.failure_detail end as failure_detail, x.account
                                  from connectors.connection x
                                  join connectors.connector c on c.connector_id = x.connector_id
                                  left join connectors.agent a on a.agent_id = x.agent_id
                                  left join connectors.credential k on k.connection_id = x.connection_id
                                  left join connectors.health h
                                    on h.connection_id = x.connection_id and h.state = 'REFUSED'
                                 where x.connector_id = :id and x.state = 'LIVE'
                                 order by a.name_key nulls first, x.connection_id
                                 limit :limit offset :offset
                                """)
                        .param("id", query.connectorId().value())
                        .param("limit", Math.max(1, Math.min(query.limit(), 1_000)))
                        .param("offset", Math.max(0, query.offset()))
                        .query((row, number) -> live(row))
                        .list(),
                total);
    }

    @QueryHandler
    ConnectionAttempts handle(FindAttempts query) {
        int total = jdbc.sql("select count(*) from connectors.connection where connector_id = :id")
                .param("id", query.connectorId().value())
                .query(Integer.class)
                .single();
        return new ConnectionAttempts(
                jdbc.sql("""
                                select x.*, a.name as agent_name
                                  from connectors.connection x
                                  left join connectors.agent a on a.agent_id = x.agent_id
                                 where x.connector_id = :id
                                 order by x.requested_at desc, x.connection_id
                                 limit :limit offset :offset
                                """)
                        .param("id", query.connectorId().value())
                        .param("limit", Math.max(1, Math.min(query.limit(), 1_000)))
                        .param("offset", Math.max(0, query.offset()))
                        .query((row, number) -> attempt(row))
                        .list(),
                total);
    }

    private static ConnectionAttempt attempt(ResultSet row) throws SQLException {
        return new ConnectionAttempt(
                new ConnectionId(row.getObject("connection_id", UUID.class)),
                agent(row),
                row.getString("agent_name"),
                ConnectionState.valueOf(row.getString("state")),
                Stamps.required(row, "requested_at"),
                Stamps.out(row, "finished_at"),
                ConnectorQueries.failure(row));
    }

    private ConnectionProgress progress(ResultSet row, ConnectionId id) throws SQLException {
        Failure failure = ConnectorQueries.failure(row);
        Steps.Way way = new Steps.Way(
                AuthType.valueOf(row.getString("auth_type")),
                row.getBoolean("sync_tools"),
                ConnectionState.valueOf(row.getString("state")),
                Stamps.required(row, "requested_at"),
                Stamps.out(row, "finished_at"),
                failure == null ? null : failure.detail(),
                marks(id));
        Steps.Marked host = way.marks().get(Mark.CONSENT_HOST);
        return new ConnectionProgress(
                id,
                new ConnectorId(row.getObject("connector_id", UUID.class)),
                row.getString("connector_name"),
                agent(row),
                way.authType(),
                state(way),
                way.awaitsConsent() && host != null ? host.facts() : null,
                failure,
                Steps.of(way),
                way.awaitsApproval() ? change(row) : null,
                row.getString("step_up"),
                read(row, "account", Identification.class),
                way.awaitsAccount() ? read(row, "held", ExpectedAccount.class) : null);
    }

    private static ConnectionState state(Steps.Way way) {
        if (way.awaitsApproval()) {
            return ConnectionState.AWAITING_APPROVAL;
        }
        if (way.awaitsConsent()) {
            return ConnectionState.AWAITING_CONSENT;
        }
        return way.awaitsAccount() ? ConnectionState.AWAITING_ACCOUNT : way.state();
    }

    private <T> @Nullable T read(ResultSet row, String column, Class<T> type) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : json.readValue(text, type);
    }

    private static @Nullable IssuerChange change(ResultSet row) throws SQLException {
        String former = row.getString("former_issuer");
        String issuer = row.getString("issuer");
        return issuer == null ? null : new IssuerChange(former, issuer);
    }

    private Map<Mark, Steps.Marked> marks(ConnectionId id) {
        Map<Mark, Steps.Marked> marks = new EnumMap<>(Mark.class);
        jdbc.sql("select mark, at, facts from connectors.connection_mark where connection_id = :id")
                .param("id", id.value())
                .query(row -> {
                    marks.put(
                            Mark.valueOf(row.getString("mark")),
                            new Steps.Marked(Stamps.required(row, "at"), row.getString("facts")));
                });
        return marks;
    }

    private LiveConnection live(ResultSet row) throws SQLException {
        return new LiveConnection(
                new ConnectionId(row.getObject("connection_id", UUID.class)),
                new ConnectorId(row.getObject("connector_id", UUID.class)),
                agent(row),
                row.getString("agent_name"),
                Stamps.required(row, "finished_at"),
                row.getBoolean("needs_consent"),
                Stamps.out(row, "expires_at"),
                ConnectorQueries.failure(row),
                read(row, "account", Identification.class));
    }

    private static @Nullable AgentId agent(ResultSet row) throws SQLException {
        UUID id = row.getObject("agent_id", UUID.class);
        return id == null ? null : new AgentId(id);
    }
}
