package dev.claviger.connectors;

import static dev.claviger.connectors.Fixtures.AGENT;
import static dev.claviger.connectors.Fixtures.CONNECTOR;

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
import dev.claviger.connectors.api.AgentRejected;
import java.util.Set;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentTest {

    private static final AgentCreated CREATED = new AgentCreated(AGENT, "Scribe", "Writes.");
    private static final UUID KEY = new UUID(5, 1);
    private static final UUID SECOND_KEY = new UUID(5, 2);
    private static final UUID THIRD_KEY = new UUID(5, 3);

    private FixtureConfiguration<Agent> agent;

    @BeforeEach
    void setUp() {
        agent = new AggregateTestFixture<>(Agent.class);
    }

    @Test
    void isCreatedOnce() {
        agent.givenNoPriorActivity()
                .when(new CreateAgent(AGENT, "Scribe", "Writes."))
                .expectEvents(CREATED);
        agent.given(CREATED).when(new CreateAgent(AGENT, "Scribe", "Writes.")).expectNoEvents();
    }

    @Test
    void wantsAName() {
        agent.givenNoPriorActivity()
                .when(new CreateAgent(AGENT, " ", ""))
                .expectException(AgentRejected.class)
                .expectNoEvents();
    }

    @Test
    void saysWhatWasEdited() {
        agent.given(CREATED)
                .when(new EditAgent(AGENT, "Scribe", "Reads."))
                .expectEvents(new AgentEdited(AGENT, "Scribe", "Reads."));
        agent.given(CREATED).when(new EditAgent(AGENT, "Scribe", "Writes.")).expectNoEvents();
    }

    @Test
    void hasAtMostTwoValidKeys() {
        agent.given(CREATED, key(KEY), key(SECOND_KEY))
                .when(new IssueAgentKey(AGENT, THIRD_KEY, "h"))
                .expectException(AgentRejected.class);
        agent.given(CREATED, key(KEY), key(SECOND_KEY), new AgentKeyRevoked(AGENT, KEY))
                .when(new IssueAgentKey(AGENT, THIRD_KEY, "h"))
                .expectResultMessagePayload(true)
                .expectEvents(key(THIRD_KEY));
    }

    @Test
    void doesNotBringBackARevokedKey() {
        agent.given(CREATED, key(KEY), new AgentKeyRevoked(AGENT, KEY))
                .when(new IssueAgentKey(AGENT, KEY, "h"))
                .expectResultMessagePayload(false)
                .expectNoEvents();
        agent.given(CREATED, key(KEY), new AgentKeyRevoked(AGENT, KEY))
                .when(new RevokeAgentKey(AGENT, KEY))
                .expectNoEvents();
    }

    @Test
    void saysWhichToolsWereChosenAndWhichNoMore() {
        agent.given(CREATED, new ToolsChosen(AGENT, CONNECTOR, Set.of("read", "write"), Set.of()))
                .when(new ChooseTools(AGENT, CONNECTOR, Set.of("read", "list")))
                .expectEvents(new ToolsChosen(AGENT, CONNECTOR, Set.of("list"), Set.of("write")));
        agent.given(CREATED, new ToolsChosen(AGENT, CONNECTOR, Set.of("read"), Set.of()))
                .when(new ChooseTools(AGENT, CONNECTOR, Set.of("read")))
                .expectNoEvents();
    }

    @Test
    void losesItsKeysWhenItIsRemoved() {
        agent.given(CREATED, key(KEY))
                .when(new RemoveAgent(AGENT))
                .expectEvents(new AgentKeyRevoked(AGENT, KEY), new AgentRemoved(AGENT, "Scribe"));
        agent.given(CREATED, new AgentRemoved(AGENT, "Scribe"))
                .when(new RemoveAgent(AGENT))
                .expectNoEvents();
        agent.given(CREATED, new AgentRemoved(AGENT, "Scribe"))
                .when(new IssueAgentKey(AGENT, KEY, "h"))
                .expectException(AgentRejected.class);
    }

    private static AgentKeyIssued key(UUID id) {
        return new AgentKeyIssued(AGENT, id, "h");
    }
}
