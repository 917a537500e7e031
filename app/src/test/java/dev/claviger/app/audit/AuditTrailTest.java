package dev.claviger.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.audit.AuditEntries.Entry;
import dev.claviger.app.audit.AuditEntries.Filter;
import dev.claviger.connectors.api.AgentCommand.CreateAgent;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorEvent;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.CredentialEvent;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.oauth.api.OAuthSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.transaction.support.TransactionTemplate;

/** The trail as a whole: what happens is found again, by everything it belongs to. */
@ClavigerTest
class AuditTrailTest {

    private static long position = 1L << 40;

    @Autowired
    private AuditTrail trail;

    @Autowired
    private AuditEntries entries;

    @Autowired
    private CommandGateway commands;

    @Autowired
    private TransactionTemplate transactions;

    @Value("${claviger.public-url}")
    private String base;

    @Test
    void followsTheEventStore() {
        AgentId agent = new AgentId(UUID.randomUUID());
        commands.sendAndWait(new CreateAgent(agent, "follows " + agent.value(), ""));

        waitUntil(() ->
                !entries.before(byAgent(agent.value()), Long.MAX_VALUE, 10).isEmpty());

        Entry entry = entries.before(byAgent(agent.value()), Long.MAX_VALUE, 10).get(0);
        assertThat(entry.event()).isEqualTo("AgentCreated");
        assertThat(entry.sentence()).startsWith("Created the agent “follows");
        assertThat(entry.agentName()).startsWith("follows");
    }

    @Test
    void losesNoEventThatIsCommittedAfterALaterOne() {
        UUID late = UUID.randomUUID();
        UUID early = UUID.randomUUID();
        transactions.executeWithoutResult(open -> {
            commands.sendAndWait(new CreateAgent(new AgentId(late), "late " + late, ""));
            CompletableFuture.runAsync(
                            () -> commands.sendAndWait(new CreateAgent(new AgentId(early), "early " + early, "")))
                    .join();
            waitUntil(() -> !events(byAgent(early)).isEmpty());
            assertThat(events(byAgent(late))).isEmpty();
        });

        waitUntil(() -> !events(byAgent(late)).isEmpty());
        assertThat(positions(entries.before(byAgent(late), Long.MAX_VALUE, 10)))
                .allSatisfy(position -> assertThat(position)
                        .isLessThan(entries.before(byAgent(early), Long.MAX_VALUE, 10)
                                .get(0)
                                .position()));
    }

    @Test
    void findsEventsOfTheLowerModulesByConnectorAndAgent() {
        UUID connector = UUID.randomUUID();
        UUID agent = UUID.randomUUID();
        UUID attempt = requested(connector, agent);
        handle(new CredentialEvent.TokenRevoked(new CredentialId(attempt), CredentialKind.OAUTH, "test"), Map.of());

        assertThat(events(new Filter(connector, null, null, null, null, null, null)))
                .containsExactly("TokenRevoked", "ConnectionRequested");
        assertThat(events(byAgent(agent))).containsExactly("TokenRevoked", "ConnectionRequested");
        assertThat(events(new Filter(null, null, attempt, null, "TokenRevoked", null, null)))
                .containsExactly("TokenRevoked");
    }

    @Test
    void writesAnEventThatComesTwiceOnce() {
        UUID attempt = UUID.randomUUID();
        EventMessage<?> message = new GenericEventMessage<>(
                new CredentialEvent.TokenRevoked(new CredentialId(attempt), CredentialKind.OAUTH, "test"));
        long once = position++;
        trail.write(message, once);
        trail.write(message, once);

        assertThat(events(new Filter(null, null, attempt, null, null, null, null)))
                .hasSize(1);
    }

    @Test
    void findsAnActorWithAndWithoutTheKind() {
        UUID connector = UUID.randomUUID();
        UUID attempt = requested(connector, null);
        handle(
                new CredentialEvent.TokenRevoked(new CredentialId(attempt), CredentialKind.OAUTH, "test"),
                Map.of("actor", "person:ada" + attempt, "source", "192.0.2.7"));

        for (String actor : List.of("ada" + attempt, "person:ada" + attempt)) {
            assertThat(events(new Filter(null, null, null, actor, null, null, null)))
                    .containsExactly("TokenRevoked");
        }
        assertThat(events(new Filter(null, null, null, "nobody" + attempt, null, null, null)))
                .isEmpty();
    }

    @Test
    void refusesFiltersThatCannotBeRead() throws Exception {
        for (String filter : List.of("connector=typo", "from=yesterday")) {
            for (String path : List.of("/api/v1/audit", "/audit/export.jsonl", "/audit/export.csv")) {
                HttpResponse<String> refused = asProgram(path + "?" + filter);
                assertThat(refused.statusCode()).as(path).isEqualTo(400);
                assertThat(refused.body()).as(path).contains("The filter " + filter.replaceFirst("=.*", "") + " must");
            }
        }
        assertThat(asProgram("/audit/export.csv?from=2099-01-01T00:00").body()).startsWith("position,at,event");

        Browser browser = new Browser(base);
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);
        assertThat(browser.get("/audit?connector=typo&from=yesterday").body())
                .contains("The filter connector must be", "The filter from must be")
                .doesNotContain("<table");
    }

    private HttpResponse<String> asProgram(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + ClavigerTest.ADMIN_TOKEN)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    @Test
    void readsPageByPageInBothDirections() {
        UUID connector = UUID.randomUUID();
        for (int i = 0; i < 7; i++) {
            requested(connector, null);
        }
        Filter filter = new Filter(connector, null, null, null, null, null, null);
        List<Long> all = positions(entries.before(filter, Long.MAX_VALUE, 100));

        List<Long> paged = new ArrayList<>();
        long before = Long.MAX_VALUE;
        for (List<Entry> page = entries.before(filter, before, 3);
                !page.isEmpty();
                page = entries.before(filter, before, 3)) {
            paged.addAll(positions(page));
            before = page.get(page.size() - 1).position();
        }

        assertThat(paged).isEqualTo(all).hasSize(7).isSortedAccordingTo(Collections.reverseOrder());
        assertThat(positions(entries.after(filter, all.get(4), 2))).isEqualTo(all.subList(2, 4));
    }

    @Test
    void showsAndExportsWhatIsAskedFor() {
        UUID connector = UUID.randomUUID();
        requested(connector, null);
        Browser browser = new Browser(base);
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);

        assertThat(browser.get("/audit?connector=" + connector).body())
                .contains(
                        "Asked to connect “", "evil()”", "Filter", "/audit/export.csv?connector", connector.toString());
        assertThat(browser.get("/audit?connector=" + UUID.randomUUID()).body()).contains("Nothing fits");

        List<String> csv = browser.get("/audit/export.csv?connector=" + connector)
                .body()
                .lines()
                .toList();
        assertThat(csv).hasSize(2);
        assertThat(csv.get(0)).startsWith("position,at,event");
        assertThat(csv.get(1)).contains("\"ConnectionRequested\"");
        String json = browser.get("/audit/export.jsonl?connector=" + connector).body();
        assertThat(json.lines()).hasSize(1).first().asString().contains("\"event\":\"ConnectionRequested\"");
        assertThat(json).doesNotContain("boundTo");
        assertThat(browser.get("/audit/uses/" + UUID.randomUUID()).body()).contains("Not used yet");
    }

    private UUID requested(UUID connector, UUID agent) {
        UUID attempt = UUID.randomUUID();
        ConnectorSettings settings = new ConnectorSettings(
                "=evil()",
                "https://mcp.example.com/mcp",
                AuthType.OAUTH,
                null,
                Map.of(),
                CredentialMode.PER_AGENT,
                OAuthSettings.AUTOMATIC);
        handle(
                new ConnectorEvent.ConnectionRequested(
                        new ConnectorId(connector),
                        new ConnectionId(attempt),
                        agent == null ? null : new AgentId(agent),
                        settings,
                        null,
                        true,
                        "hash",
                        null,
                        null),
                Map.of("actor", "person:test"));
        return attempt;
    }

    /** As the processor would, without its position: these events were never stored. */
    private void handle(Object event, Map<String, String> metadata) {
        trail.write(new GenericEventMessage<>(event, metadata), position++);
    }

    private List<String> events(Filter filter) {
        return entries.before(filter, Long.MAX_VALUE, 100).stream()
                .map(Entry::event)
                .toList();
    }

    private static List<Long> positions(List<Entry> entries) {
        return entries.stream().map(Entry::position).toList();
    }

    private static Filter byAgent(UUID agent) {
        return new Filter(null, agent, null, null, null, null, null);
    }

    private static void waitUntil(BooleanSupplier condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited too long").isBefore(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
