package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Recorded;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** Servers that take a token somebody was given, or none at all. */
@ClavigerTest
class StaticCredentialJourneyTest {

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void connectsASharedBearerTokenAsSoonAsItIsTyped() {
        Connector connector = bearer(provider.bearerToken());
        awaitStatus(connector, "configured");

        claviger.awaitTools(connector, 4);
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "*");
        JsonNode answer = claviger.credential(agent, connector).ok().json();

        assertThat(answer.path("headers").path("Authorization").asString())
                .isEqualTo("Bearer " + provider.bearerToken());
        assertThat(answer.path("expiresAt").isNull()).isTrue();
        Reply shown = claviger.admin("GET", "/api/v1/connectors/" + connector.id(), null);
        assertThat(shown.body()).doesNotContain(provider.bearerToken());
        Claviger.until(
                "the history to tell it",
                () -> claviger.events("connector=" + connector.id()).contains("ConnectionEstablished"));
        assertThat(claviger.audit("connector=" + connector.id()).toString()).doesNotContain(provider.bearerToken());
    }

    @Test
    void tellsThatASharedTokenIsWrongAndTakesTheRightOneAfterwards() {
        Connector connector = bearer("not-the-token");
        Claviger.until("the refusal", () -> failure(claviger.line(connector)).equals("CLV-202"));
        assertThat(status(connector)).isEqualTo("not_connected");
        assertThat(claviger.line(connector).path("failure").path("help").asString())
                .endsWith("/help/CLV-202");

        JsonNode connected = claviger.connect(connector, Map.of("token", provider.bearerToken()));

        assertThat(next(connected)).isEqualTo("connected");
        assertThat(status(connector)).isEqualTo("configured");
        assertThat(claviger.line(connector).path("failure").isNull()).isTrue();
    }

    @Test
    void keepsTheOldSharedTokenWhenTheNewOneIsWrong() {
        Connector connector = bearer(provider.bearerToken());
        awaitStatus(connector, "configured");
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "*");

        JsonNode failed = claviger.connect(connector, Map.of("token", "not-the-token"));

        assertThat(next(failed)).isEqualTo("failed");
        assertThat(failure(failed)).isEqualTo("CLV-202");
        assertThat(status(connector)).isEqualTo("configured");
        assertThat(claviger.authorization(agent, connector)).isEqualTo("Bearer " + provider.bearerToken());
    }

    @Test
    void knowsADeadTokenByTheTextOfAnAnswerThatSaysAllIsWell() {
        provider.knobs().deadTokenOver200 = true;

        Connector connector = bearer("not-the-token");

        Claviger.until("the refusal", () -> failure(claviger.line(connector)).equals("CLV-202"));
        assertThat(status(connector)).isEqualTo("not_connected");
    }

    @Test
    void givesEachOfThreeAgentsItsOwnKeyAndNobodyElses() {
        Connector connector = perAgentKey(provider.apiKeyMcpUrl());
        List<Agent> agents = List.of(claviger.agent("One"), claviger.agent("Two"), claviger.agent("Three"));
        List<String> keys = List.of(provider.apiKey(), provider.anotherApiKey(), provider.anotherApiKey());
        for (int i = 0; i < 2; i++) {
            assertThat(next(connectWith(connector, agents.get(i), keys.get(i)))).isEqualTo("connected");
        }

        Reply third = claviger.credential(agents.get(2), connector);
        assertThat(third.status()).isEqualTo(409);
        assertThat(third.json().path("mend").asString())
                .endsWith("/agents/" + agents.get(2).id());

        assertThat(next(connectWith(connector, agents.get(2), keys.get(2)))).isEqualTo("connected");
        for (int i = 0; i < 3; i++) {
            assertThat(key(agents.get(i), connector)).isEqualTo(keys.get(i));
        }
        assertThat(status(connector)).isEqualTo("per_agent");
        assertThat(claviger.line(connector).path("liveConnections").asInt()).isEqualTo(3);
        claviger.awaitTools(connector, 4);
    }

    @Test
    void replacesAnAgentsKeyInPlaceAndKeepsTheOldOneWhenTheNewOneIsWrong() {
        Connector connector = perAgentKey(provider.apiKeyMcpUrl());
        Agent agent = claviger.agent("One");
        Agent other = claviger.agent("Two");
        String first = Claviger.attempt(connectWith(connector, agent, provider.apiKey()));
        String otherKey = provider.anotherApiKey();
        connectWith(connector, other, otherKey);
        claviger.choose(agent, connector, "search_notes");

        JsonNode failed = connectWith(connector, agent, "not-a-key");

        assertThat(next(failed)).as(failed.toString()).isEqualTo("failed");
        assertThat(failure(failed)).isEqualTo("CLV-202");
        assertThat(key(agent, connector)).isEqualTo(provider.apiKey());
        String newKey = provider.anotherApiKey();
        assertThat(next(connectWith(connector, agent, newKey))).isEqualTo("connected");

        assertThat(key(agent, connector)).isEqualTo(newKey);
        assertThat(key(other, connector)).isEqualTo(otherKey);
        claviger.awaitOffer(agent, connector, "search_notes");
        Claviger.until(
                "the old key to be destroyed",
                () -> claviger.events("attempt=" + first).contains("SecretsShredded"));
    }

    @Test
    void refusesAFirstKeyThatIsWrong() {
        Connector connector = perAgentKey(provider.apiKeyMcpUrl());
        Agent agent = claviger.agent("One");

        JsonNode failed = connectWith(connector, agent, "not-a-key");

        assertThat(failure(failed)).isEqualTo("CLV-202");
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(409);
    }

    @Test
    void usesAServerThatWantsNoCredential() {
        Connector connector = claviger.connector(Map.of(
                "name", Claviger.unique("Open"), "url", provider.openMcpUrl().toString(), "authType", "none"));
        claviger.awaitTools(connector, 4);

        assertThat(status(connector)).isEqualTo("none");
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "get_weather");
        claviger.awaitOffer(agent, connector, "get_weather");
        JsonNode answer = claviger.credential(agent, connector).ok().json();
        assertThat(answer.path("headers").size()).isZero();
        assertThat(answer.path("url").asString())
                .isEqualTo(provider.openMcpUrl().toString());
    }

    @Test
    void tellsThatAServerWantsACredentialAfterAll() {
        Connector connector = claviger.connector(Map.of(
                "name", Claviger.unique("Open"), "url", provider.bearerMcpUrl().toString(), "authType", "none"));

        Claviger.until("the refusal", () -> failure(claviger.line(connector)).equals("CLV-202"));
        assertThat(claviger.line(connector).path("failure").path("detail").asString())
                .contains("choose another way to sign in");
    }

    @Test
    void listsToolsWithoutAKeyWhereTheServerAllowsThat() {
        Connector connector = perAgentKey(provider.openListMcpUrl());

        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/sync", null)
                .ok();
        claviger.awaitTools(connector, 4);
        assertThat(requests("/openlist/mcp")).isNotEmpty().allMatch(request -> request.header("X-Api-Key") == null);

        Agent agent = claviger.agent("One");
        claviger.choose(agent, connector, "*");
        assertThat(claviger.offered(agent).get(connector.serverKey()))
                .as("not before it is connected")
                .isEmpty();
        connectWith(connector, agent, provider.apiKey());
        claviger.awaitOffer(agent, connector, "create_note", "get_weather", "list_notebooks", "search_notes");
        assertThat(key(agent, connector)).isEqualTo(provider.apiKey());
    }

    @Test
    void sendsCustomHeadersToTheServerAndGivesThemToAgents() {
        Connector connector = claviger.connector(Map.of(
                "name",
                Claviger.unique("Tenant"),
                "url",
                provider.bearerMcpUrl().toString(),
                "authType",
                "bearer",
                "token",
                provider.bearerToken(),
                "customHeaders",
                Map.of("X-Tenant", "acme")));
        awaitStatus(connector, "configured");

        assertThat(requests("/bearer/mcp"))
                .isNotEmpty()
                .allMatch(request -> "acme".equals(request.header("X-Tenant")))
                .allMatch(request -> ("Bearer " + provider.bearerToken()).equals(request.header("Authorization")));
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "*");
        JsonNode headers = claviger.credential(agent, connector).ok().json().path("headers");
        assertThat(headers.path("X-Tenant").asString()).isEqualTo("acme");
        assertThat(headers.path("Authorization").asString()).isEqualTo("Bearer " + provider.bearerToken());
    }

    private Connector bearer(String token) {
        return claviger.connector(Map.of(
                "name",
                Claviger.unique("Bearer"),
                "url",
                provider.bearerMcpUrl().toString(),
                "authType",
                "bearer",
                "token",
                token));
    }

    private Connector perAgentKey(URI url) {
        return claviger.connector(Map.of(
                "name",
                Claviger.unique("Keyed"),
                "url",
                url.toString(),
                "authType",
                "api_key_header",
                "mode",
                "per_agent",
                "headerName",
                "X-Api-Key"));
    }

    private JsonNode connectWith(Connector connector, Agent agent, String key) {
        return claviger.connect(connector, Map.of("agentId", agent.id(), "token", key));
    }

    private String key(Agent agent, Connector connector) {
        return claviger.credential(agent, connector)
                .ok()
                .json()
                .path("headers")
                .path("X-Api-Key")
                .asString();
    }

    private List<Recorded> requests(String path) {
        return provider.requests().stream()
                .filter(request -> request.path().equals(path))
                .toList();
    }

    private void awaitStatus(Connector connector, String status) {
        Claviger.until(
                connector.name() + " to be " + status, () -> status(connector).equals(status));
    }

    private String status(Connector connector) {
        return claviger.line(connector).path("status").asString();
    }

    private static String next(JsonNode answer) {
        return answer.path("next").asString();
    }

    private static String failure(JsonNode of) {
        return of.path("failure").path("code").asString("");
    }
}
