package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.claviger.connectors.AgentCalls.Call;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentUse;
import dev.claviger.connectors.api.AgentQuery.AgentUses;
import dev.claviger.connectors.api.AgentQuery.FindAgentUses;
import dev.claviger.connectors.api.AgentQuery.UsesBefore;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialUse;
import dev.claviger.credentials.api.CredentialQuery.FindUsesBy;
import dev.claviger.credentials.api.CredentialQuery.NumberedUse;
import dev.claviger.credentials.api.CredentialQuery.UsesBy;
import dev.claviger.credentials.api.HandOuts;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.queryhandling.annotation.AnnotationQueryHandlerAdapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentUseQueriesTest {

    private static final AgentId AGENT = new AgentId(UUID.randomUUID());
    private static final AgentId OTHER_AGENT = new AgentId(UUID.randomUUID());
    private static final UUID CONNECTOR = UUID.randomUUID();
    private static final UUID CONNECTION = UUID.randomUUID();

    private static TestDatabase database;

    private final AgentCalls calls = new AgentCalls(database.dataSource());
    private final List<NumberedUse> used = new ArrayList<>();
    private final AgentUseQueries queries = new AgentUseQueries(calls, answers(), database.jdbc());
    private Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS).minusSeconds(600);

    @BeforeAll
    static void start() throws IOException {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void begin() {
        database.jdbc()
                .sql("truncate connectors.agent_call, connectors.connector, connectors.connection")
                .update();
        database.jdbc()
                .sql("insert into connectors.connector (connector_id, name, name_key, server_key, url, auth_type, mode,"
                        + " settings, created_at, removed) values (?, 'Wiki', 'wiki', 'wiki', 'https://wiki.example/mcp',"
                        + " 'BEARER', 'SHARED', '{}', now(), true)")
                .param(CONNECTOR)
                .update();
        database.jdbc()
                .sql("insert into connectors.connection (connection_id, connector_id, auth_type, sync_tools, state,"
                        + " requested_at) values (?, ?, 'BEARER', true, 'ENDED', now())")
                .params(CONNECTION, CONNECTOR)
                .update();
    }

    @Test
    void tellsOfCallsAndOfUsesNewestFirst() {
        called(AGENT, "me");
        used(AGENT, CONNECTION, "headers");
        called(OTHER_AGENT, "me");
        used(OTHER_AGENT, CONNECTION, "headers");
        used(AGENT, CONNECTION, HandOuts.STILL_VALID);
        called(AGENT, "mcp.json");
        AgentUses uses = queries.handle(new FindAgentUses(AGENT, null, 10));
        assertThat(uses.next()).isNull();
        assertThat(uses.items())
                .extracting(use -> use.what() + " " + use.outcome())
                .containsExactly("mcp.json answered", "headers still valid", "headers answered", "me answered");
        assertThat(uses.items().get(0).connectionId()).isNull();
        assertThat(uses.items().get(1)).satisfies(use -> {
            assertThat(use.connectorId()).isEqualTo(new ConnectorId(CONNECTOR));
            assertThat(use.connectorName()).as("of a connection that is over").isEqualTo("Wiki");
            assertThat(use.connectionId()).isEqualTo(new ConnectionId(CONNECTION));
            assertThat(use.sourceAddress()).isEqualTo("192.0.2.1");
        });
    }

    @Test
    void tellsOfAUseWhoseConnectionIsNotKnown() {
        used(AGENT, UUID.randomUUID(), "headers");
        assertThat(queries.handle(new FindAgentUses(AGENT, null, 10)).items())
                .singleElement()
                .satisfies(use -> assertThat(use.connectorName()).isNull());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 12, 13})
    void leavesNothingOutAndTellsNothingTwiceFromPageToPage(int limit) {
        for (int i = 0; i < 6; i++) {
            called(AGENT, "call " + i);
            used(AGENT, CONNECTION, "use " + i);
            now = i % 2 == 0 ? now.minusSeconds(1) : now;
        }
        List<AgentUse> all = queries.handle(new FindAgentUses(AGENT, null, 100)).items();
        assertThat(all).hasSize(12);
        List<AgentUse> read = new ArrayList<>();
        UsesBefore before = null;
        int pages = 0;
        do {
            AgentUses page = queries.handle(new FindAgentUses(AGENT, before, limit));
            assertThat(page.items()).hasSizeBetween(1, limit);
            read.addAll(page.items());
            before = page.next() == null ? null : UsesBefore.of(page.next().toString());
            called(AGENT, "meanwhile");
        } while (before != null && ++pages < 20);
        assertThat(read).isEqualTo(all);
    }

    @Test
    void cutsNothingOffBehindTheLargestPage() {
        for (int i = 0; i < 1_001; i++) {
            used(AGENT, CONNECTION, "headers");
        }
        AgentUses largest = queries.handle(new FindAgentUses(AGENT, null, 5_000));
        assertThat(largest.items()).hasSize(1_000);
        assertThat(queries.handle(new FindAgentUses(AGENT, largest.next(), 1_000))
                        .items())
                .hasSize(1);
    }

    @Test
    void leavesOutWhatWasWrittenDownBesideAUseByEarlierVersions() {
        for (String outcome : List.of("answered", "still valid", "refused: needs consent")) {
            database.jdbc()
                    .sql("insert into connectors.agent_call (agent_id, what, outcome, connector_id, connection_id)"
                            + " values (?, 'headers', ?, ?, ?)")
                    .params(AGENT.value(), outcome, CONNECTOR, CONNECTION)
                    .update();
        }
        assertThat(queries.handle(new FindAgentUses(AGENT, null, 10)).items())
                .extracting(AgentUse::outcome)
                .containsExactly("refused: needs consent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "-", "7-", "-7", "a-b", "7-7-7", "99999999999999999999-1"})
    void takesNoPlaceThatIsNone(String written) {
        assertThatIllegalArgumentException().isThrownBy(() -> UsesBefore.of(written));
    }

    private void called(AgentId agent, String what) {
        now = now.plusSeconds(1);
        calls.write(new Call(agent, what, "192.0.2.2"), AgentCalls.ANSWERED);
        database.jdbc()
                .sql("update connectors.agent_call set at = cast(? as timestamptz) where what = ? and agent_id = ?")
                .params(now.toString(), what, agent.value())
                .update();
    }

    private void used(AgentId agent, UUID credential, String purpose) {
        now = now.plusSeconds(1);
        used.add(
                0,
                new NumberedUse(
                        used.size() + 1,
                        new CredentialUse(
                                new CredentialId(credential), 1, now, agent.toString(), purpose, "192.0.2.1")));
    }

    private Answers answers() {
        SimpleQueryBus bus = SimpleQueryBus.builder().build();
        new AnnotationQueryHandlerAdapter<>(new Uses()).subscribe(bus);
        return new Answers(DefaultQueryGateway.builder().queryBus(bus).build());
    }

    /** Answers in the place of the credentials module. */
    private final class Uses {
        @QueryHandler
        UsesBy handle(FindUsesBy query) {
            Long before = query.before();
            return new UsesBy(used.stream()
                    .filter(use -> use.use().usedBy().equals(query.usedBy()))
                    .filter(use -> before == null || use.number() < before)
                    .limit(Math.min(1_001, query.limit()))
                    .toList());
        }
    }
}
