package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.TestDatabase;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Two processes of one Claviger, as behind a load balancer: one database, one public URL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoProcessesTest {

    private static final int ROUNDS = 20;

    private final TestDatabase.Fresh database = TestDatabase.fresh();
    private final List<DemoProvider> providers = new ArrayList<>();

    private ApplicationProcess first;
    private ApplicationProcess second;
    private Claviger here;
    private Claviger there;

    /** Together, so that they also have to agree on who migrates the database and makes the first admin. */
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
    }

    @AfterEach
    void endProviders() {
        providers.forEach(DemoProvider::close);
        providers.clear();
    }

    @AfterAll
    void stopBoth() {
        first.close();
        second.close();
    }

    @Test
    void connectBeginsOnOneAndTheBrowserReturnsToTheOther() {
        DemoProvider provider = provider();
        Connector connector = here.oauthConnector("Across", provider.mcpUrl(), "shared");
        Browser browser = here.signedIn();
        Browser led = browser.at(second.url());
        String attempt = UUID.randomUUID().toString();
        browser.get("/connectors/" + connector.id());
        assertThat(browser.post("/connectors/" + connector.id() + "/connect", Map.of("attempt", attempt))
                        .statusCode())
                .isEqualTo(303);
        Claviger.until(
                "the request for consent",
                () -> led.get("/oauth/authorizations/" + attempt + "/consent").statusCode() == 200);
        URI consentScreen = Pages.linkTo(
                led.get("/oauth/authorizations/" + attempt + "/consent").body(),
                provider.issuer().toString());

        String location = provider.approve(consentScreen);
        var answer = led.get(here.path(location));

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/connections/" + attempt));
        for (Claviger either : List.of(here, there)) {
            JsonNode connected = either.decided(attempt);
            assertThat(connected.path("next").asString())
                    .as(connected.toString())
                    .isEqualTo("connected");
            assertThat(either.tools(connector)).hasSize(4);
        }
        assertThat(provider.count("POST", "/register")).isEqualTo(1);
        assertThat(provider.count("POST", "/token")).isEqualTo(1);
        Claviger.until(
                "the whole history", () -> there.events("attempt=" + attempt).contains("ConnectionEstablished"));
        assertThat(there.events("attempt=" + attempt)).doesNotHaveDuplicates();
    }

    @Test
    void fiftyCallsAtExpiryOnBothMakeOneTokenRequest() throws Exception {
        DemoProvider provider = provider();
        Connector connector = here.oauthConnector("Expiring", provider.mcpUrl(), "shared");
        String attempt = here.connectWithConsent(provider, connector, null);
        Agent agent = agentWith(connector);
        String before = here.authorization(agent, connector);
        // Long enough for all fifty to arrive while the one refresh is on its way.
        provider.knobs().tokenEndpointDelay = Duration.ofSeconds(2);
        provider.expireAccessTokens();
        expire(attempt);

        List<Reply> replies = fiftyAtOnce(agent, connector);

        assertThat(replies)
                .allSatisfy(reply -> assertThat(reply.status()).as(reply.body()).isEqualTo(200));
        assertThat(replies.stream()
                        .map(reply -> reply.json()
                                .path("headers")
                                .path("Authorization")
                                .asString())
                        .distinct())
                .singleElement()
                .isNotEqualTo(before)
                .satisfies(fresh -> assertThat(here.mcpStatus(provider.mcpUrl(), Map.of("Authorization", fresh)))
                        .isEqualTo(200));
        assertThat(refreshes(provider)).isEqualTo(1);
        Claviger.until("the history", () -> here.events("attempt=" + attempt).contains("TokenRefreshed"));
        assertThat(here.events("attempt=" + attempt))
                .containsOnlyOnce("TokenRefreshed")
                .doesNotContain("RefreshInDoubt", "RefreshFailed", "RefreshRejected");
    }

    @Test
    void aRevokedCredentialIsGoneOnTheOtherAtOnce() {
        DemoProvider provider = provider();
        Connector connector = here.oauthConnector("Revoked", provider.mcpUrl(), "shared");
        here.connectWithConsent(provider, connector, null);
        Agent agent = agentWith(connector);
        assertThat(there.credential(agent, connector).status()).isEqualTo(200);

        here.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();

        assertThat(there.credential(agent, connector).status()).isIn(404, 409, 410);
        Claviger.until("the provider to be told", () -> provider.count("POST", "/revoke") > 0);
    }

    /** As fast as one can ask: whoever asks after the disconnect was answered gets nothing, whichever process it asks. */
    @Test
    void noProcessHandsOutACredentialAfterADisconnectWasAnswered() throws Exception {
        DemoProvider provider = provider();
        Connector connector = here.connector(Map.of(
                "name", Claviger.unique("Ended"),
                "url", provider.bearerMcpUrl().toString(),
                "authType", "bearer"));
        connectWithToken(connector, provider.bearerToken());
        Agent agent = agentWith(connector);
        for (int round = 0; round < ROUNDS; round++) {
            if (round > 0) {
                connectWithToken(connector, provider.bearerToken());
            }
            assertThat(there.credential(agent, connector).status()).isEqualTo(200);
            Claviger ending = round % 2 == 0 ? here : there;
            AtomicLong answered = new AtomicLong(Long.MAX_VALUE);
            List<Future<Long>> askers = askUntilGone(agent, connector, answered);

            ending.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                    .ok();
            answered.set(System.nanoTime());

            for (Future<Long> asker : askers) {
                assertThat(asker.get())
                        .as("begin of the last request that was given the credential")
                        .isLessThan(answered.get());
            }
        }
    }

    /** The refresh is on its way at the provider when the connection ends; what it brings is given to nobody. */
    @Test
    void aRefreshUnderWayAtADisconnectGivesNobodyACredential() throws Exception {
        DemoProvider provider = provider();
        Connector connector = here.oauthConnector("Ended while refreshed", provider.mcpUrl(), "shared");
        String attempt = here.connectWithConsent(provider, connector, null);
        Agent agent = agentWith(connector);
        CountDownLatch gate = new CountDownLatch(1);
        provider.knobs().tokenEndpointGate = gate;
        expire(attempt);
        CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(() -> there.credential(agent, connector));
        Claviger.until("the refresh to be under way", () -> refreshes(provider) == 1);

        here.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();
        provider.knobs().tokenEndpointGate = null;
        gate.countDown();

        assertThat(waiting.get().status()).isEqualTo(410);
    }

    private void connectWithToken(Connector connector, String token) {
        JsonNode connected = here.connect(connector, Map.of("token", token));
        assertThat(connected.path("next").asString()).as(connected.toString()).isEqualTo("connected");
    }

    /** Each answers when the last request began that was given the credential. */
    private List<Future<Long>> askUntilGone(Agent agent, Connector connector, AtomicLong answered) {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Long>> askers = new ArrayList<>();
        CountDownLatch busy = new CountDownLatch(4);
        for (Claviger process : List.of(here, there, here, there)) {
            askers.add(threads.submit(() -> {
                long lastGiven = Long.MIN_VALUE;
                int after = 0;
                while (after < 10) {
                    long begun = System.nanoTime();
                    after += begun > answered.get() ? 1 : 0;
                    if (process.credential(agent, connector).status() == 200) {
                        lastGiven = begun;
                        busy.countDown();
                    }
                }
                return lastGiven;
            }));
        }
        threads.shutdown();
        awaitUninterrupted(busy);
        return askers;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    @Test
    void aRevokedAgentKeyOpensNothingOnTheOther() {
        Agent agent = here.agent("Short-lived");
        assertThat(there.call(agent.key(), "GET", "/api/v1/agent/me", null).status())
                .isEqualTo(200);
        String key = here.admin("GET", "/api/v1/agents/" + agent.id(), null)
                .json()
                .path("keys")
                .path(0)
                .path("id")
                .asString();

        here.admin("DELETE", "/api/v1/agents/" + agent.id() + "/keys/" + key, null)
                .ok();

        assertThat(there.call(agent.key(), "GET", "/api/v1/agent/me", null).status())
                .isEqualTo(401);
    }

    @Test
    void whoSignsOutOfOneIsSignedOutOfTheOther() {
        Browser browser = here.signedIn();
        Browser led = browser.at(second.url());
        assertThat(led.get("/account").statusCode()).isEqualTo(200);

        assertThat(browser.post("/logout", Map.of()).statusCode()).isEqualTo(302);

        assertThat(led.get("/account").statusCode()).isEqualTo(302);
    }

    @Test
    void commandsToOneAggregateFromBothAllSucceed() throws Exception {
        Agent agent = here.agent("Busy");

        List<Reply> replies = atOnce(
                20,
                process -> process.admin(
                        "PUT",
                        "/api/v1/agents/" + agent.id(),
                        Map.of(
                                "name",
                                agent.name(),
                                "description",
                                UUID.randomUUID().toString())));

        assertThat(replies)
                .allSatisfy(reply -> assertThat(reply.status()).as(reply.body()).isEqualTo(200));
    }

    @Test
    void aProjectionIsSetBackAlthoughTheOtherReadsItToo() throws SQLException {
        DemoProvider provider = provider();
        Connector connector = here.oauthConnector("Rebuilt", provider.mcpUrl(), "shared");
        String attempt = here.connectWithConsent(provider, connector, null);
        update("delete from connectors.credential where connection_id = ?::uuid", attempt);

        here.admin("POST", "/api/v1/projections/connectors-views/rebuild", Map.of())
                .ok();

        for (Claviger either : List.of(here, there)) {
            Claviger.until(
                    "the projection to follow again",
                    Duration.ofMinutes(2),
                    () -> !projection(either, "connectors-views")
                            .path("rebuilding")
                            .asBoolean());
            assertThat(projection(either, "connectors-views").path("trouble").asString())
                    .isEmpty();
        }
        update("update connectors.credential set expires_at = expires_at where connection_id = ?::uuid", attempt);
    }

    private static JsonNode projection(Claviger process, String name) {
        for (JsonNode one :
                process.admin("GET", "/api/v1/projections", null).ok().json().path("items")) {
            if (one.path("name").asString().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("There is no projection " + name);
    }

    private DemoProvider provider() {
        DemoProvider provider = DemoProvider.start();
        providers.add(provider);
        return provider;
    }

    private Agent agentWith(Connector connector) {
        Agent agent = here.agent("Worker");
        here.choose(agent, connector, "*");
        for (Claviger either : List.of(here, there)) {
            Claviger.until("the offer", () -> either.offered(agent).containsKey(connector.serverKey()));
        }
        return agent;
    }

    private List<Reply> fiftyAtOnce(Agent agent, Connector connector) throws Exception {
        return atOnce(50, process -> process.credential(agent, connector));
    }

    /** Every other one on the other process. */
    private List<Reply> atOnce(int calls, Function<Claviger, Reply> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls);
        CountDownLatch go = new CountDownLatch(1);
        try {
            List<Future<Reply>> pending = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                Claviger process = i % 2 == 0 ? here : there;
                pending.add(threads.submit(() -> {
                    go.await();
                    return call.apply(process);
                }));
            }
            go.countDown();
            List<Reply> replies = new ArrayList<>();
            for (Future<Reply> reply : pending) {
                replies.add(reply.get());
            }
            return replies;
        } finally {
            threads.shutdownNow();
        }
    }

    private static long refreshes(DemoProvider provider) {
        return provider.requests().stream()
                .filter(request ->
                        "refresh_token".equals(request.formParameters().get("grant_type")))
                .count();
    }

    /** The refresh ahead of expiry stays where it is, most of an hour away. */
    private void expire(String attempt) throws SQLException {
        update("update credentials.credential set expires_at = now() where id = ?::uuid", attempt);
    }

    /** Of the one row of this attempt. */
    private void update(String sql, String attempt) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, attempt);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }
}
