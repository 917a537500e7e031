package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.DemoProvider.RegisteredClient;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Connections to which nobody consents: as the client itself, or by an assertion of the identity provider. */
@ClavigerTest
@Import(ShiftedClock.class)
@TestPropertySource(properties = "claviger.refresh.cool-down=1s")
class WithoutPersonJourneyTest {

    private static final Duration DEAD = Duration.ofMinutes(61);
    private static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

    private final DemoProvider provider = DemoProvider.start();

    @Autowired
    private ShiftedClock clock;

    private Claviger claviger;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
    }

    @AfterEach
    void end() {
        clock.ahead(Duration.ZERO);
        provider.close();
    }

    @Test
    void connectsAsTheClientItselfAndRenewsByAskingAgain() {
        provider.knobs().noAuthorizationEndpoint = true;
        Connector connector = connector("As itself", asTheClientItself());
        String attempt = connected(connector);
        claviger.awaitTools(connector, 4);
        Agent agent = agent(connector);

        String first = claviger.authorization(agent, connector);
        assertThat(serverSays(first)).isEqualTo(200);
        clock.ahead(DEAD);
        String second = claviger.authorization(agent, connector);

        assertThat(second).isNotEqualTo(first);
        assertThat(serverSays(second)).isEqualTo(200);
        assertThat(requests("client_credentials")).isEqualTo(2);
        assertThat(requests("refresh_token")).isZero();
        assertThat(provider.count("GET", "/authorize")).isZero();
        assertThat(provider.count("POST", "/register")).isZero();
        Claviger.until(
                "the whole history",
                () -> claviger.events("attempt=" + attempt)
                        .containsAll(List.of("TokenRefreshed", "ConnectionEstablished")));
        assertThat(claviger.events("attempt=" + attempt))
                .contains("AuthorizationGranted", "TokenIssued")
                .doesNotContain("ConsentRequested", "AuthorizationResponseReceived");
        assertThat(claviger.connection(attempt, 0)
                        .path("steps")
                        .valueStream()
                        .map(step -> step.path("name").asString()))
                .isNotEmpty()
                .doesNotContain("consent");
        JsonNode credential = claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/credential", null)
                .ok()
                .json();
        assertThat(credential.path("refreshable").asBoolean())
                .as(credential.toString())
                .isTrue();
    }

    @Test
    void provesItselfWithAKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----";
        Connector connector = connector(
                "With a key",
                Map.of(
                        "grant",
                        "client_credentials",
                        "clientId",
                        provider.registerClient(pair.getPublic()),
                        "privateKey",
                        pem,
                        "signingAlgorithm",
                        "ES256",
                        "issuer",
                        provider.issuer().toString()));
        connected(connector);
        Agent agent = agent(connector);
        clock.ahead(DEAD);

        assertThat(serverSays(claviger.authorization(agent, connector))).isEqualTo(200);
        assertThat(provider.requests())
                .filteredOn(request -> request.formParameters().containsKey("client_assertion"))
                .hasSize(2);
    }

    @Test
    void sendsTheResourceThatAnAdminChoseAtFirstAndAgain() {
        provider.knobs().refuseResource = true;
        Connector without = connector("No resource", choosing(Map.of("way", "omit"), asTheClientItself()));
        connected(without);
        clock.ahead(DEAD);
        claviger.authorization(agent(without), without);
        assertThat(tokenRequests(provider)).containsExactly("client_credentials -", "client_credentials -");
    }

    /** The exchange and the request by assertion, and both again. */
    @Test
    void namesTheChosenResourceToTheIdentityProviderToo() {
        String chosen = provider.mcpUrl().toString();
        provider.knobs().resourceOverride = provider.mcpUrl().resolve("/").toString();
        Connector connector = connector(
                "Chosen resource",
                choosing(Map.of("way", "override", "value", chosen), enterprise(provider.idToken(), null)));
        connected(connector);
        clock.ahead(DEAD);
        claviger.authorization(agent(connector), connector);
        assertThat(tokenRequests(provider)).hasSize(4).allMatch(request -> request.endsWith(" " + chosen));
    }

    private static Map<String, Object> choosing(Map<String, Object> resource, Map<String, Object> oauth) {
        Map<String, Object> more = new HashMap<>(oauth);
        more.put("resource", resource);
        return more;
    }

    private static List<String> tokenRequests(DemoProvider provider) {
        return provider.requests().stream()
                .map(request -> request.formParameters())
                .filter(form -> form.containsKey("grant_type"))
                .map(form -> form.get("grant_type") + " " + form.getOrDefault("resource", "-"))
                .toList();
    }

    @Test
    void makesOneRequestForFiftyCallsAtExpiry() throws Exception {
        Connector connector = connector("Fifty", asTheClientItself());
        connected(connector);
        Agent agent = agent(connector);
        provider.knobs().tokenEndpointDelay = Duration.ofMillis(500);
        clock.ahead(DEAD);

        ExecutorService agents = Executors.newFixedThreadPool(50);
        List<Future<String>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(agents.submit(() -> claviger.authorization(agent, connector)));
        }
        Set<String> got = new HashSet<>();
        for (Future<String> answer : asked) {
            got.add(answer.get());
        }
        agents.shutdown();

        assertThat(got).hasSize(1);
        assertThat(requests("client_credentials")).isEqualTo(2);
    }

    @Test
    void aLostAnswerCostsNothing() {
        Connector connector = connector("Lost", asTheClientItself());
        String attempt = connected(connector);
        Agent agent = agent(connector);
        provider.knobs().tokenEndpointDropsAnswer = true;
        clock.ahead(DEAD);
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(503);
        provider.knobs().tokenEndpointDropsAnswer = false;
        Claviger.until(
                "a fresh token", () -> claviger.credential(agent, connector).status() == 200);
        assertThat(claviger.events("attempt=" + attempt)).doesNotContain("RefreshInDoubt", "RefreshRejected");
    }

    @Test
    void saysWhatIsWrongWithAClientThatMayNotAskAndTriesAnAbsentServerAgain() {
        provider.knobs().refuseGrants = true;
        Connector connector = connector("Refused", asTheClientItself());
        JsonNode failed = claviger.connect(connector);
        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-135");
        assertThat(failed.path("failure").path("detail").asString())
                .contains("unauthorized_client")
                .contains("Correct the client");

        provider.knobs().refuseGrants = false;
        provider.knobs().tokenEndpoint503 = true;
        JsonNode pending = claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/connect", Map.of())
                .ok()
                .json();
        Claviger.until("a first try", () -> requests("client_credentials") >= 2);
        provider.knobs().tokenEndpoint503 = false;
        assertThat(claviger.decided(Claviger.attempt(pending)).path("next").asString())
                .isEqualTo("connected");
    }

    @Test
    void aClientThatTheServerForgetsIsForAPersonToCorrect() {
        Connector connector = connector("Forgotten", asTheClientItself());
        connected(connector);
        Agent agent = agent(connector);
        provider.forgetClients();
        clock.ahead(DEAD);
        Reply refused = claviger.credential(agent, connector);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).contains("client");
    }

    @Test
    void tellsTheProviderWhenItIsOver() {
        Connector connector = connector("Over", asTheClientItself());
        String attempt = connected(connector);
        String token = claviger.authorization(agent(connector), connector);
        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();
        Claviger.until(
                "the end",
                () -> claviger.events("attempt=" + attempt)
                        .containsAll(List.of("TokenRevoked", "ProviderRevocationTried", "SecretsShredded")));
        assertThat(serverSays(token)).isEqualTo(401);
    }

    @Test
    void connectsByAnAssertionOfTheIdentityProviderAndRenewsByAnother() {
        Connector connector = connector("Enterprise", enterprise(provider.idToken(), null));
        String attempt = connected(connector);
        Agent agent = agent(connector);
        String first = claviger.authorization(agent, connector);
        clock.ahead(DEAD);
        String second = claviger.authorization(agent, connector);

        assertThat(second).isNotEqualTo(first);
        assertThat(serverSays(second)).isEqualTo(200);
        assertThat(exchanges()).isEqualTo(2);
        assertThat(requests("urn:ietf:params:oauth:grant-type:jwt-bearer")).isEqualTo(2);
        assertThat(provider.requests())
                .filteredOn(request -> request.formParameters().containsKey("subject_token"))
                .allSatisfy(request -> assertThat(request.formParameters())
                        .containsEntry("audience", provider.issuer().toString())
                        .containsEntry("resource", provider.mcpUrl().toString()));
        assertThat(claviger.events("attempt=" + attempt)).doesNotContain("ConsentRequested");
    }

    @Test
    void saysThatTheIdentityProviderRefuses() {
        provider.knobs().identityProviderRefuses = true;
        Connector connector = connector("No policy", enterprise(provider.idToken(), null));
        JsonNode failed = claviger.connect(connector);
        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-136");
        assertThat(failed.path("failure").path("detail").asString()).contains("invalid_grant");
        assertThat(requests("urn:ietf:params:oauth:grant-type:jwt-bearer")).isZero();
    }

    @Test
    void goesOnWhereTheServerDoesNotListAssertionsAndSaysSoWhenItRefuses() {
        provider.knobs().grantProfiles = List.of("urn:example:another");
        String attempt = connected(connector("Unlisted", enterprise(provider.idToken(), null)));
        assertThat(claviger.connection(attempt, 0).path("steps").toString())
                .contains("does not list assertions of an identity provider");

        provider.knobs().refuseAssertions = true;
        JsonNode failed = claviger.connect(connector("Unlisted and refused", enterprise(provider.idToken(), null)));

        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-135");
        assertThat(failed.path("failure").path("detail").asString())
                .contains("authorization_grant_profiles_supported")
                .contains("connect again");
    }

    @Test
    void showsInTheTraceOfAnAttemptWhatWasAskedWithoutItsSecrets() {
        String idToken = provider.idToken();
        String attempt = connected(connector("Traced", enterprise(idToken, null)));

        Claviger.until(
                "the trace of both requests",
                () -> claviger.admin("GET", "/api/v1/connections/" + attempt + "/trace", null)
                        .ok()
                        .body()
                        .contains("jwt-bearer"));
        String trace = claviger.admin("GET", "/api/v1/connections/" + attempt + "/trace", null)
                .ok()
                .body();
        assertThat(trace)
                .contains("urn:ietf:params:oauth:token-type:id-jag", "subject_token_type")
                .doesNotContain(idToken)
                .doesNotContain(provider.secretsHandedOut());
    }

    @Test
    void anIdentityThatExpiredNeedsAPersonAndServesAgainWithANewOne() {
        Connector connector = connector("Expired", enterprise(provider.idToken(), null));
        connected(connector);
        Agent agent = agent(connector);
        provider.expireSignIns();
        clock.ahead(DEAD);

        Reply refused = claviger.credential(agent, connector);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("reason").asString()).isEqualTo("NEEDS_CONSENT");
        assertThat(refused.body()).contains("Enter a new identity token");
        Claviger.until(
                "the connector to say so",
                () -> claviger.line(connector).path("status").asString().equals("needs_consent"));
        claviger.credential(agent, connector);
        assertThat(exchanges()).as("a dead grant is not asked again").isEqualTo(2);

        clock.ahead(Duration.ZERO);
        claviger.admin(
                        "PUT",
                        "/api/v1/connectors/" + connector.id() + "?drop=true",
                        settings(connector.name(), enterprise(provider.idToken(), null)))
                .ok();
        connected(connector);
        assertThat(serverSays(claviger.authorization(agent, connector))).isEqualTo(200);
    }

    @Test
    void followsARefreshTokenThatTheIdentityProviderRotates() {
        provider.knobs().rotateSubjectTokens = true;
        provider.knobs().identityProviderTakesPostOnly = true;
        Connector connector = connector("Rotating", enterprise(provider.identityRefreshToken(), REFRESH_TOKEN));
        String attempt = connected(connector);
        Agent agent = agent(connector);
        for (int i = 1; i <= 3; i++) {
            clock.ahead(DEAD.multipliedBy(i));
            assertThat(serverSays(claviger.authorization(agent, connector))).isEqualTo(200);
        }
        Claviger.until(
                "the history of four exchanges",
                () -> claviger.events("attempt=" + attempt).stream()
                                .filter("SubjectTokenRotated"::equals)
                                .count()
                        == 4);
        assertThat(claviger.audit("attempt=" + attempt).toString()).contains("replaced its refresh token");
    }

    @Test
    void saysThatALostAnswerMayHaveTakenTheRefreshTokenOfTheIdentityProvider() {
        provider.knobs().rotateSubjectTokens = true;
        Connector connector = connector("Lost identity", enterprise(provider.identityRefreshToken(), REFRESH_TOKEN));
        connected(connector);
        Agent agent = agent(connector);
        provider.knobs().identityProviderDropsAnswer = true;
        clock.ahead(DEAD);
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(503);
        provider.knobs().identityProviderDropsAnswer = false;

        Claviger.until(
                "a word about the lost answer",
                () -> claviger.credential(agent, connector).status() == 409);

        assertThat(claviger.credential(agent, connector).body())
                .contains("An earlier answer of it was lost")
                .contains("Enter a new identity token");
    }

    @Test
    void connectionsThatShareARefreshTokenOfTheIdentityProviderTakeTurns() throws Exception {
        provider.knobs().rotateSubjectTokens = true;
        Map<String, Object> settings =
                new HashMap<>(settings("Shared identity", enterprise(provider.identityRefreshToken(), REFRESH_TOKEN)));
        settings.put("name", Claviger.unique("Shared identity"));
        settings.put("mode", "per_agent");
        Connector connector = claviger.connector(settings);
        List<Agent> agents = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Agent agent = claviger.agent("Turn");
            JsonNode answer = claviger.connect(connector, agent);
            assertThat(answer.path("next").asString()).as(answer.toString()).isEqualTo("connected");
            claviger.choose(agent, connector, "*");
            agents.add(agent);
        }
        clock.ahead(DEAD);

        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<String>> asked = new ArrayList<>();
        for (Agent agent : agents) {
            asked.add(threads.submit(() -> claviger.authorization(agent, connector)));
        }
        List<String> tokens = new ArrayList<>();
        for (Future<String> answer : asked) {
            tokens.add(answer.get());
        }
        threads.shutdown();

        assertThat(tokens).doesNotHaveDuplicates().allMatch(token -> serverSays(token) == 200);
    }

    private Map<String, Object> asTheClientItself() {
        RegisteredClient client = provider.registerClient(URI.create("http://127.0.0.1:1/callback"));
        return Map.of(
                "grant",
                "client_credentials",
                "clientId",
                client.clientId(),
                "clientSecret",
                String.valueOf(client.clientSecret()),
                "issuer",
                provider.issuer().toString());
    }

    private Map<String, Object> enterprise(String subject, @Nullable String subjectType) {
        RegisteredClient client = provider.registerClient(URI.create("http://127.0.0.1:1/callback"));
        RegisteredClient there = provider.identityClient();
        Map<String, Object> identityProvider = new HashMap<>(Map.of(
                "issuer", provider.identityProvider().toString(),
                "tokenEndpoint", provider.identityProviderTokenEndpoint().toString(),
                "clientId", there.clientId(),
                "clientSecret", String.valueOf(there.clientSecret()),
                "subjectToken", subject));
        if (subjectType != null) {
            identityProvider.put("subjectTokenType", subjectType);
        }
        return Map.of(
                "grant",
                "enterprise_managed",
                "clientId",
                client.clientId(),
                "clientSecret",
                String.valueOf(client.clientSecret()),
                "issuer",
                provider.issuer().toString(),
                "identityProvider",
                identityProvider);
    }

    private Map<String, Object> settings(String name, Map<String, Object> oauth) {
        return Map.of(
                "name",
                name,
                "url",
                provider.mcpUrl().toString(),
                "authType",
                "oauth",
                "mode",
                "shared",
                "oauth",
                oauth);
    }

    private Connector connector(String name, Map<String, Object> oauth) {
        return claviger.connector(settings(Claviger.unique(name), oauth));
    }

    private String connected(Connector connector) {
        JsonNode answer = claviger.connect(connector);
        assertThat(answer.path("next").asString()).as(answer.toString()).isEqualTo("connected");
        return Claviger.attempt(answer);
    }

    private Agent agent(Connector connector) {
        Agent agent = claviger.agent("Robot");
        claviger.choose(agent, connector, "*");
        return agent;
    }

    private int serverSays(String authorization) {
        return claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", authorization));
    }

    private long requests(String grantType) {
        return provider.requests().stream()
                .filter(request -> grantType.equals(request.formParameters().get("grant_type")))
                .count();
    }

    private long exchanges() {
        return requests("urn:ietf:params:oauth:grant-type:token-exchange");
    }
}
