package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.TestDatabase;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Freezing on one process what agents fetch from another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class FrozenProcessesTest {

    private static final int LOCKED = 423;

    private final TestDatabase.Fresh database = TestDatabase.fresh();
    private final DemoProvider provider = DemoProvider.start();
    private final DemoProvider elsewhere = DemoProvider.start();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private ApplicationProcess first;
    private ApplicationProcess second;
    private Claviger here;
    private Claviger there;
    private Connector connector;
    private Connector other;
    private Agent agent;
    private Agent another;

    /** @param begun when it was asked, by {@link System#nanoTime} */
    private record Asked(long begun, Reply reply) {}

    @BeforeAll
    void startBoth() throws InterruptedException {
        int port = ApplicationProcess.freePort();
        String publicUrl = "http://localhost:" + port;
        first = ApplicationProcess.begin(database, port, publicUrl);
        second = ApplicationProcess.begin(database, ApplicationProcess.freePort(), publicUrl);
        first.ready();
        second.ready();
        here = new Claviger(first.url());
        there = new Claviger(second.url());
        connector = here.oauthConnector("Frozen", provider.mcpUrl(), "shared");
        other = here.oauthConnector("Elsewhere", elsewhere.mcpUrl(), "shared");
        here.connectWithConsent(provider, connector, null);
        here.connectWithConsent(elsewhere, other, null);
        agent = here.agent("Frozen");
        another = here.agent("Another");
        for (Agent one : List.of(agent, another)) {
            here.choose(one, connector, "*");
            here.choose(one, other, "*");
            Claviger.until("the offers", () -> there.offered(one).size() == 2);
        }
    }

    @AfterAll
    void stopBoth() {
        threads.shutdownNow();
        first.close();
        second.close();
        provider.close();
        elsewhere.close();
    }

    @Test
    void whoAsksTheOtherAfterTheFreezeWasAnsweredGetsNothing() throws Exception {
        String before = there.authorization(agent, connector);
        AtomicBoolean over = new AtomicBoolean();
        Queue<Asked> asked = new ConcurrentLinkedQueue<>();
        List<Future<?>> hammers = IntStream.range(0, 6)
                .<Future<?>>mapToObj(n -> threads.submit(() -> hammer(n % 2 == 0 ? there : here, over, asked)))
                .toList();
        Claviger.until("agents to be answered", () -> asked.size() > 20);

        JsonNode freeze = freeze("everything");
        long answered = System.nanoTime();
        long uses = uses();
        Claviger.until(
                "agents to be refused",
                () -> asked.stream().filter(one -> one.begun() > answered).count() > 40);
        over.set(true);
        for (Future<?> hammer : hammers) {
            hammer.get(60, TimeUnit.SECONDS);
        }

        assertThat(freeze.path("nodes").asInt()).isEqualTo(2);
        assertThat(freeze.path("acknowledged").asInt()).as(freeze.toString()).isEqualTo(2);
        assertThat(freeze.path("slowestMillis").asLong()).isBetween(0L, 5_000L);
        assertThat(asked).filteredOn(one -> one.begun() > answered).allSatisfy(one -> {
            assertThat(one.reply().status()).as(one.reply().body()).isEqualTo(LOCKED);
            assertThat(one.reply().body()).doesNotContain(before);
        });
        assertThat(asked).allSatisfy(one -> assertThat(one.reply().status()).isIn(200, LOCKED));
        assertThat(uses()).isEqualTo(uses);
        assertThat(uses)
                .as("each answer has its use")
                .isGreaterThanOrEqualTo(asked.stream()
                        .filter(one -> one.reply().status() == 200)
                        .count());

        thaw(freeze);
        assertThat(there.authorization(agent, connector)).isEqualTo(before);
    }

    @Test
    void anAnswerToTheFrozenSaysWhatItIs() {
        JsonNode freeze = freeze("everything");
        Reply refused = there.credential(agent, connector);
        assertThat(refused.status()).isEqualTo(LOCKED);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.json().path("reason").asString()).isEqualTo("FROZEN");
        assertThat(refused.json().path("detail").asString()).contains("frozen");
        Reply file = there.call(agent.key(), "GET", "/api/v1/agent/mcp.json", null);
        assertThat(file.body()).doesNotContain("Bearer");
        thaw(freeze);
        assertThat(there.call(agent.key(), "GET", "/api/v1/agent/mcp.json", null)
                        .ok()
                        .body())
                .contains("Bearer");
    }

    @Test
    void eachSubjectIsFrozenByItselfAndFreezesOverlap() {
        JsonNode ofAgent = freeze("agent:" + agent.id());
        assertThat(there.credential(agent, connector).status()).isEqualTo(LOCKED);
        Reply me = there.call(agent.key(), "GET", "/api/v1/agent/me", null);
        assertThat(me.status()).as(me.body()).isEqualTo(LOCKED);
        assertThat(me.json().path("detail").asString()).contains("frozen");
        assertThat(there.credential(another, connector).status()).isEqualTo(200);
        JsonNode ofConnector = freeze("connector:" + connector.id());
        assertThat(there.credential(another, connector).status()).isEqualTo(LOCKED);
        assertThat(there.credential(another, other).status()).isEqualTo(200);
        thaw(ofAgent);
        assertThat(there.credential(agent, connector).status()).isEqualTo(LOCKED);
        assertThat(there.credential(agent, other).status()).isEqualTo(200);
        JsonNode ofIssuer = freeze("issuer:" + elsewhere.issuer());
        assertThat(there.credential(agent, other).status()).isEqualTo(LOCKED);
        thaw(ofConnector);
        assertThat(there.credential(agent, connector).status()).isEqualTo(200);
        thaw(ofIssuer);
        assertThat(there.credential(agent, other).status()).isEqualTo(200);
    }

    @Test
    void whoTriesTheKeyOfAFrozenAgentIsWrittenDownOnce() {
        Agent stolen = here.agent("Stolen");
        JsonNode freeze = freeze("agent:" + stolen.id());
        for (int i = 0; i < 3; i++) {
            assertThat(there.call(stolen.key(), "GET", "/api/v1/agent/connectors", null)
                            .status())
                    .isEqualTo(LOCKED);
        }
        assertThat(here.admin("GET", "/api/v1/agents/" + stolen.id() + "/uses", null)
                        .ok()
                        .json()
                        .path("items")
                        .valueStream())
                .singleElement()
                .satisfies(use -> {
                    assertThat(use.path("outcome").asString()).isEqualTo("refused: frozen");
                    assertThat(use.path("what").asString()).isEqualTo("connectors");
                });
        thaw(freeze);
    }

    @Test
    void nothingFrozenIsConnectedAndAConsentUnderWayEnds() {
        Connector late = here.oauthConnector("Late", provider.mcpUrl(), "shared");
        JsonNode asked = here.connect(late);
        long redeemed = provider.count("POST", "/token");
        JsonNode freeze = freeze("connector:" + late.id());

        Reply refused = there.admin("POST", "/api/v1/connectors/" + late.id() + "/connect", Map.of());
        assertThat(refused.status()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body()).contains("Emergency");
        there.callback(here.path(provider.approve(Claviger.authorizationUrl(asked))));
        JsonNode ended = there.decided(Claviger.attempt(asked));

        assertThat(ended.path("failure").path("code").asString())
                .as(ended.toString())
                .isEqualTo("CLV-405");
        assertThat(provider.count("POST", "/token")).isEqualTo(redeemed);
        thaw(freeze);
        here.connectWithConsent(provider, late, null);
    }

    @Test
    void aProcessAcknowledgesWhenTheLastItHadInHandHasEnded() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        int calls = calls();
        provider.knobs().mcpGate = gate;
        CompletableFuture<Reply> call = CompletableFuture.supplyAsync(
                () -> there.admin(
                        "POST",
                        "/api/v1/connectors/" + connector.id() + "/tools/list_notebooks/call",
                        Map.of("arguments", Map.of())),
                threads);
        Claviger.until("the call to be on its way", () -> calls() > calls);

        JsonNode freeze = freeze("connector:" + connector.id());
        assertThat(freeze.path("acknowledged").asInt()).as(freeze.toString()).isEqualTo(1);
        String frozen = "The connector “" + connector.name() + "”";
        Browser admin = here.signedIn();
        assertThat(admin.get("/emergency").body()).contains("1 of 2 nodes", "Waits for node:", "last heartbeat");
        assertThat(admin.get("/audit").body()).as("the banner").contains(frozen);

        provider.knobs().mcpGate = null;
        gate.countDown();
        call.get(60, TimeUnit.SECONDS);
        Claviger.until(
                "the other node", () -> status(freeze).path("acknowledged").asInt() == 2);
        assertThat(admin.get("/emergency").body()).contains("2 of 2 nodes", "slowest after");
        thaw(freeze);
        assertThat(admin.get("/audit").body()).doesNotContain(frozen);
    }

    @Test
    void isDoneAndUndoneOnPagesWithAReasonAndWrittenDown() {
        Browser admin = here.signedIn();
        assertThat(admin.get("/agents/" + agent.id()).body()).contains("/emergency/freeze?subject=agent:" + agent.id());
        String page = admin.get("/emergency/freeze?subject=agent:" + agent.id()).body();
        assertThat(page).contains(agent.name(), "Agents concerned: <strong>1</strong>");
        String id = UUID.randomUUID().toString();
        String subject = "agent:" + agent.id();
        assertThat(admin.post("/emergency/freeze", Map.of("subject", subject, "id", id, "reason", " "))
                        .body())
                .contains("Say why it is frozen");
        assertThat(there.credential(agent, connector).status()).isEqualTo(200);
        assertThat(admin.post("/emergency/freeze", Map.of("subject", subject, "id", id, "reason", "A stolen laptop"))
                        .statusCode())
                .isEqualTo(303);
        assertThat(there.credential(agent, connector).status()).isEqualTo(LOCKED);
        assertThat(admin.get("/emergency").body()).contains("A stolen laptop", "2 of 2 nodes", "by admin");
        assertThat(admin.post("/emergency/" + id + "/thaw", Map.of("reason", ""))
                        .body())
                .contains("Say why it may go on");
        assertThat(admin.post("/emergency/" + id + "/thaw", Map.of("reason", "It was found"))
                        .statusCode())
                .isEqualTo(303);
        assertThat(there.credential(agent, connector).status()).isEqualTo(200);
        assertThat(here.events("agent=" + agent.id())).contains("Frozen", "Thawed");
        JsonNode over = here.admin("GET", "/api/v1/freezes/" + id, null).ok().json();
        assertThat(over.path("frozenBy").asString()).isEqualTo("person:admin");
        assertThat(over.path("thawedBy").asString()).isEqualTo("person:admin");
        assertThat(admin.get("/emergency").body()).contains("It was found", "by admin");
    }

    @Test
    void aUsedIdFreezesNothingAndSaysSo() {
        Browser admin = here.signedIn();
        String id = UUID.randomUUID().toString();
        Map<String, String> wanted =
                Map.of("id", id, "subject", "connector:" + connector.id(), "reason", "Somebody has the token");
        Map<String, String> another =
                Map.of("id", id, "subject", "connector:" + other.id(), "reason", "Somebody has the token");
        JsonNode freeze = here.admin("POST", "/api/v1/freezes", wanted).ok().json();
        assertThat(here.admin("POST", "/api/v1/freezes", wanted).status())
                .as("a repetition")
                .isEqualTo(201);

        Reply ofAnother = there.admin("POST", "/api/v1/freezes", another);
        assertThat(ofAnother.status()).as(ofAnother.body()).isEqualTo(409);
        assertThat(ofAnother.body()).contains("Nothing was frozen", "connector:" + connector.id(), "new id");
        assertThat(there.credential(agent, other).status()).isEqualTo(200);

        thaw(freeze);
        Reply again = there.admin("POST", "/api/v1/freezes", wanted);
        assertThat(again.status()).as(again.body()).isEqualTo(409);
        assertThat(again.body()).contains("Nothing was frozen", "which is thawed");
        assertThat(there.credential(agent, connector).status()).isEqualTo(200);
        assertThat(admin.post("/emergency/freeze", wanted).body())
                .contains("Nothing was frozen")
                .doesNotContain(id);
    }

    @Test
    void whatIsFrozenIsDisconnectedAllTheSame() {
        Connector doomed = here.oauthConnector("Doomed", provider.mcpUrl(), "shared");
        here.connectWithConsent(provider, doomed, null);
        JsonNode freeze = freeze("connector:" + doomed.id());
        long told = provider.count("POST", "/revoke");
        there.admin("POST", "/api/v1/connectors/" + doomed.id() + "/disconnect", null)
                .ok();
        Claviger.until("the provider to be told", () -> provider.count("POST", "/revoke") > told);
        thaw(freeze);
        assertThat(here.line(doomed).path("status").asString()).isNotEqualTo("connected");
    }

    private void hammer(Claviger process, AtomicBoolean over, Queue<Asked> asked) {
        while (!over.get()) {
            long begun = System.nanoTime();
            asked.add(new Asked(begun, process.credential(agent, connector)));
        }
    }

    private JsonNode freeze(String subject) {
        return here.admin("POST", "/api/v1/freezes", Map.of("subject", subject, "reason", "A test"))
                .ok()
                .json();
    }

    private JsonNode status(JsonNode freeze) {
        return there.admin(
                        "GET",
                        "/api/v1/freezes/" + Claviger.uuid(freeze.path("id").asString()),
                        null)
                .ok()
                .json();
    }

    private void thaw(JsonNode freeze) {
        here.admin(
                        "POST",
                        "/api/v1/freezes/" + Claviger.uuid(freeze.path("id").asString()) + "/thaw",
                        Map.of("reason", "The test is over"))
                .ok();
    }

    private int calls() {
        return (int) provider.requests().stream()
                .filter(request -> request.path().equals(provider.mcpUrl().getPath()))
                .count();
    }

    private long uses() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password());
                PreparedStatement statement =
                        connection.prepareStatement("select count(*) from credentials.credential_use");
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
