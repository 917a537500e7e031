package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ReceiptQuery.FindPendingReceipts;
import dev.claviger.connectors.api.ReceiptQuery.FindReceipt;
import dev.claviger.connectors.api.ReceiptQuery.FindReceiptsOfAgent;
import dev.claviger.connectors.api.ReceiptQuery.Receipt;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptOutcome;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptStep;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptStepName;
import dev.claviger.connectors.api.ReceiptQuery.Receipts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads receipts, for pages and for what follows from them. */
@Component
class ReceiptQueries {

    /**
     * How far the end of a credential has come.
     *
     * @param serverWaiting whether the server is still to be asked
     * @param probes how often it was asked
     * @param nextProbe when it is asked again; null: now
     */
    record Progress(
            ConnectorId connectorId,
            String serverUrl,
            Map<String, String> headers,
            boolean providerTold,
            boolean shredded,
            boolean lateTokensWaiting,
            boolean serverWaiting,
            int probes,
            @Nullable Instant nextProbe) {}

    private static final String RECEIPT = """
            select r.*, c.name as connector_name, a.name as agent_name
              from connectors.receipt r
              join connectors.connector c on c.connector_id = r.connector_id
              left join connectors.agent a on a.agent_id = r.agent_id
            """;
    private static final String PENDING = """
             where exists (select 1 from connectors.receipt_step s
                            where s.connection_id = r.connection_id and s.outcome = 'WAITING')
               and (cast(:connector as uuid) is null or r.connector_id = :connector)
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ReceiptQueries(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @QueryHandler
    Optional<Receipt> handle(FindReceipt query) {
        return jdbc.sql(RECEIPT + " where r.connection_id = :id")
                .param("id", query.connectionId().value())
                .query(this::receipt)
                .optional();
    }

    @QueryHandler
    Receipts handle(FindPendingReceipts query) {
        UUID connector =
                query.connectorId() == null ? null : query.connectorId().value();
        List<Receipt> items = jdbc.sql(
                        RECEIPT + PENDING + " order by r.revoked_at, r.connection_id offset :offset limit :limit")
                .param("connector", connector)
                .param("offset", query.offset())
                .param("limit", query.limit())
                .query(this::receipt)
                .list();
        int total = jdbc.sql("select count(*) from connectors.receipt r " + PENDING)
                .param("connector", connector)
                .query(Integer.class)
                .single();
        return new Receipts(items, total);
    }

    @QueryHandler
    Receipts handle(FindReceiptsOfAgent query) {
        UUID agent = query.agentId().value();
        List<Receipt> items = jdbc.sql(
                        RECEIPT
                                + " where r.agent_id = :agent order by r.revoked_at desc, r.connection_id offset :offset limit :limit")
                .param("agent", agent)
                .param("offset", Math.max(0, query.offset()))
                .param("limit", Math.max(1, Math.min(query.limit(), 1_000)))
                .query(this::receipt)
                .list();
        int total = jdbc.sql("select count(*) from connectors.receipt where agent_id = :agent")
                .param("agent", agent)
                .query(Integer.class)
                .single();
        return new Receipts(items, total);
    }

    /** Empty for a credential without a connection. */
    Optional<Progress> progress(ConnectionId id) {
        return jdbc.sql("""
                        select r.*, coalesce(s.outcome = 'WAITING', false) as server_waiting, coalesce(s.tries, 0) as probes,
                               s.next_try as next_probe,
                               exists (select 1 from connectors.receipt_step l
                                        where l.connection_id = r.connection_id and l.name like 'LATE%'
                                          and l.outcome = 'WAITING') as late_waiting
                          from connectors.receipt r
                          left join connectors.receipt_step s
                                 on s.connection_id = r.connection_id and s.name = 'SERVER_REFUSES'
                         where r.connection_id = :id""")
                .param("id", id.value())
                .query((row, n) -> new Progress(
                        new ConnectorId(row.getObject("connector_id", UUID.class)),
                        row.getString("server_url"),
                        headers(row.getString("headers")),
                        row.getBoolean("provider_told"),
                        row.getBoolean("shredded"),
                        row.getBoolean("late_waiting"),
                        row.getBoolean("server_waiting"),
                        row.getInt("probes"),
                        Stamps.out(row, "next_probe")))
                .optional();
    }

    /** What the provider was told and answered, in a sentence for the event of the shredding. */
    String answerOfProvider(ConnectionId id) {
        List<ReceiptOutcome> outcomes = jdbc.sql("""
                        select outcome from connectors.receipt_step
                         where connection_id = :id and (name like '%REFRESH\\_TOKEN' or name like '%ACCESS\\_TOKEN')""")
                .param("id", id.value())
                .query((row, n) -> ReceiptOutcome.valueOf(row.getString("outcome")))
                .list();
        if (outcomes.contains(ReceiptOutcome.GIVEN_UP) || outcomes.contains(ReceiptOutcome.WAITING)) {
            return "The provider could not be told of everything; revoke Claviger's access there by hand";
        }
        if (outcomes.contains(ReceiptOutcome.REFUSED)) {
            return "The provider was told, and refused at least one of the tokens";
        }
        return outcomes.contains(ReceiptOutcome.DONE)
                ? "The provider was told and agreed"
                : "The provider has no way to be told; its tokens die when they expire";
    }

    private Receipt receipt(ResultSet row, int number) throws SQLException {
        ConnectionId id = new ConnectionId(row.getObject("connection_id", UUID.class));
        List<ReceiptStep> steps = steps(id);
        boolean pending = steps.stream().anyMatch(step -> step.outcome() == ReceiptOutcome.WAITING);
        UUID agent = row.getObject("agent_id", UUID.class);
        return new Receipt(
                id,
                new ConnectorId(row.getObject("connector_id", UUID.class)),
                row.getString("connector_name"),
                agent == null ? null : new AgentId(agent),
                row.getString("agent_name"),
                AuthType.valueOf(row.getString("auth_type")),
                row.getString("reason"),
                row.getString("asked_by"),
                Stamps.required(row, "revoked_at"),
                row.getString("server_url"),
                row.getString("issuer"),
                Stamps.out(row, "token_expires_at"),
                steps,
                json.readValue(row.getString("fingerprints"), new TypeReference<List<String>>() {}),
                pending,
                pending
                        ? null
                        : steps.stream()
                                .map(ReceiptStep::at)
                                .max(Comparator.naturalOrder())
                                .orElse(null));
    }

    private List<ReceiptStep> steps(ConnectionId id) {
        return jdbc
                .sql("select * from connectors.receipt_step where connection_id = :id")
                .param("id", id.value())
                .query((row, n) -> new ReceiptStep(
                        ReceiptStepName.valueOf(row.getString("name")),
                        ReceiptOutcome.valueOf(row.getString("outcome")),
                        row.getString("detail"),
                        Stamps.required(row, "at"),
                        row.getInt("tries"),
                        Stamps.out(row, "next_try")))
                .list()
                .stream()
                .sorted(Comparator.comparing(ReceiptStep::name))
                .toList();
    }

    private Map<String, String> headers(@Nullable String text) {
        return text == null ? Map.of() : json.readValue(text, new TypeReference<Map<String, String>>() {});
    }
}
