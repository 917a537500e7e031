package dev.claviger.connectors.api;

import dev.claviger.credentials.api.Identification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What may be asked about agents. */
public sealed interface AgentQuery {

    /** Answers an {@link AgentPage}, ordered by name. {@code limit} is 1 to 1,000. */
    record FindAgents(@Nullable String search, int offset, int limit) implements AgentQuery {}

    /** Answers an {@link AgentDetail} or nothing; removed agents are not found. */
    record FindAgent(AgentId agentId) implements AgentQuery {}

    /** Answers an {@link AgentOffer} or nothing. */
    record FindOffer(AgentId agentId) implements AgentQuery {}

    /** Answers {@link Choosers}: the agents for which tools of the connector are chosen; removed agents are left out. */
    record FindChoosers(ConnectorId connectorId) implements AgentQuery {}

    /**
     * Answers an {@link AgentUses}, newest first; removed agents too.
     *
     * @param before {@link AgentUses#next} of the uses before; null: from the newest
     * @param limit 1 to 1,000
     */
    record FindAgentUses(AgentId agentId, @Nullable UsesBefore before, int limit) implements AgentQuery {}

    /** Answers a {@link RemovedAgent} or nothing. */
    record FindRemovedAgent(AgentId agentId) implements AgentQuery {}

    /** Collects the answer of {@link FindChoosers}. */
    record Choosers(List<AgentId> items) {}

    /**
     * One answer of the agent API.
     *
     * @param what was asked for: {@code me}, {@code connectors}, {@code headers} or {@code mcp.json}; of a frozen agent also
     *     {@code something else}
     * @param outcome what was answered, in words
     * @param connectorId whose headers were asked for; null: of no single connector
     * @param connectionId whose credential was handed out; null: none was
     */
    record AgentUse(
            Instant at,
            String what,
            String outcome,
            @Nullable ConnectorId connectorId,
            @Nullable String connectorName,
            @Nullable ConnectionId connectionId,
            @Nullable String sourceAddress) {}

    /** @param next where older ones begin; null: there are none */
    record AgentUses(List<AgentUse> items, @Nullable UsesBefore next) {}

    /**
     * A place in the uses of an agent. In writing two numbers with a dash, which mean nothing outside. What was under way when
     * a page was read may stand above its place.
     */
    record UsesBefore(long call, long use) {

        public static final UsesBefore NEWEST = new UsesBefore(Long.MAX_VALUE, Long.MAX_VALUE);

        /** @throws IllegalArgumentException when it is none */
        public static UsesBefore of(String written) {
            int dash = written.indexOf('-');
            if (dash < 0) {
                throw new IllegalArgumentException("A place in a list of uses is two numbers with a dash");
            }
            return new UsesBefore(
                    Long.parseLong(written, 0, dash, 10), Long.parseLong(written, dash + 1, written.length(), 10));
        }

        @Override
        public String toString() {
            return call + "-" + use;
        }
    }

    /** What is left of an agent that was removed. */
    record RemovedAgent(AgentId agentId, String name, String description, Instant createdAt) {}

    /** @param frozen whether an admin has frozen the agent: its key is right, and opens nothing until the thaw */
    record AuthenticatedAgent(AgentId agentId, String name, UUID keyId, boolean frozen) {}

    record AgentRow(
            AgentId agentId,
            String name,
            String description,
            int keys,
            int connections,
            int tools,
            Instant createdAt) {}

    record AgentPage(List<AgentRow> items, int total) {}

    record AgentKey(UUID keyId, Instant createdAt, @Nullable Instant lastUsedAt) {}

    /** @param choices the tools chosen, by connector */
    record AgentDetail(
            AgentId agentId,
            String name,
            String description,
            Instant createdAt,
            List<AgentKey> keys,
            List<ChosenTools> choices,
            List<AgentConnection> connections) {}

    record ChosenTools(ConnectorId connectorId, Set<String> tools) {}

    /**
     * The live connection of an agent to a per-agent connector, and how the latest attempt ended if it failed.
     *
     * @param identification whose account the live one is; null: there is none, or nobody was asked
     */
    record AgentConnection(
            ConnectorId connectorId,
            @Nullable ConnectionId live,
            boolean needsConsent,
            @Nullable ConnectionId failedAttempt,
            @Nullable Identification identification) {}

    /**
     * What an agent may use. A shared connector, or one without authentication, is offered when a tool of it was chosen
     * for the agent; a per-agent one always, because what it hands out is the agent's own.
     */
    record AgentOffer(AgentId agentId, String name, List<OfferedConnector> connectors) {}

    /**
     * @param connectionId whose credential to hand out; null for auth type none, where the agent is not connected, and where
     *     the server names another authorization server by now
     * @param connected whether the agent can use it now
     * @param tools the chosen tools that exist, each as {@code mcp__<server_key>__<tool>}; empty where not connected
     */
    record OfferedConnector(
            ConnectorId connectorId,
            String name,
            String serverKey,
            String url,
            AuthType authType,
            CredentialMode mode,
            Map<String, String> customHeaders,
            @Nullable ConnectionId connectionId,
            boolean connected,
            List<String> tools) {}
}
