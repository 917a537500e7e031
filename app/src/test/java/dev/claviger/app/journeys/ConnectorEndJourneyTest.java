package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** What ends with a connection, a changed address or a removed connector, and what stays. */
@ClavigerTest
class ConnectorEndJourneyTest {

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
    void disconnectsAtOnceAndTellsTheProvider() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        Agent agent = reader(connector);
        String authorization = claviger.authorization(agent, connector);

        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();

        Reply refused = claviger.credential(agent, connector);
        assertThat(refused.status()).as("at once").isIn(409, 410);
        assertThat(refused.json().path("mend").asString()).endsWith("/connectors/" + connector.id());
        awaitShredded(attempt);
        assertThat(provider.count("POST", "/revoke")).isPositive();
        assertThat(serverSays(authorization)).isEqualTo(401);
        assertThat(claviger.line(connector).path("status").asString()).isEqualTo("not_connected");
        assertThat(claviger.tools(connector)).as("the tools stay known").hasSize(4);
        assertThat(claviger.offered(agent).get(connector.serverKey())).isEmpty();

        claviger.connectWithConsent(provider, connector, null);

        // The agent's tools are still chosen.
        claviger.awaitOffer(agent, connector, "create_note", "get_weather", "list_notebooks", "search_notes");
        assertThat(serverSays(claviger.authorization(agent, connector))).isEqualTo(200);
    }

    @Test
    void revokesARemovedConnectorAndKeepsItsHistory() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "per_agent");
        List<Agent> agents = List.of(claviger.agent("One"), claviger.agent("Two"));
        List<String> attempts = agents.stream()
                .map(agent -> claviger.connectWithConsent(provider, connector, agent))
                .toList();
        List<String> authorizations = agents.stream()
                .map(agent -> claviger.authorization(agent, connector))
                .toList();

        claviger.admin("DELETE", "/api/v1/connectors/" + connector.id(), null).ok();

        for (int i = 0; i < 2; i++) {
            assertThat(claviger.credential(agents.get(i), connector).status())
                    .as("at once")
                    .isEqualTo(404);
            assertThat(claviger.offered(agents.get(i))).doesNotContainKey(connector.serverKey());
            awaitShredded(attempts.get(i));
            assertThat(serverSays(authorizations.get(i))).isEqualTo(401);
        }
        List<String> history = claviger.events("connector=" + connector.id());
        assertThat(history)
                .containsSubsequence("ConnectorCreated", "TokenIssued", "ConnectionEstablished")
                .containsSubsequence("ConnectionEnded", "ConnectionEnded", "ConnectorRemoved")
                .containsSubsequence("TokenRevoked", "ProviderRevocationTried", "SecretsShredded");
        assertThat(claviger.admin("GET", "/api/v1/connectors/" + connector.id(), null)
                        .status())
                .isEqualTo(404);
        claviger.connector(
                Map.of("name", connector.name(), "url", provider.openMcpUrl().toString(), "authType", "none"));
    }

    @Test
    void shredsWhatIsHeldEvenWhenTheProviderCannotRevoke() {
        provider.knobs().noRevocationEndpoint = true;
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);

        claviger.admin("DELETE", "/api/v1/connectors/" + connector.id(), null).ok();

        awaitShredded(attempt);
        assertThat(claviger.audit("attempt=" + attempt).toString()).contains("no way to be told");
    }

    @Test
    void asksBeforeAnotherAddressDropsTheConnections() {
        Connector connector = claviger.connector(bearer("Notes"));
        awaitStatus(connector, "configured");
        Agent agent = reader(connector);
        Map<String, Object> moved = bearer("");
        moved.put("name", connector.name());
        moved.put("url", provider.openMcpUrl().toString());
        moved.remove("token");

        Reply asked = edit(connector, moved, false);

        assertThat(asked.status()).isEqualTo(409);
        assertThat(asked.json().path("drops").toString())
                .contains("its stored token is destroyed")
                .contains("4 known tools of the old address are forgotten");
        assertThat(claviger.authorization(agent, connector)).isEqualTo("Bearer " + provider.bearerToken());

        edit(connector, moved, true).ok();

        assertThat(claviger.credential(agent, connector).status())
                .as("the agent was given nothing of the new address")
                .isEqualTo(404);
        awaitStatus(connector, "not_connected");
        Claviger.until(
                "the tools to be forgotten", () -> claviger.tools(connector).isEmpty());
        Claviger.until(
                "the history to tell it",
                () -> claviger.audit("connector=" + connector.id()).stream()
                        .anyMatch(entry -> entry.path("sentence")
                                .asString()
                                .contains("The URL changed. Dropped: 1 connection ended, tools")));
        assertThat(provider.requests())
                .as("the old token is never shown to the new address")
                .filteredOn(request -> request.path().equals("/open/mcp"))
                .noneMatch(request -> request.header("Authorization") != null);
    }

    @Test
    void keepsTheConnectionAndTheStoredTokenWhenOnlyTheNameChanges() {
        Connector connector = claviger.connector(bearer("Notes"));
        awaitStatus(connector, "configured");
        Agent agent = reader(connector);
        Map<String, Object> renamed = bearer("Renamed");
        renamed.put("token", "");

        edit(connector, renamed, false).ok();

        String key = claviger.line(connector).path("serverKey").asString();
        assertThat(key).startsWith("renamed_");
        Connector now = new Connector(connector.id(), String.valueOf(renamed.get("name")), key);
        assertThat(claviger.authorization(agent, now)).isEqualTo("Bearer " + provider.bearerToken());
        claviger.awaitOffer(agent, now, "create_note", "get_weather", "list_notebooks", "search_notes");
        assertThat(claviger.events("connector=" + connector.id())).doesNotContain("ConnectionEnded");
    }

    @Test
    void dropsEveryAgentsConnectionWhenTheCredentialBecomesShared() {
        Map<String, Object> settings = bearer("Notes");
        settings.remove("token");
        settings.put("mode", "per_agent");
        Connector connector = claviger.connector(settings);
        Agent agent = claviger.agent("One");
        claviger.connect(connector, Map.of("agentId", agent.id(), "token", provider.bearerToken()));
        settings.put("mode", "shared");

        assertThat(edit(connector, settings, false).json().path("drops").toString())
                .contains("The connections of 1 agent end");
        edit(connector, settings, true).ok();

        assertThat(claviger.credential(agent, connector).status()).isEqualTo(404);
        awaitStatus(connector, "not_connected");
    }

    private Map<String, Object> bearer(String name) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("name", Claviger.unique(name));
        settings.put("url", provider.bearerMcpUrl().toString());
        settings.put("authType", "bearer");
        settings.put("token", provider.bearerToken());
        return settings;
    }

    private Reply edit(Connector connector, Map<String, Object> settings, boolean drop) {
        return claviger.admin("PUT", "/api/v1/connectors/" + connector.id() + "?drop=" + drop, settings);
    }

    private Agent reader(Connector connector) {
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "*");
        return agent;
    }

    private void awaitStatus(Connector connector, String status) {
        Claviger.until(
                "the connector to be " + status,
                () -> claviger.line(connector).path("status").asString().equals(status));
    }

    private void awaitShredded(String attempt) {
        Claviger.until(
                "the secrets to be destroyed",
                () -> claviger.events("attempt=" + attempt).contains("SecretsShredded"));
    }

    private int serverSays(String authorization) {
        return claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", authorization));
    }
}
