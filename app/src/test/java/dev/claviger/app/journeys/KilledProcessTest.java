package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.TestDatabase;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.io.UncheckedIOException;
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
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * One SIGKILL that lands in every step of Connect: each step has a connector and a provider of its own, whose answer is
 * on its way when the process dies. After the restart each goes on to connected, or has failed with a code that says why.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledProcessTest {

    /** Longer than it takes to kill, shorter than the time limit of a request. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(12);

    /** Jobs of a process count as orphans after 20 seconds without a sign of life. */
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private final TestDatabase.Fresh database = TestDatabase.fresh();
    private final List<DemoProvider> providers = new ArrayList<>();
    private final int port = ApplicationProcess.freePort();
    private final Claviger claviger = new Claviger("http://localhost:" + port);

    private final Journey discovering = new Journey("Discovering");
    private final Journey registering = new Journey("Registering");
    private final Journey consenting = new Journey("Consenting");
    private final Journey consentingInBrowser = new Journey("Consenting in a browser");
    private final Journey exchanging = new Journey("Exchanging");
    private final Journey listing = new Journey("Listing");
    private final Journey refreshing = new Journey("Refreshing");
    private final Journey refreshingStrictly = new Journey("Refreshing strictly");
    private final Journey telling = new Journey("Telling of the end");
    private final Journey probing = new Journey("Probing after the end");
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch probed = new CountDownLatch(1);

    private ApplicationProcess application;
    private Browser browser;
    private Agent agent;

    /** A connector on its way, with a provider of its own. */
    private final class Journey {

        private final DemoProvider provider = DemoProvider.start();
        private final String name;
        private Connector connector;
        private String attempt = UUID.randomUUID().toString();
        private URI consentScreen;

        Journey(String name) {
            this.name = name;
            providers.add(provider);
        }

        void create() {
            connector = claviger.oauthConnector(name, provider.mcpUrl(), "shared");
        }

        /** Sends the request and does not wait for what comes of it. */
        void request() {
            var unused = CompletableFuture.runAsync(() -> claviger.admin(
                    "POST", "/api/v1/connectors/" + connector.id() + "/connect", Map.of("connectionId", attempt)));
        }

        void request(Browser in) {
            in.get("/connectors/" + connector.id());
            assertThat(in.post("/connectors/" + connector.id() + "/connect", Map.of("attempt", attempt))
                            .statusCode())
                    .isEqualTo(303);
        }

        void untilConsentIsWanted() {
            JsonNode answer = decided();
            consentScreen = Claviger.authorizationUrl(answer);
        }

        JsonNode decided() {
            return await(
                    () -> claviger.connection(attempt, 5),
                    answer -> !answer.path("next").asString().equals("pending"));
        }

        /** The callback, whose answer may never come. */
        void bringTheCode() {
            String location = provider.approve(consentScreen);
            var unused = CompletableFuture.runAsync(() -> claviger.callback(location));
        }

        void connect() {
            attempt = claviger.connectWithConsent(provider, connector, null);
        }

        void disconnect() {
            claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                    .ok();
        }

        /** Its receipt tells every step up to the destruction of the secrets, and the trail tells that once. */
        void isAtItsEnd() {
            await(
                    () -> claviger.admin("GET", "/api/v1/connections/" + attempt + "/receipt", null)
                            .json(),
                    receipt -> outcome(receipt, "shredded").equals("done"));
            JsonNode receipt = claviger.admin("GET", "/api/v1/connections/" + attempt + "/receipt", null)
                    .json();
            for (String step : List.of("refresh_token", "access_token", "server_refuses")) {
                assertThat(outcome(receipt, step)).as(step).isEqualTo("done");
            }
            Claviger.until("the end of the history", () -> history().contains("SecretsShredded"));
            assertThat(history())
                    .containsOnlyOnce("TokenRevoked", "ProviderRevocationTried", "RevokedProbed", "SecretsShredded");
        }

        private static String outcome(JsonNode receipt, String step) {
            return receipt.path("steps")
                    .valueStream()
                    .filter(one -> one.path("name").asString().equals(step))
                    .map(one -> one.path("outcome").asString())
                    .findFirst()
                    .orElse("");
        }

        void untilRequested(String method, String path, long times) {
            Claviger.until(name, () -> provider.count(method, path) >= times);
        }

        void isConnected() {
            JsonNode answer = decided();
            assertThat(answer.path("next").asString())
                    .as("%s: %s", name, answer)
                    .isEqualTo("connected");
            assertThat(claviger.tools(connector)).hasSize(4);
        }

        /** In the audit trail, which follows. */
        void happenedOnce(String event) {
            Claviger.until("the end of the history", () -> history().contains("ConnectionEstablished"));
            assertThat(history()).containsOnlyOnce(event);
        }

        List<String> history() {
            return claviger.events("attempt=" + attempt);
        }
    }

    @BeforeAll
    void killInTheMiddleOfEverything() throws Exception {
        application = start();
        browser = claviger.signedIn();
        everythingOnItsWay();

        application.kill();

        providers.forEach(provider -> {
            provider.knobs().mcpDelay = Duration.ZERO;
            provider.knobs().registrationDelay = Duration.ZERO;
            provider.knobs().tokenEndpointDelay = Duration.ZERO;
        });
        told.countDown();
        probed.countDown();
        application = start();
    }

    private void everythingOnItsWay() throws SQLException {
        agent = claviger.agent("Survivor");
        for (Journey ending : List.of(telling, probing)) {
            ending.create();
            ending.connect();
        }
        for (Journey live : List.of(refreshing, refreshingStrictly)) {
            live.create();
            live.connect();
            claviger.choose(agent, live.connector, "*");
        }
        refreshing.provider.knobs().reuseDetection = false;
        List.of(discovering, registering, consenting, consentingInBrowser, exchanging, listing)
                .forEach(Journey::create);

        consentingInBrowser.request(browser);
        List.of(consenting, exchanging, listing).forEach(Journey::request);
        List.of(consenting, exchanging, listing).forEach(Journey::untilConsentIsWanted);
        Claviger.until("the consent page", () -> browser.get(consentPage()).statusCode() == 200);

        telling.provider.knobs().revocationGate = told;
        probing.provider.knobs().mcpGate = probed;
        long listings = probing.provider.count("POST", "/mcp");
        List.of(telling, probing).forEach(Journey::disconnect);
        telling.untilRequested("POST", "/revoke", 1);
        probing.untilRequested("POST", "/mcp", listings + 1);

        // From here on it is a race: the answers come after twelve seconds.
        discovering.provider.knobs().mcpDelay = ON_ITS_WAY;
        registering.provider.knobs().registrationDelay = ON_ITS_WAY;
        exchanging.provider.knobs().tokenEndpointDelay = ON_ITS_WAY;
        listing.provider.knobs().mcpDelay = ON_ITS_WAY;
        discovering.request();
        registering.request();
        exchanging.bringTheCode();
        listing.bringTheCode();
        for (Journey live : List.of(refreshing, refreshingStrictly)) {
            live.provider.knobs().tokenEndpointDelay = ON_ITS_WAY;
            sql(
                    "update credentials.credential set expires_at = now() - interval '1 second' where id = ?::uuid",
                    live.attempt);
            var unused = CompletableFuture.runAsync(() -> claviger.credential(agent, live.connector));
        }
        Claviger.until("discovery", () -> !discovering.provider.requests().isEmpty());
        registering.untilRequested("POST", "/register", 1);
        exchanging.untilRequested("POST", "/token", 1);
        listing.untilRequested("POST", "/token", 1);
        Claviger.until(
                "listing",
                () -> listing.provider.requests().stream()
                        .anyMatch(request -> request.path().equals("/mcp") && request.header("Authorization") != null));
        refreshing.untilRequested("POST", "/token", 2);
        refreshingStrictly.untilRequested("POST", "/token", 2);
    }

    @AfterAll
    void end() {
        application.close();
        providers.forEach(DemoProvider::close);
    }

    private ApplicationProcess start() throws InterruptedException {
        return ApplicationProcess.begin(
                        database,
                        port,
                        "http://localhost:" + port,
                        "--claviger.refresh.lease=20s",
                        "--claviger.refresh.time-limit=10s",
                        "--claviger.refresh.cool-down=1s")
                .ready();
    }

    @Test
    void discoveryGoesOn() {
        discovering.untilConsentIsWanted();
        discovering.bringTheCode();
        discovering.isConnected();
    }

    /** The client that was registered in vain is an orphan at the provider; ours is the second. */
    @Test
    void registrationGoesOn() {
        registering.untilConsentIsWanted();
        registering.bringTheCode();
        registering.isConnected();
        registering.happenedOnce("ClientRegistered");
    }

    @Test
    void consentOutlivesTheProcess() {
        consenting.bringTheCode();
        consenting.isConnected();
    }

    @Test
    void theBrowserIsStillSignedInAndFinishesItsConsent() {
        assertThat(browser.get("/account").statusCode()).isEqualTo(200);
        URI consentScreen = Pages.linkTo(
                browser.get(consentPage()).body(),
                consentingInBrowser.provider.issuer().toString());
        String location = consentingInBrowser.provider.approve(consentScreen);
        assertThat(browser.get(claviger.path(location)).statusCode()).isEqualTo(303);
        consentingInBrowser.isConnected();
    }

    /** A code works once: nobody knows whether its tokens were made, so the attempt fails and says so. */
    @Test
    void anInterruptedExchangeFailsAndCanBeRepeatedByConnectingAgain() throws SQLException {
        // The watch has been set for 90 seconds after the response; it need not be waited for.
        assertThat(sql(
                        "update app.scheduled_tasks set execution_time = now()"
                                + " where task_name = 'oauth.watch-exchange' and task_instance = ?",
                        "authorization:" + exchanging.attempt))
                .isEqualTo(1);
        JsonNode answer = exchanging.decided();
        assertThat(answer.path("next").asString()).isEqualTo("failed");
        assertThat(answer.path("failure").path("code").asString()).isEqualTo("CLV-134");
        assertThat(exchanging.provider.count("POST", "/token")).isEqualTo(1);

        exchanging.connect();
        exchanging.isConnected();
    }

    @Test
    void listingGoesOn() {
        listing.isConnected();
        listing.happenedOnce("TokenIssued");
        listing.happenedOnce("ToolsSynced");
        listing.happenedOnce("ConnectionEstablished");
    }

    /** The provider rotated the token and its answer was lost; it still honours the old one. */
    @Test
    void anInterruptedRefreshIsInDoubtAndRecovers() {
        Reply reply = await(() -> claviger.credential(agent, refreshing.connector), answer -> answer.status() != 503);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        String authorization =
                reply.json().path("headers").path("Authorization").asString();
        assertThat(claviger.mcpStatus(refreshing.provider.mcpUrl(), Map.of("Authorization", authorization)))
                .isEqualTo(200);
        Claviger.until(
                "the history", () -> refreshing.history().containsAll(List.of("RefreshInDoubt", "TokenRefreshed")));
    }

    /** The same at a provider that takes the second use of a refresh token for theft. */
    @Test
    void anInterruptedRefreshThatTheProviderTakesForTheftNeedsConsent() {
        Reply reply =
                await(() -> claviger.credential(agent, refreshingStrictly.connector), answer -> answer.status() != 503);
        assertThat(reply.status()).as(reply.body()).isEqualTo(409);
        assertThat(reply.body()).contains("/connectors/" + refreshingStrictly.connector.id());
        Claviger.until(
                "the history",
                () -> refreshingStrictly.history().containsAll(List.of("RefreshInDoubt", "RefreshRejected")));

        refreshingStrictly.connect();
        assertThat(claviger.credential(agent, refreshingStrictly.connector).status())
                .isEqualTo(200);
    }

    @Test
    void theEndOfACredentialGoesOnWhereTheProviderWasBeingTold() {
        telling.isAtItsEnd();
    }

    @Test
    void theEndOfACredentialGoesOnWhereTheServerWasBeingAsked() {
        probing.isAtItsEnd();
        assertThat(probing.provider.count("POST", "/revoke")).isEqualTo(2);
    }

    private String consentPage() {
        return "/oauth/authorizations/" + consentingInBrowser.attempt + "/consent";
    }

    private static <T> T await(Callable<T> ask, Predicate<T> enough) {
        return Awaitility.await()
                .atMost(RECOVERY)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(ask, enough);
    }

    private int sql(String statement, String parameter) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password());
                PreparedStatement prepared = connection.prepareStatement(statement)) {
            prepared.setString(1, parameter);
            return prepared.executeUpdate();
        }
    }
}
