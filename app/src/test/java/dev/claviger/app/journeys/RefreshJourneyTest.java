package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** An agent asks at the end of a token's life: it gets a fresh one, the old one while it lives, or a reason. */
@ClavigerTest
@Import(ShiftedClock.class)
@TestPropertySource(properties = "claviger.refresh.cool-down=1s")
class RefreshJourneyTest {

    /** Of a token that lives an hour, the last five minutes are its margin. */
    private static final Duration STALE = Duration.ofMinutes(56);

    private static final Duration DEAD = Duration.ofMinutes(61);
    private static final String MARK = "dEmOsEcReT";

    private final DemoProvider provider = DemoProvider.start();

    @Autowired
    private ShiftedClock clock;

    private Claviger claviger;
    private Connector connector;
    private Agent agent;
    private String attempt;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
        connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        attempt = claviger.connectWithConsent(provider, connector, null);
        agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "*");
    }

    @AfterEach
    void end() {
        clock.ahead(Duration.ZERO);
        provider.close();
    }

    @Test
    void makesOneTokenRequestForFiftyCallsAtExpiry() throws Exception {
        String old = claviger.authorization(agent, connector);
        provider.knobs().tokenEndpointDelay = Duration.ofMillis(500);
        clock.ahead(DEAD);

        ExecutorService agents = Executors.newFixedThreadPool(50);
        List<Future<Reply>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(agents.submit(() -> claviger.credential(agent, connector)));
        }
        List<String> got = new ArrayList<>();
        for (Future<Reply> answer : asked) {
            got.add(authorization(answer.get()));
        }
        agents.shutdown();

        assertThat(got).hasSize(50).containsOnly(got.get(0)).doesNotContain(old);
        assertThat(refreshes()).isEqualTo(1);
        assertThat(serverSays(got.get(0))).isEqualTo(200);
        awaitEvents("TokenRefreshed");
    }

    @Test
    void staysConnectedOverManyRotations() {
        String before = claviger.authorization(agent, connector);
        for (int i = 1; i <= 3; i++) {
            clock.ahead(DEAD.multipliedBy(i));
            String now = claviger.authorization(agent, connector);
            assertThat(now).isNotEqualTo(before);
            assertThat(serverSays(now)).isEqualTo(200);
            before = now;
        }
        assertThat(refreshes()).isEqualTo(3);
    }

    @Test
    void tellsThatAnAnswerMayBeLostAndThatTheRepeatedTokenEndedTheGrant() {
        provider.knobs().tokenEndpointDropsAnswer = true;
        clock.ahead(STALE);

        String stillOld = claviger.authorization(agent, connector);
        assertThat(serverSays(stillOld)).isEqualTo(200);
        assertThat(refreshes()).as("no blind retry").isEqualTo(1);
        provider.knobs().tokenEndpointDropsAnswer = false;
        Claviger.until(
                "the end of the grant",
                () -> claviger.credential(agent, connector).status() == 409);

        assertThat(refreshes()).isEqualTo(2);
        awaitEvents("RefreshFailed", "RefreshInDoubt", "RefreshRejected");
        assertThat(claviger.audit("attempt=" + attempt).toString())
                .contains("may have been lost")
                .contains("invalid_grant")
                .contains("was used before");
        awaitStatus("needs_consent");
    }

    @Test
    void recoversFromALostAnswerWhereTheProviderTakesTheTokenTwice() {
        provider.knobs().reuseDetection = false;
        provider.knobs().tokenEndpointDropsAnswer = true;
        clock.ahead(DEAD);

        Reply later = claviger.credential(agent, connector);
        assertThat(later.status()).isEqualTo(503);
        assertThat(refreshes()).as("no blind retry").isEqualTo(1);
        provider.knobs().tokenEndpointDropsAnswer = false;
        Claviger.until(
                "a fresh token", () -> claviger.credential(agent, connector).status() == 200);

        awaitEvents("RefreshFailed", "RefreshInDoubt", "TokenRefreshed");
        assertThat(serverSays(claviger.authorization(agent, connector))).isEqualTo(200);
        assertThat(status()).isEqualTo("configured");
    }

    @Test
    void handsOutNothingThatWasRevokedWhileItWasRefreshed() {
        provider.knobs().tokenEndpointDelay = Duration.ofSeconds(4);
        clock.ahead(DEAD);
        CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(() -> claviger.credential(agent, connector));
        Claviger.until("the refresh to be under way", () -> refreshes() == 1);
        clock.ahead(Duration.ZERO);

        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();
        Claviger.until(
                "the revocation", () -> claviger.events("attempt=" + attempt).contains("TokenRevoked"));
        assertThat(waiting).as("still at the token endpoint").isNotDone();

        Reply answer = waiting.join();
        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.body()).doesNotContain(MARK).contains("REVOKED");
        assertThat(claviger.events("attempt=" + attempt)).doesNotContain("TokenRefreshed");
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(409);
        awaitEvents("TokenRevoked", "ProviderRevocationTried", "SecretsShredded");
        // What the provider gave away meanwhile died with the rest of the grant.
        assertThat(provider.secretsHandedOut()).allMatch(secret -> serverSays("Bearer " + secret) == 401);
    }

    @Test
    void asksForConsentWhenTheGrantIsDeadAndServesAgainAfterIt() {
        provider.knobs().refreshInvalidGrant = true;
        clock.ahead(STALE);

        Reply refused = claviger.credential(agent, connector);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.json().path("reason").asString()).isEqualTo("NEEDS_CONSENT");
        assertThat(refused.json().path("mend").asString()).endsWith("/connectors/" + connector.id());
        assertThat(claviger.signedIn()
                        .get(claviger.path(refused.json().path("mend").asString()))
                        .statusCode())
                .isEqualTo(200);
        awaitStatus("needs_consent");
        assertThat(claviger.admin("GET", "/api/v1/connectors?attention=true&limit=1000", null)
                        .ok()
                        .body())
                .contains(connector.id());
        claviger.credential(agent, connector);
        assertThat(refreshes()).as("a dead grant is not asked again").isEqualTo(1);
        assertThat(claviger.tools(connector)).as("tools survive the token").hasSize(4);

        clock.ahead(Duration.ZERO);
        provider.knobs().refreshInvalidGrant = false;
        claviger.connectWithConsent(provider, connector, null);

        assertThat(serverSays(claviger.authorization(agent, connector))).isEqualTo(200);
        awaitStatus("configured");
    }

    @Test
    void servesTheLivingTokenWhileTheProviderIsDown() {
        String old = claviger.authorization(agent, connector);
        provider.knobs().tokenEndpoint503 = true;
        clock.ahead(STALE);

        for (int i = 0; i < 5; i++) {
            assertThat(claviger.authorization(agent, connector)).isEqualTo(old);
        }

        assertThat(refreshes())
                .as("a provider that is down is left alone for a while")
                .isLessThan(3);
        awaitEvents("RefreshFailed");
        assertThat(status()).isEqualTo("configured");
        provider.knobs().tokenEndpoint503 = false;
        Claviger.until(
                "a fresh token", () -> !claviger.authorization(agent, connector).equals(old));
    }

    @Test
    void saysTryLaterWhenTheTokenIsDeadAndTheProviderDown() {
        provider.knobs().tokenEndpoint503 = true;
        clock.ahead(DEAD);

        Reply later = claviger.credential(agent, connector);

        assertThat(later.status()).isEqualTo(503);
        assertThat(Integer.parseInt(later.header("Retry-After"))).isBetween(1, 60);
        assertThat(later.json().path("reason").asString()).isEqualTo("TRY_LATER");
        assertThat(later.body()).doesNotContain(MARK);
        assertThat(status()).as("the grant lives").isEqualTo("configured");
        provider.knobs().tokenEndpoint503 = false;
        Claviger.until(
                "a fresh token", () -> claviger.credential(agent, connector).status() == 200);
    }

    @Test
    void doesNotTakeASignInPageForTheEndOfTheGrant() {
        String old = claviger.authorization(agent, connector);
        provider.knobs().tokenEndpointHtml = true;
        clock.ahead(STALE);

        assertThat(claviger.authorization(agent, connector)).isEqualTo(old);

        assertThat(status()).isEqualTo("configured");
        provider.knobs().tokenEndpointHtml = false;
        Claviger.until(
                "a fresh token", () -> !claviger.authorization(agent, connector).equals(old));
    }

    @Test
    void asksForConsentWhenATokenWithoutRefreshTokenHasDied() {
        provider.knobs().noRefreshToken = true;
        claviger.connectWithConsent(provider, connector, null);
        assertThat(claviger.line(connector).path("expiresAt").isNull())
                .as("the list says when it dies")
                .isFalse();
        clock.ahead(STALE);
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(200);

        clock.ahead(DEAD);

        Reply dead = claviger.credential(agent, connector);
        assertThat(dead.status()).isEqualTo(409);
        assertThat(dead.json().path("mend").asString()).endsWith("/connectors/" + connector.id());
        assertThat(refreshes()).isZero();
    }

    private int serverSays(String authorization) {
        return claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", authorization));
    }

    private static String authorization(Reply reply) {
        return reply.ok().json().path("headers").path("Authorization").asString();
    }

    private long refreshes() {
        return provider.requests().stream()
                .filter(request ->
                        "refresh_token".equals(request.formParameters().get("grant_type")))
                .count();
    }

    private void awaitEvents(String... inThisOrder) {
        Claviger.until("the history to tell of " + String.join(", ", inThisOrder), () -> {
            List<String> rest = new ArrayList<>(List.of(inThisOrder));
            claviger.events("attempt=" + attempt).forEach(event -> {
                if (!rest.isEmpty() && rest.get(0).equals(event)) {
                    rest.remove(0);
                }
            });
            return rest.isEmpty();
        });
    }

    private void awaitStatus(String status) {
        Claviger.until("the connector to be " + status, () -> status().equals(status));
    }

    private String status() {
        return claviger.line(connector).path("status").asString();
    }
}
