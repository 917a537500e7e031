package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** What an agent's key opens, for how long, and what it does not open. */
@ClavigerTest
class AgentJourneyTest {

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;
    private String base;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String url) {
        base = url;
        claviger = new Claviger(url);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void changesAKeyWithoutAMomentInWhichNoneIsValid() {
        Agent agent = claviger.agent("Reader");
        String second = issueKey(agent).ok().json().path("key").asString();

        assertThat(asked(agent.key())).isEqualTo(200);
        assertThat(asked(second)).isEqualTo(200);
        Reply third = issueKey(agent);
        assertThat(third.status()).isEqualTo(409);
        assertThat(third.json().path("detail").asString()).contains("Revoke one of the two keys first");

        claviger.admin("DELETE", "/api/v1/agents/" + agent.id() + "/keys/" + olderKey(agent), null)
                .ok();

        assertThat(asked(agent.key())).as("at once").isEqualTo(401);
        assertThat(asked(second)).isEqualTo(200);
        assertThat(issueKey(agent).status()).isEqualTo(201);
    }

    @Test
    void issuesNoSecondKeyForARepeatedRequest() {
        Agent agent = claviger.agent("Reader");
        Map<String, UUID> sameId = Map.of("id", UUID.randomUUID());
        claviger.admin("POST", "/api/v1/agents/" + agent.id() + "/keys", sameId).ok();

        assertThat(claviger.admin("POST", "/api/v1/agents/" + agent.id() + "/keys", sameId)
                        .status())
                .isEqualTo(409);
        assertThat(keys(agent)).hasSize(2);
    }

    @Test
    void endsEverythingOfARemovedAgent() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Reader");
        Agent other = claviger.agent("Writer");
        String attempt = claviger.connectWithConsent(provider, connector, agent);
        claviger.connectWithConsent(provider, connector, other);
        String authorization = claviger.authorization(agent, connector);

        claviger.admin("DELETE", "/api/v1/agents/" + agent.id(), null).ok();

        assertThat(asked(agent.key())).as("at once").isEqualTo(401);
        assertThat(claviger.admin("GET", "/api/v1/agents/" + agent.id(), null).status())
                .isEqualTo(404);
        Claviger.until(
                "its credential to be destroyed",
                () -> claviger.events("attempt=" + attempt).contains("SecretsShredded"));
        assertThat(claviger.events("attempt=" + attempt))
                .containsSubsequence("ConnectionEnded", "TokenRevoked", "ProviderRevocationTried", "SecretsShredded");
        assertThat(serverSays(authorization)).isEqualTo(401);
        assertThat(serverSays(claviger.authorization(other, connector))).isEqualTo(200);
        assertThat(claviger.events("agent=" + agent.id()))
                .as("the history stays")
                .contains("AgentRemoved");
    }

    @Test
    void offersToolsUnderTheKeyOfTheirServer() {
        Connector shared = bearer("Büro & Café, No. 1");
        Connector own = claviger.oauthConnector("Notes", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Reader");
        assertThat(claviger.offered(agent))
                .as("a shared connector is offered to those for whom somebody chose a tool of it")
                .doesNotContainKey(shared.serverKey());
        assertThat(claviger.credential(agent, shared).status()).isEqualTo(404);

        claviger.choose(agent, shared, "search_notes", "create_note");

        assertThat(shared.serverKey()).matches("b_ro___caf___no__1_\\d+");
        claviger.awaitOffer(agent, shared, "create_note", "search_notes");
        assertThat(claviger.offered(agent).get(own.serverKey()))
                .as("no tools before the agent is connected")
                .isEmpty();
        claviger.connectWithConsent(provider, own, agent);
        claviger.choose(agent, own, "get_weather");
        claviger.awaitOffer(agent, own, "get_weather");
    }

    @Test
    void writesTheFileThatProgramsRead() {
        Connector shared = bearer("Notes");
        Connector waiting = claviger.oauthConnector("Waiting", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, shared, "*");

        Reply answer = claviger.call(agent.key(), "GET", "/api/v1/agent/mcp.json", null)
                .ok();

        JsonNode server = answer.json().path("mcpServers").path(shared.serverKey());
        assertThat(server.path("type").asString()).isEqualTo("http");
        assertThat(server.path("url").asString())
                .isEqualTo(provider.bearerMcpUrl().toString());
        assertThat(server.path("headers").path("Authorization").asString())
                .isEqualTo("Bearer " + provider.bearerToken());
        assertThat(answer.json().path("mcpServers").has(waiting.serverKey())).isFalse();
        assertThat(answer.header("Claviger-Left-Out")).contains(waiting.serverKey());
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    @Test
    void opensNothingElseWithAnAgentsKey() {
        Agent agent = claviger.agent("Reader");

        for (String path : List.of("/api/v1/connectors", "/api/v1/agents", "/api/v1/audit", "/api/v1/users")) {
            assertThat(claviger.call(agent.key(), "GET", path, null).status())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(claviger.call(ClavigerTest.ADMIN_TOKEN, "GET", "/api/v1/agent/me", null)
                        .status())
                .as("an admin is no agent")
                .isEqualTo(401);
        assertThat(claviger.call(null, "GET", "/api/v1/agent/me", null).status())
                .isEqualTo(401);
    }

    @Test
    void letsAnAuditorReadEverythingAndChangeNothing() {
        Connector connector = bearer("Notes");
        Agent agent = claviger.agent("Reader");
        String name = Claviger.unique("auditor").replace(' ', '-');
        String password = "a long enough password";
        claviger.admin("POST", "/api/v1/users", Map.of("name", name, "role", "AUDITOR", "password", password))
                .ok();
        String token = claviger.admin("POST", "/api/v1/tokens", Map.of("name", name, "scope", "READ"))
                .ok()
                .json()
                .path("token")
                .asString();
        Browser browser = new Browser(base);
        browser.signIn(name, password);

        for (String path :
                List.of("/connectors", "/connectors/" + connector.id(), "/agents", "/agents/" + agent.id())) {
            assertThat(browser.get(path).statusCode()).as(path).isEqualTo(200);
            assertThat(browser.get(path).body()).as(path).doesNotContain(provider.bearerToken());
            assertThat(claviger.call(token, "GET", "/api/v1" + path, null).status())
                    .as(path)
                    .isEqualTo(200);
        }
        browser.get("/account");
        for (String path : List.of(
                "/connectors/" + connector.id() + "/connect",
                "/connectors/" + connector.id() + "/sync",
                "/connectors/" + connector.id() + "/disconnect",
                "/agents/" + agent.id() + "/keys")) {
            assertThat(browser.post(path, Map.of()).statusCode()).as(path).isEqualTo(403);
            assertThat(claviger.call(token, "POST", "/api/v1" + path, Map.of()).status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(claviger.call(token, "DELETE", "/api/v1/connectors/" + connector.id(), null)
                        .status())
                .isEqualTo(403);
        assertThat(claviger.line(connector).path("status").asString()).isEqualTo("configured");
    }

    private Connector bearer(String name) {
        Connector connector = claviger.connector(Map.of(
                "name",
                Claviger.unique(name),
                "url",
                provider.bearerMcpUrl().toString(),
                "authType",
                "bearer",
                "token",
                provider.bearerToken()));
        Claviger.until(
                "the connection",
                () -> claviger.line(connector).path("status").asString().equals("configured"));
        return connector;
    }

    private Reply issueKey(Agent agent) {
        return claviger.admin("POST", "/api/v1/agents/" + agent.id() + "/keys", null);
    }

    private List<JsonNode> keys(Agent agent) {
        return claviger.admin("GET", "/api/v1/agents/" + agent.id(), null)
                .ok()
                .json()
                .path("keys")
                .valueStream()
                .toList();
    }

    private String olderKey(Agent agent) {
        return keys(agent).stream()
                .min((a, b) -> a.path("createdAt")
                        .asString()
                        .compareTo(b.path("createdAt").asString()))
                .orElseThrow()
                .path("id")
                .asString();
    }

    private int asked(String key) {
        return claviger.call(key, "GET", "/api/v1/agent/me", null).status();
    }

    private int serverSays(String authorization) {
        return claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", authorization));
    }
}
