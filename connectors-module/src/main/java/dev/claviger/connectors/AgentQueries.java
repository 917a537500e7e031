package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentConnection;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.AgentKey;
import dev.claviger.connectors.api.AgentQuery.AgentPage;
import dev.claviger.connectors.api.AgentQuery.AgentRow;
import dev.claviger.connectors.api.AgentQuery.Choosers;
import dev.claviger.connectors.api.AgentQuery.ChosenTools;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.AgentQuery.FindAgents;
import dev.claviger.connectors.api.AgentQuery.FindChoosers;
import dev.claviger.connectors.api.AgentQuery.FindRemovedAgent;
import dev.claviger.connectors.api.AgentQuery.RemovedAgent;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.api.Identification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers what is asked about agents. */
@Component
class AgentQueries {

    private static final String SEARCHED = " from connectors.agent a where not a.removed"
            + " and (cast(:search as text) is null or position(:search in a.name_key) > 0"
            + " or position(:search in lower(a.description)) > 0)";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    AgentQueries(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @QueryHandler
    AgentPage handle(FindAgents query) {
        String asked = query.search();
        String search = asked == null || asked.isBlank() ? null : asked.strip().toLowerCase(Locale.ROOT);
        int total = jdbc.sql("select count(*)" + SEARCHED)
                .param("search", search)
                .query(Integer.class)
                .single();
        List<AgentRow> items = jdbc.sql("""
                        select a.*,
                               (select count(*) from connectors.agent_key k where k.agent_id = a.agent_id) as keys,
                               (select count(*) from connectors.connection x
                                 where x.agent_id = a.agent_id and x.state = 'LIVE') as connections,
                               (select count(*) from connectors.agent_tool t
                                  join connectors.connector c on c.connector_id = t.connector_id and not c.removed
                                 where t.agent_id = a.agent_id) as tools
                        """ + SEARCHED + " order by a.name_key limit :limit offset :offset")
                .param("search", search)
                .param("limit", Math.max(1, Math.min(query.limit(), 1_000)))
                .param("offset", Math.max(0, query.offset()))
                .query((row, number) -> new AgentRow(
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        row.getString("name"),
                        row.getString("description"),
                        row.getInt("keys"),
                        row.getInt("connections"),
                        row.getInt("tools"),
                        Stamps.required(row, "created_at")))
                .list();
        return new AgentPage(items, total);
    }

    @QueryHandler
    Optional<AgentDetail> handle(FindAgent query) {
        return jdbc.sql("select * from connectors.agent where agent_id = :agent and not removed")
                .param("agent", query.agentId().value())
                .query((row, number) -> new AgentDetail(
                        query.agentId(),
                        row.getString("name"),
                        row.getString("description"),
                        Stamps.required(row, "created_at"),
                        keys(query.agentId()),
                        choices(query.agentId()),
                        connections(query.agentId())))
                .optional();
    }

    @QueryHandler
    Optional<RemovedAgent> handle(FindRemovedAgent query) {
        return jdbc.sql("select * from connectors.agent where agent_id = :agent and removed")
                .param("agent", query.agentId().value())
                .query((row, number) -> new RemovedAgent(
                        query.agentId(),
                        row.getString("name"),
                        row.getString("description"),
                        Stamps.required(row, "created_at")))
                .optional();
    }

    @QueryHandler
    Choosers handle(FindChoosers query) {
        return new Choosers(jdbc.sql("""
                        select a.agent_id from connectors.agent a
                         where not a.removed
                           and exists (select 1 from connectors.agent_tool t
                                        where t.agent_id = a.agent_id and t.connector_id = :connector)
                         order by a.agent_id
                        """)
                .param("connector", query.connectorId().value())
                .query((row, number) -> new AgentId(row.getObject("agent_id", UUID.class)))
                .list());
    }

    private List<AgentKey> keys(AgentId agentId) {
        return jdbc.sql("select * from connectors.agent_key where agent_id = :agent order by created_at, key_id")
                .param("agent", agentId.value())
                .query((row, number) -> new AgentKey(
                        row.getObject("key_id", UUID.class),
                        Stamps.required(row, "created_at"),
                        Stamps.out(row, "last_used_at")))
                .list();
    }

    private List<ChosenTools> choices(AgentId agentId) {
        Map<UUID, Set<String>> chosen = new LinkedHashMap<>();
        jdbc.sql("""
                        select t.connector_id, t.name
                          from connectors.agent_tool t
                          join connectors.connector c on c.connector_id = t.connector_id and not c.removed
                         where t.agent_id = :agent
                         order by c.name_key, t.name
                        """).param("agent", agentId.value()).query(row -> {
            chosen.computeIfAbsent(row.getObject("connector_id", UUID.class), id -> new TreeSet<>())
                    .add(row.getString("name"));
        });
        List<ChosenTools> choices = new ArrayList<>();
        chosen.forEach((connector, tools) -> choices.add(new ChosenTools(new ConnectorId(connector), tools)));
        return choices;
    }

    private List<AgentConnection> connections(AgentId agentId) {
        return jdbc.sql("""
                        select c.connector_id, live.connection_id as live, live.account,
                               coalesce(k.needs_consent or live.issuer <> c.issuer, false) as needs_consent,
                               case when latest.state = 'FAILED' then latest.connection_id end as failed_attempt
                          from connectors.connector c
                          join lateral (select x.connection_id, x.state from connectors.connection x
                                         where x.agent_id = :agent and x.connector_id = c.connector_id
                                         order by x.requested_at desc limit 1) latest on true
                          left join connectors.connection live
                            on live.agent_id = :agent and live.connector_id = c.connector_id and live.state = 'LIVE'
                          left join connectors.credential k on k.connection_id = live.connection_id
                         where not c.removed and c.mode = 'PER_AGENT'
                         order by c.name_key
                        """)
                .param("agent", agentId.value())
                .query((row, number) -> new AgentConnection(
                        new ConnectorId(row.getObject("connector_id", UUID.class)),
                        ConnectorQueries.connection(row, "live"),
                        row.getBoolean("needs_consent"),
                        ConnectorQueries.connection(row, "failed_attempt"),
                        row.getString("account") == null
                                ? null
                                : json.readValue(row.getString("account"), Identification.class)))
                .list();
    }
}
