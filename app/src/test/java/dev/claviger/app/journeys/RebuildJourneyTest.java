package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A projection whose tables were spoilt is filled anew from the events, while the application works. */
@ClavigerTest
class RebuildJourneyTest {

    @Autowired
    JdbcClient database;

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String url) {
        claviger = new Claviger(url);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void fillsSpoiltTablesAnew() {
        Connector connector = claviger.oauthConnector("Spoilt", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        List<String> history = claviger.events("attempt=" + attempt);
        database.sql("update app.audit_entry set sentence = 'Spoilt.' where attempt = ?")
                .param(UUID.fromString(attempt))
                .update();
        database.sql("delete from toolsync.tool where catalog_id = ?")
                .param("tool-catalog:" + connector.id())
                .update();
        database.sql("delete from connectors.credential where connection_id = ?")
                .param(UUID.fromString(attempt))
                .update();

        for (String projection : List.of("app-audit", "connectors-views", "toolsync-views")) {
            claviger.admin("POST", "/api/v1/projections/" + projection + "/rebuild", Map.of())
                    .ok();
        }

        Claviger.until(
                "the projections to follow again",
                Duration.ofMinutes(2),
                () -> standing().values().stream()
                        .noneMatch(one -> one.path("rebuilding").asBoolean()));
        assertThat(claviger.tools(connector)).hasSize(4);
        assertThat(claviger.events("attempt=" + attempt)).isEqualTo(history);
        assertThat(claviger.audit("attempt=" + attempt).toString()).doesNotContain("Spoilt.");
        assertThat(database.sql("select count(*) from connectors.credential where connection_id = ?")
                        .param(UUID.fromString(attempt))
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        Claviger.until(
                "the trail to name who did it",
                () -> claviger.admin("GET", "/api/v1/audit?event=RebuildRequested&limit=10", null)
                        .body()
                        .contains("toolsync-views"));
    }

    @Test
    void isAskedForOnThePageOfJobsToo() {
        Browser browser = claviger.signedIn();
        assertThat(browser.get("/jobs").body()).contains("toolsync-views", "Read all events again");

        assertThat(browser.post("/jobs/rebuild", Map.of("projection", "toolsync-views"))
                        .statusCode())
                .isEqualTo(303);

        Claviger.until(
                "the projection to follow again",
                Duration.ofMinutes(2),
                () -> !standing().get("toolsync-views").path("rebuilding").asBoolean());
    }

    @Test
    void knowsNoOther() {
        assertThat(claviger.admin("POST", "/api/v1/projections/connection-saga/rebuild", Map.of())
                        .status())
                .as("a saga sends commands")
                .isEqualTo(404);
        assertThat(claviger.admin("POST", "/api/v1/projections/credentials-state/rebuild", Map.of())
                        .status())
                .as("it destroys secrets")
                .isEqualTo(404);
        assertThat(standing()).containsOnlyKeys("app-audit", "app-fingerprints", "connectors-views", "toolsync-views");
    }

    private Map<String, JsonNode> standing() {
        Map<String, JsonNode> byName = new TreeMap<>();
        claviger.admin("GET", "/api/v1/projections", null)
                .ok()
                .json()
                .path("items")
                .forEach(one -> byName.put(one.path("name").asString(), one));
        return byName;
    }
}
