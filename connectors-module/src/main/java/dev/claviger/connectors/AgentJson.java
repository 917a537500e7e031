package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.AgentRow;
import dev.claviger.connectors.api.AgentQuery.AgentUse;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.api.Identification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Agents as the admin API has them. */
final class AgentJson {

    private AgentJson() {}

    /** @param id chosen by the client so that a repeated request does nothing; only when creating */
    record Body(
            @Nullable UUID id,
            @Nullable String name,
            @Nullable String description) {}

    /** @param id chosen by the client so that a repeated request issues no second key */
    record KeyBody(@Nullable UUID id) {}

    /** @param tools by the names the server gave them; an empty list: none */
    record Tools(@Nullable List<@Nullable String> tools) {

        /** @throws WrongFields when it names no tools, or names that cannot be one */
        List<String> named() {
            if (tools == null) {
                throw new WrongFields(Map.of("tools", "Name the tools; an empty list for none, [\"*\"] for all."));
            }
            List<String> named = new ArrayList<>();
            for (String tool : tools) {
                if (tool == null || tool.isBlank() || Words.unprintable(tool)) {
                    throw new WrongFields(
                            Map.of("tools", "Name each tool as the server names it; no name may be empty."));
                }
                named.add(tool);
            }
            return named;
        }
    }

    record Uses(List<AgentUse> items, @Nullable String next) {}

    /** The key, shown this once. */
    record NewKey(UUID id, String key) {
        @Override
        public String toString() {
            return "NewKey[" + id + "]";
        }
    }

    record Line(AgentId id, String name, String description, int keys, int connections, int tools, Instant createdAt) {
        static Line of(AgentRow row) {
            return new Line(
                    row.agentId(),
                    row.name(),
                    row.description(),
                    row.keys(),
                    row.connections(),
                    row.tools(),
                    row.createdAt());
        }
    }

    record Page(List<Line> items, int total) {}

    record Key(UUID id, Instant createdAt, @Nullable Instant lastUsedAt) {}

    record Chosen(ConnectorId connectorId, Collection<String> tools) {}

    record Connection(
            ConnectorId connectorId,
            @Nullable ConnectionId connectionId,
            boolean needsConsent,
            @Nullable ConnectionId failedAttempt,
            @Nullable Identification identification) {}

    record Whole(
            AgentId id,
            String name,
            String description,
            Instant createdAt,
            List<Key> keys,
            List<Chosen> tools,
            List<Connection> connections) {
        static Whole of(AgentDetail agent) {
            return new Whole(
                    agent.agentId(),
                    agent.name(),
                    agent.description(),
                    agent.createdAt(),
                    agent.keys().stream()
                            .map(key -> new Key(key.keyId(), key.createdAt(), key.lastUsedAt()))
                            .toList(),
                    agent.choices().stream()
                            .map(chosen -> new Chosen(
                                    chosen.connectorId(),
                                    chosen.tools().stream().sorted().toList()))
                            .toList(),
                    agent.connections().stream()
                            .map(connection -> new Connection(
                                    connection.connectorId(),
                                    connection.live(),
                                    connection.needsConsent(),
                                    connection.failedAttempt(),
                                    connection.identification()))
                            .toList());
        }
    }
}
