package dev.claviger.connectors.api;

import java.util.Set;
import java.util.UUID;

/** What happened to an agent. */
public sealed interface AgentEvent {

    AgentId agentId();

    record AgentCreated(AgentId agentId, String name, String description) implements AgentEvent {}

    record AgentEdited(AgentId agentId, String name, String description) implements AgentEvent {}

    record AgentRemoved(AgentId agentId, String name) implements AgentEvent {}

    /** @param hash SHA-256 of the key, lower-case hex; the key itself is shown once and kept nowhere */
    record AgentKeyIssued(AgentId agentId, UUID keyId, String hash) implements AgentEvent {}

    record AgentKeyRevoked(AgentId agentId, UUID keyId) implements AgentEvent {}

    record ToolsChosen(AgentId agentId, ConnectorId connectorId, Set<String> added, Set<String> removed)
            implements AgentEvent {}
}
