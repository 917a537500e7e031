package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A credential is healthy when its server lists the tools to it and would not to another: nothing less is called so. */
@ClavigerTest
class HealthJourneyTest {

    @Autowired
    JdbcClient database;

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
    void provesACredentialByShowingAWrongOneToo() {
        String connection = connected();

        JsonNode health = claviger.health(connection);

        assertThat(state(health)).isEqualTo("healthy");
        assertThat(health.path("provedAt").asString("")).isNotEmpty();
        assertThat(health.path("proof").path("without").asString()).isEqualTo("refused");
        assertThat(health.path("proof").path("withWrong").asString()).isEqualTo("refused");
        assertThat(health.path("proof").path("proves").asBoolean()).isTrue();
    }

    @Test
    void asksOnceOnlyWhatAListingProves() {
        String connection = connected();
        claviger.health(connection);
        claviger.health(connection);

        assertThat(provider.requests().stream()
                        .filter(request -> request.headers().toString().contains("claviger-health-probe")))
                .as("greetings and listings with a made-up token")
                .hasSizeLessThanOrEqualTo(2);
        assertThat(claviger.events("attempt=" + connection)).containsOnlyOnce("HealthChanged");
    }

    @Test
    void refreshesBeforeItCallsACredentialRefused() {
        String connection = connected();
        provider.expireAccessTokens();

        assertThat(state(claviger.health(connection))).isEqualTo("healthy");
        assertThat(claviger.events("attempt=" + connection)).contains("TokenRefreshed");
    }

    @Test
    void tellsOfATokenThatDiedWithoutAWord() {
        Connector connector = claviger.oauthConnector("Healthy", provider.mcpUrl(), "shared");
        String connection = claviger.connectWithConsent(provider, connector, null);
        claviger.health(connection);

        provider.knobs().deadTokenOver200 = true;
        provider.revokeGrants();
        JsonNode health = claviger.health(connection);

        assertThat(state(health)).isEqualTo("refused");
        Claviger.until(
                "the connector to need somebody",
                () -> claviger.signedIn().get("/").body().contains(connector.name()));
        assertThat(claviger.admin("GET", "/api/v1/health?state=refused&q=" + connector.serverKey(), null)
                        .status())
                .isEqualTo(200);
        assertThat(listed("refused")).contains(connection);
        assertThat(listed("healthy")).doesNotContain(connection);
    }

    @Test
    void callsNothingHealthyWhereEverybodyMayList() {
        provider.knobs().openList = true;
        String connection = connected();

        JsonNode health = claviger.health(connection);

        assertThat(state(health)).isEqualTo("unproven");
        assertThat(health.path("failure").path("code").asString()).isEqualTo("CLV-213");
        assertThat(health.path("proof").path("without").asString()).isEqualTo("listed");
        assertThat(health.path("provedAt").asString("")).isEmpty();
    }

    @Test
    void callsNothingHealthyWhereAnyTokenWillDo() {
        provider.knobs().takesAnyToken = true;
        String connection = connected();

        JsonNode health = claviger.health(connection);

        assertThat(state(health)).isEqualTo("unproven");
        assertThat(health.path("proof").path("without").asString()).isEqualTo("refused");
        assertThat(health.path("proof").path("withWrong").asString()).isEqualTo("listed");
    }

    @Test
    void holdsAServerThatIsDownAgainstNoCredential() {
        String connection = connected();
        claviger.health(connection);
        provider.knobs().mcp503 = true;

        claviger.admin("POST", "/api/v1/connections/" + connection + "/health?wait=0", null)
                .ok();
        Claviger.until("the server to be found out of reach", () -> {
            hurry();
            return state(seen(connection)).equals("unreachable");
        });
        assertThat(seen(connection).path("provedAt").asString("")).isNotEmpty();

        provider.knobs().mcp503 = false;
        assertThat(state(claviger.health(connection))).isEqualTo("healthy");
    }

    @Test
    void isNotShakenByAServerThatIsDownAfterARefusal() {
        String connection = keyed();
        provider.revokeApiKey(provider.apiKey());
        assertThat(state(claviger.health(connection))).isEqualTo("refused");

        provider.knobs().mcp503 = true;
        String before = seen(connection).path("checkedAt").asString();
        claviger.admin("POST", "/api/v1/connections/" + connection + "/health?wait=0", null)
                .ok();
        Claviger.until("the check to end", () -> {
            hurry();
            return !seen(connection).path("checkedAt").asString().equals(before);
        });
        assertThat(state(seen(connection))).isEqualTo("refused");
    }

    @Test
    void knowsEachAgentsCredentialForItself() {
        Connector connector = claviger.connector(Map.of(
                "name", Claviger.unique("Healthy keys"),
                "url", provider.apiKeyMcpUrl().toString(),
                "authType", "api_key_header",
                "headerName", "X-Api-Key",
                "mode", "per_agent"));
        Agent one = claviger.agent("Well");
        Agent other = claviger.agent("Ill");
        String lost = provider.anotherApiKey();
        String well =
                Claviger.attempt(claviger.connect(connector, Map.of("agentId", one.id(), "token", provider.apiKey())));
        String ill = Claviger.attempt(claviger.connect(connector, Map.of("agentId", other.id(), "token", lost)));
        provider.revokeApiKey(lost);

        assertThat(state(claviger.health(well))).isEqualTo("healthy");
        assertThat(state(claviger.health(ill))).isEqualTo("refused");
        assertThat(claviger.signedIn()
                        .get("/agents/" + other.id() + "?q=Healthy+keys")
                        .body())
                .contains("/help/CLV-212");
        assertThat(claviger.signedIn()
                        .get("/agents/" + one.id() + "?q=Healthy+keys")
                        .body())
                .doesNotContain("/help/CLV-212");
    }

    @Test
    void listsTheToolsAnewWhenACheckFindsOthers() {
        Connector connector = claviger.oauthConnector("Growing", provider.mcpUrl(), "shared");
        String connection = claviger.connectWithConsent(provider, connector, null);
        claviger.awaitTools(connector, 4);
        long listed = claviger.events("connector=" + connector.id()).stream()
                .filter("ToolsSynced"::equals)
                .count();

        claviger.health(connection);
        assertThat(claviger.events("connector=" + connector.id()).stream().filter("ToolsSynced"::equals))
                .as("a check that finds nothing new")
                .hasSize((int) listed);

        provider.knobs().tools = provider.knobs().tools.subList(0, 3);
        claviger.health(connection);
        claviger.awaitTools(connector, 3);
    }

    @Test
    void checksNoMoreWhatIsOver() {
        Connector connector = claviger.oauthConnector("Ended", provider.mcpUrl(), "shared");
        String connection = claviger.connectWithConsent(provider, connector, null);
        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();

        assertThat(claviger.admin("POST", "/api/v1/connections/" + connection + "/health", null)
                        .status())
                .isEqualTo(404);
        assertThat(waiting(connection)).isEmpty();
        assertThat(claviger.events("attempt=" + connection)).contains("HealthWatched", "HealthWatchEnded");
    }

    @Test
    void hasOneChainOfChecksHoweverOftenSomebodyAsks() {
        String connection = connected();
        for (int i = 0; i < 5; i++) {
            claviger.admin("POST", "/api/v1/connections/" + connection + "/health?wait=0", null)
                    .ok();
        }
        claviger.health(connection);
        Claviger.until("one job", () -> waiting(connection).size() == 1);
    }

    @Test
    void saysWhichFiltersThereAre() {
        assertThat(claviger.admin("GET", "/api/v1/health?state=splendid", null).status())
                .isEqualTo(422);
        assertThat(claviger.signedIn().get("/health?state=splendid").statusCode())
                .isEqualTo(200);
    }

    private String connected() {
        Connector connector = claviger.oauthConnector("Healthy", provider.mcpUrl(), "shared");
        return claviger.connectWithConsent(provider, connector, null);
    }

    private String keyed() {
        Connector connector = claviger.connector(Map.of(
                "name",
                Claviger.unique("Healthy key"),
                "url",
                provider.apiKeyMcpUrl().toString(),
                "authType",
                "api_key_header",
                "headerName",
                "X-Api-Key"));
        return Claviger.attempt(claviger.connect(connector, Map.of("token", provider.apiKey())));
    }

    private JsonNode seen(String connection) {
        return claviger.admin("GET", "/api/v1/connections/" + connection + "/health", null)
                .ok()
                .json();
    }

    private List<String> listed(String state) {
        return claviger.admin("GET", "/api/v1/health?limit=1000&state=" + state, null)
                .ok()
                .json()
                .path("items")
                .valueStream()
                .map(item -> Claviger.uuid(item.path("connectionId").asString()))
                .toList();
    }

    private List<String> waiting(String connection) {
        return database.sql("select task_instance from app.scheduled_tasks where task_instance like :id")
                .param("id", "health:" + connection + "/%")
                .query(String.class)
                .list();
    }

    private void hurry() {
        database.sql("""
                        update app.scheduled_tasks set execution_time = now()
                         where task_instance like 'health:%' and consecutive_failures > 0 and not picked
                        """).update();
    }

    private static String state(JsonNode health) {
        return health.path("state").asString();
    }
}
