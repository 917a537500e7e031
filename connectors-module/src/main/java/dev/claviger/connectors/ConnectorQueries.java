package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorPage;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorRow;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectorByServerKey;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectors;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers what is asked about connectors. */
@Component
class ConnectorQueries {

    /** What a check of its credentials found, beside how the connector stands otherwise. */
    private static final String LINE = """
            (select l.*, health.refusal, health.refused
               from connectors.connector_line l
              cross join lateral (
                    select min(array[h.failure_code, h.failure_detail]) as refusal, count(*) as refused
                      from connectors.connection x
                      join connectors.health h on h.connection_id = x.connection_id
                     where x.connector_id = l.connector_id and x.state = 'LIVE' and h.state = 'REFUSED') health) line
            """;

    private static final String SEARCHED = """
             where not removed
               and (cast(:search as text) is null or position(:search in name_key) > 0 or position(:search in lower(url)) > 0)
            """;

    /** A credential that dies within a week without anybody's doing wants somebody now. */
    private static final String ATTENTION = """
               and ((mode = 'SHARED' and auth_type <> 'NONE' and shared_connection is null)
                    or needs_consent or failure_code is not null or expiring > 0 or refused > 0)
            """;

    private static final String DETAIL = """
            select line.*, (select p.connection_id from connectors.connection p
                             where p.connector_id = line.connector_id and p.agent_id is null and p.state = 'RUNNING'
                             order by p.requested_at desc limit 1) as pending_connection
              from """ + LINE;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ConnectorQueries(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @QueryHandler
    ConnectorPage handle(FindConnectors query) {
        String searched = query.attention() ? SEARCHED + ATTENTION : SEARCHED;
        int total = search(
                        "select count(*) from " + (query.attention() ? LINE : "connectors.connector") + searched, query)
                .query(Integer.class)
                .single();
        return new ConnectorPage(
                search("select * from " + LINE + searched + " order by name_key limit :limit offset :offset", query)
                        .param("limit", Math.max(1, Math.min(query.limit(), 1_000)))
                        .param("offset", Math.max(0, query.offset()))
                        .query(ConnectorQueries::row)
                        .list(),
                total);
    }

    @QueryHandler
    Optional<ConnectorDetail> handle(FindConnector query) {
        return jdbc.sql(DETAIL + " where line.connector_id = :id")
                .param("id", query.connectorId().value())
                .query(this::detail)
                .optional();
    }

    @QueryHandler
    Optional<ConnectorDetail> handle(FindConnectorByServerKey query) {
        return jdbc.sql(DETAIL + " where line.server_key = :key and not line.removed")
                .param("key", query.serverKey())
                .query(this::detail)
                .optional();
    }

    private StatementSpec search(String sql, FindConnectors query) {
        String search = query.search();
        return jdbc.sql(sql)
                .param(
                        "search",
                        search == null || search.isBlank()
                                ? null
                                : search.strip().toLowerCase(Locale.ROOT));
    }

    private ConnectorDetail detail(ResultSet row, int number) throws SQLException {
        return new ConnectorDetail(
                row(row, number),
                json.readValue(row.getString("settings"), ConnectorSettings.class),
                connection(row, "shared_connection"),
                connection(row, "pending_connection"),
                row.getBoolean("removed"),
                Stamps.required(row, "created_at"));
    }

    private static ConnectorRow row(ResultSet row, int number) throws SQLException {
        AuthType authType = AuthType.valueOf(row.getString("auth_type"));
        CredentialMode mode = CredentialMode.valueOf(row.getString("mode"));
        return new ConnectorRow(
                new ConnectorId(row.getObject("connector_id", UUID.class)),
                row.getString("name"),
                row.getString("server_key"),
                row.getString("url"),
                authType,
                mode,
                status(row, authType, mode),
                row.getInt("live_connections"),
                row.getInt("tool_count"),
                Stamps.out(row, "last_synced_at"),
                mode == CredentialMode.SHARED ? Stamps.out(row, "expires_at") : null,
                row.getInt("needing_consent"),
                row.getInt("expiring"),
                failure(row) == null ? refusal(row) : failure(row));
    }

    private static ConnectorStatus status(ResultSet row, AuthType authType, CredentialMode mode) throws SQLException {
        if (authType == AuthType.NONE) {
            return ConnectorStatus.NONE;
        }
        if (mode == CredentialMode.PER_AGENT) {
            return ConnectorStatus.PER_AGENT;
        }
        if (row.getObject("shared_connection") == null) {
            return ConnectorStatus.NOT_CONNECTED;
        }
        return row.getBoolean("needs_consent") ? ConnectorStatus.NEEDS_CONSENT : ConnectorStatus.CONFIGURED;
    }

    static @Nullable Failure failure(ResultSet row) throws SQLException {
        String code = row.getString("failure_code");
        return code == null ? null : new Failure(FailureCode.of(code), row.getString("failure_detail"));
    }

    private static @Nullable Failure refusal(ResultSet row) throws SQLException {
        Array refusal = row.getArray("refusal");
        if (refusal == null) {
            return null;
        }
        String[] codeAndDetail = (String[]) refusal.getArray();
        return new Failure(FailureCode.of(codeAndDetail[0]), codeAndDetail[1]);
    }

    static @Nullable ConnectionId connection(ResultSet row, String column) throws SQLException {
        UUID id = row.getObject(column, UUID.class);
        return id == null ? null : new ConnectionId(id);
    }
}
