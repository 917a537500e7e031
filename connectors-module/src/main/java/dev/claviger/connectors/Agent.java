package dev.claviger.connectors;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.connectors.api.AgentCommand.ChooseTools;
import dev.claviger.connectors.api.AgentCommand.CreateAgent;
import dev.claviger.connectors.api.AgentCommand.EditAgent;
import dev.claviger.connectors.api.AgentCommand.IssueAgentKey;
import dev.claviger.connectors.api.AgentCommand.RemoveAgent;
import dev.claviger.connectors.api.AgentCommand.RevokeAgentKey;
import dev.claviger.connectors.api.AgentEvent.AgentCreated;
import dev.claviger.connectors.api.AgentEvent.AgentEdited;
import dev.claviger.connectors.api.AgentEvent.AgentKeyIssued;
import dev.claviger.connectors.api.AgentEvent.AgentKeyRevoked;
import dev.claviger.connectors.api.AgentEvent.AgentRemoved;
import dev.claviger.connectors.api.AgentEvent.ToolsChosen;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentRejected;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** Somebody's program that uses tools: its keys to get in here, and the tools chosen for it. */
@Aggregate(cache = "aggregateCache")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class Agent {

    /** Two, so that a key can be changed without a moment in which none is valid. */
    private static final int VALID_KEYS = 2;

    private static final int LONGEST_DESCRIPTION = 1_000;

    @AggregateIdentifier
    private @Nullable AgentId agentId;

    private String name = "";
    private String description = "";
    private Set<UUID> validKeys = new HashSet<>();
    private Set<UUID> knownKeys = new HashSet<>();
    private Map<String, Set<String>> choices = new HashMap<>();
    private boolean removed;

    Agent() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(CreateAgent command) {
        if (agentId != null) {
            return;
        }
        demandWords(command.name(), command.description());
        apply(new AgentCreated(command.agentId(), command.name(), command.description()));
    }

    @CommandHandler
    void handle(EditAgent command) {
        demandPresent();
        if (command.name().equals(name) && command.description().equals(description)) {
            return;
        }
        demandWords(command.name(), command.description());
        apply(new AgentEdited(command.agentId(), command.name(), command.description()));
    }

    @CommandHandler
    void handle(RemoveAgent command) {
        if (removed) {
            return;
        }
        List.copyOf(validKeys).forEach(key -> apply(new AgentKeyRevoked(command.agentId(), key)));
        apply(new AgentRemoved(command.agentId(), name));
    }

    @CommandHandler
    boolean handle(IssueAgentKey command) {
        demandPresent();
        if (knownKeys.contains(command.keyId())) {
            return false;
        }
        if (validKeys.size() >= VALID_KEYS) {
            throw new AgentRejected("Revoke one of the two keys first: an agent may have two valid keys at a time.");
        }
        apply(new AgentKeyIssued(command.agentId(), command.keyId(), command.hash()));
        return true;
    }

    @CommandHandler
    void handle(RevokeAgentKey command) {
        if (validKeys.contains(command.keyId())) {
            apply(new AgentKeyRevoked(command.agentId(), command.keyId()));
        }
    }

    @CommandHandler
    void handle(ChooseTools command) {
        demandPresent();
        Set<String> before = choices.getOrDefault(command.connectorId().toString(), Set.of());
        Set<String> added = new TreeSet<>(command.tools());
        added.removeAll(before);
        Set<String> gone = new TreeSet<>(before);
        gone.removeAll(command.tools());
        if (!added.isEmpty() || !gone.isEmpty()) {
            apply(new ToolsChosen(command.agentId(), command.connectorId(), added, gone));
        }
    }

    private void demandPresent() {
        if (removed) {
            throw new AgentRejected("This agent was removed; create a new one.");
        }
    }

    private static void demandWords(String name, String description) {
        if (name.isBlank() || name.length() > 80 || name.chars().anyMatch(Character::isISOControl)) {
            throw new AgentRejected("Give the agent a name of 1 to 80 characters.");
        }
        if (description.length() > LONGEST_DESCRIPTION) {
            throw new AgentRejected("Shorten the description to at most 1,000 characters.");
        }
    }

    @EventSourcingHandler
    void on(AgentCreated event) {
        agentId = event.agentId();
        name = event.name();
        description = event.description();
    }

    @EventSourcingHandler
    void on(AgentEdited event) {
        name = event.name();
        description = event.description();
    }

    @EventSourcingHandler
    void on(AgentRemoved event) {
        removed = true;
    }

    @EventSourcingHandler
    void on(AgentKeyIssued event) {
        knownKeys.add(event.keyId());
        validKeys.add(event.keyId());
    }

    @EventSourcingHandler
    void on(AgentKeyRevoked event) {
        validKeys.remove(event.keyId());
    }

    @EventSourcingHandler
    void on(ToolsChosen event) {
        Set<String> chosen = choices.computeIfAbsent(event.connectorId().toString(), connector -> new HashSet<>());
        chosen.addAll(event.added());
        chosen.removeAll(event.removed());
    }
}
