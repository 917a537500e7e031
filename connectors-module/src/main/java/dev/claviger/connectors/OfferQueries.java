package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentOffer;
import dev.claviger.connectors.api.AgentQuery.FindOffer;
import dev.claviger.connectors.api.AgentQuery.OfferedConnector;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what an agent may use now. A shared connector is offered to those for whom somebody chose a tool of it; a
 * per-agent one to every agent, because what it hands out is the agent's own.
 */
@Component
class OfferQueries {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    OfferQueries(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @QueryHandler
    Optional<AgentOffer> handle(FindOffer query) {
        AgentId agentId = query.agentId();
        return jdbc.sql("select name from connectors.agent where agent_id = :agent and not removed")
                .param("agent", agentId.value())
                .query(String.class)
                .optional()
                .map(name -> new AgentOffer(agentId, name, connectors(agentId, tools(agentId))));
    }

    private List<OfferedConnector> connectors(AgentId agentId, Map<UUID, List<String>> tools) {
        return jdbc.sql("""
                        select c.connector_id, c.server_key, c.settings, live.connection_id,
                               coalesce(k.needs_consent, false) as needs_consent,
                               coalesce(live.issuer <> c.issuer, false) as moved
                          from connectors.connector c
                          left join connectors.connection live
                            on live.connector_id = c.connector_id and live.state = 'LIVE'
                           and live.agent_id is not distinct from
                               case when c.mode = 'PER_AGENT' then cast(:agent as uuid) end
                          left join connectors.credential k on k.connection_id = live.connection_id
                         where not c.removed
                           and (c.mode = 'PER_AGENT'
                                or exists (select 1 from connectors.agent_tool t
                                            where t.agent_id = :agent and t.connector_id = c.connector_id))
                         order by c.name_key
                        """)
                .param("agent", agentId.value())
                .query((row, number) -> connector(row, tools))
                .list();
    }

    private OfferedConnector connector(ResultSet row, Map<UUID, List<String>> tools) throws SQLException {
        UUID id = row.getObject("connector_id", UUID.class);
        String serverKey = row.getString("server_key");
        ConnectorSettings settings = json.readValue(row.getString("settings"), ConnectorSettings.class);
        boolean open = settings.authType() == AuthType.NONE;
        // A server that moved to another issuer is given no credential of the one before.
        ConnectionId live = open || row.getBoolean("moved") ? null : ConnectorQueries.connection(row, "connection_id");
        boolean connected = open || (live != null && !row.getBoolean("needs_consent"));
        return new OfferedConnector(
                new ConnectorId(id),
                settings.name(),
                serverKey,
                settings.url(),
                settings.authType(),
                settings.mode(),
                settings.customHeaders(),
                live,
                connected,
                connected
                        ? tools.getOrDefault(id, List.of()).stream()
                                .map(tool -> "mcp__" + serverKey + "__" + tool)
                                .toList()
                        : List.of());
    }

    private Map<UUID, List<String>> tools(AgentId agentId) {
        Map<UUID, List<String>> tools = new HashMap<>();
        jdbc.sql("""
                        select connector_id, name
                          from connectors.agent_tool join connectors.connector_tool using (connector_id, name)
                         where agent_id = :agent
                         order by name
                        """).param("agent", agentId.value()).query(row -> {
            tools.computeIfAbsent(row.getObject("connector_id", UUID.class), id -> new ArrayList<>())
                    .add(row.getString("name"));
        });
        return tools;
    }
}
