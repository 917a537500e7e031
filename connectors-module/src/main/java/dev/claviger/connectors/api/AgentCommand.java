package dev.claviger.connectors.api;

import java.util.Set;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What may be asked of an agent. */
public sealed interface AgentCommand {

    AgentId agentId();

    /** Repeating it does nothing. Refused when the name is taken. */
    record CreateAgent(@TargetAggregateIdentifier AgentId agentId, String name, String description)
            implements AgentCommand {}

    /** Refused when the name is taken. */
    record EditAgent(@TargetAggregateIdentifier AgentId agentId, String name, String description)
            implements AgentCommand {}

    /** Revokes its keys and ends its connections; the history stays. */
    record RemoveAgent(@TargetAggregateIdentifier AgentId agentId) implements AgentCommand {}

    /**
     * Adds an API key. Answers a {@code boolean}: false when a key of this id was issued before, which leaves that one as
     * it is. Refused when two keys are valid already.
     *
     * @param hash SHA-256 of the whole key (256 random bits), lower-case hex
     */
    record IssueAgentKey(@TargetAggregateIdentifier AgentId agentId, UUID keyId, String hash) implements AgentCommand {}

    record RevokeAgentKey(@TargetAggregateIdentifier AgentId agentId, UUID keyId) implements AgentCommand {}

    /** Sets the tools of one connector that the agent may use. */
    record ChooseTools(@TargetAggregateIdentifier AgentId agentId, ConnectorId connectorId, Set<String> tools)
            implements AgentCommand {}
}
