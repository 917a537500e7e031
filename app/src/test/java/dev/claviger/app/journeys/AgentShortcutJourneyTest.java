package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The short way to a credential gives what the long one gives, to nobody else, and with the same record. */
@ClavigerTest
class AgentShortcutJourneyTest {

    /** The long way sets it on every answer. */
    private static final String OF_THE_LONG_WAY = "Content-Security-Policy";

    private final DemoProvider provider = DemoProvider.start();

    @Autowired
    private JdbcClient database;

    private Claviger claviger;
    private Connector connector;
    private Agent agent;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String url) {
        claviger = new Claviger(url);
        connector = claviger.oauthConnector("Short", provider.mcpUrl(), "per_agent");
        agent = claviger.agent("Hasty");
        claviger.connectWithConsent(provider, connector, agent);
        // A key that was right lately: before that the short way is closed to it.
        assertThat(asked(agent, path()).status()).isEqualTo(200);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void givesWhatTheLongWayGivesAndRecordsItOnce() {
        Reply longWay = claviger.credential(agent, connector).ok();
        int calls = calls();
        long uses = uses();

        Reply shortWay = asked(agent, path()).ok();

        assertThat(shortWay.header(OF_THE_LONG_WAY)).isEmpty();
        assertThat(shortWay.json()).isEqualTo(longWay.json());
        assertThat(shortWay.header("Cache-Control")).contains("no-store");
        assertThat(shortWay.header("Content-Type")).startsWith("application/json");
        assertThat(shortWay.header("ETag")).startsWith("\"");
        assertThat(calls()).isEqualTo(calls + 1);
        assertThat(uses()).isEqualTo(uses + 1);
    }

    @Test
    void recordsAnAnswerOnceAlsoWhereSomethingHasChangedSinceTheLast() {
        asked(agent, path()).ok();
        claviger.oauthConnector("One more", provider.mcpUrl(), "shared");
        int calls = calls();
        long uses = uses();

        assertThat(asked(agent, path()).ok().header(OF_THE_LONG_WAY)).isEmpty();

        assertThat(calls()).isEqualTo(calls + 1);
        assertThat(uses()).isEqualTo(uses + 1);
    }

    @Test
    void isAmongTheUsesOfTheAgentFromPageToPage() {
        asked(agent, path()).ok();
        String uses = "/api/v1/agents/" + agent.id() + "/uses?limit=1";
        JsonNode first = claviger.admin("GET", uses, null).ok().json();
        assertThat(first.path("items").path(0).path("connectorName").asString()).isEqualTo(connector.name());
        String next = first.path("next").asString();
        JsonNode second =
                claviger.admin("GET", uses + "&before=" + next, null).ok().json();
        assertThat(second.path("items").path(0).path("at").asString())
                .isLessThan(first.path("items").path(0).path("at").asString());

        Browser browser = claviger.signedIn();
        String page = "/agents/" + agent.id() + "/uses";
        assertThat(browser.get(page).body())
                .contains(connector.name(), "answered")
                .doesNotContain("Newest");
        assertThat(browser.get(page + "?before=" + next).body()).contains(connector.name(), "« Newest");
        assertThat(browser.get(page + "?before=0-0").body()).contains("Nothing older", "« Newest");
        assertThat(browser.get(page + "?before=nonsense").statusCode()).isEqualTo(404);
        Reply refused = claviger.admin("GET", uses + "&before=nonsense", null);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("of the answer before");
    }

    @Test
    void refusesOnTheLongWayAndRecordsItOnce() {
        Connector other = claviger.oauthConnector("Unconnected", provider.mcpUrl(), "per_agent");
        int calls = calls();

        assertThat(asked(agent, path(other)).status()).as("not connected").isEqualTo(409);
        assertThat(calls()).isEqualTo(calls + 1);
        assertThat(asked(agent, path().replace(connector.serverKey(), "nothing_like_this"))
                        .status())
                .isEqualTo(404);
        assertThat(calls()).isEqualTo(calls + 2);
    }

    @Test
    void isClosedAtOnceToARevokedKeyAndToAFrozenOrRemovedAgent() {
        String freeze = UUID.randomUUID().toString();
        claviger.admin(
                        "POST",
                        "/api/v1/freezes",
                        Map.of("id", freeze, "subject", "agent:" + agent.id(), "reason", "A drill"))
                .ok();
        assertThat(asked(agent, path()).status()).isEqualTo(423);
        claviger.admin("POST", "/api/v1/freezes/" + freeze + "/thaw", Map.of("reason", "It is over"))
                .ok();
        assertThat(asked(agent, path()).status()).isEqualTo(200);

        String key = claviger.admin("GET", "/api/v1/agents/" + agent.id(), null)
                .ok()
                .json()
                .path("keys")
                .path(0)
                .path("id")
                .asString();
        Agent another = new Agent(agent.id(), agent.name(), issuedKey());
        assertThat(asked(another, path()).status()).isEqualTo(200);
        claviger.admin("DELETE", "/api/v1/agents/" + agent.id() + "/keys/" + key, null)
                .ok();
        assertThat(asked(agent, path()).status()).as("the revoked key").isEqualTo(401);
        assertThat(asked(another, path()).status()).isEqualTo(200);

        claviger.admin("DELETE", "/api/v1/agents/" + agent.id(), null).ok();
        assertThat(asked(another, path()).status()).isEqualTo(401);
        assertThat(asked(agent, path()).status()).isEqualTo(401);
    }

    @Test
    void isOnlyForThisMethodThisPathAndAKeyOfAnAgent() {
        assertThat(asked(agent, path() + ";x=1").status()).isEqualTo(400);
        assertThat(asked(agent, path().replace("/agent/", "/agent//")).status()).isEqualTo(400);
        assertThat(asked(agent, path() + "?refused=").header(OF_THE_LONG_WAY)).isNotEmpty();
        assertThat(claviger.call(agent.key(), "DELETE", path(), null).status()).isEqualTo(405);
        assertThat(claviger.call(null, "GET", path(), null).status()).isEqualTo(401);
        assertThat(claviger.call(ClavigerTest.ADMIN_TOKEN, "GET", path(), null).status())
                .isEqualTo(401);
        assertThat(claviger.call(agent.key() + "x", "GET", path(), null).status())
                .isEqualTo(401);
    }

    private String issuedKey() {
        return claviger.admin("POST", "/api/v1/agents/" + agent.id() + "/keys", null)
                .ok()
                .json()
                .path("key")
                .asString();
    }

    private Reply asked(Agent agent, String path) {
        return claviger.call(agent.key(), "GET", path, null);
    }

    private String path() {
        return path(connector);
    }

    private static String path(Connector connector) {
        return "/api/v1/agent/connectors/" + connector.serverKey() + "/credential";
    }

    /** As an auditor is told of them. */
    private int calls() {
        return claviger.admin("GET", "/api/v1/agents/" + agent.id() + "/uses?limit=1000", null)
                .ok()
                .json()
                .path("items")
                .size();
    }

    private long uses() {
        return database.sql("select count(*) from credentials.credential_use where used_by = ?")
                .param("agent:" + agent.id())
                .query(Long.class)
                .single();
    }
}
