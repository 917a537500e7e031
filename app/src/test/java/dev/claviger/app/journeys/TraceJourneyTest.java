package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** Every request that left for a connection can be read afterwards, by those who may, without a secret. */
@ClavigerTest
@Import(ShiftedClock.class)
class TraceJourneyTest {

    private final DemoProvider provider = DemoProvider.start();

    @Autowired
    private ShiftedClock clock;

    private Claviger claviger;
    private String base;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String url) {
        base = url;
        claviger = new Claviger(url);
    }

    @AfterEach
    void end() {
        clock.ahead(Duration.ZERO);
        provider.close();
    }

    @Test
    void tellsEveryRequestOfAConnectionFromDiscoveryToRevocation() {
        Connector connector = claviger.oauthConnector("Traced", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        Agent agent = claviger.agent("Traced");
        claviger.choose(agent, connector, "*");
        clock.ahead(Duration.ofMinutes(61));
        claviger.authorization(agent, connector);
        clock.ahead(Duration.ZERO);
        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();
        Claviger.until(
                "the revocation in the trace", () -> purposes(trace(attempt)).contains("Token revocation"));

        List<JsonNode> trace = trace(attempt);
        assertThat(purposes(trace))
                .contains(
                        "MCP initialize",
                        "Protected resource metadata",
                        "Authorization server metadata",
                        "Client registration",
                        "Token request",
                        "MCP tools/list",
                        "Token refresh",
                        "Token revocation");
        assertThat(trace).allSatisfy(exchange -> {
            assertThat(exchange.path("status").asInt()).isBetween(200, 499);
            assertThat(exchange.path("url").asString()).startsWith("http://").doesNotContain("?");
            assertThat(exchange.path("millis").asLong()).isNotNegative();
        });
        JsonNode refresh = one(trace, "Token refresh");
        assertThat(refresh.path("facts").toString())
                .contains("{\"in\":\"request_parameter\",\"name\":\"grant_type\",\"value\":\"refresh_token\"}")
                .contains("{\"in\":\"answer_member\",\"name\":\"token_type\",\"value\":\"Bearer\"}")
                .containsPattern("\"name\":\"refresh_token\"(,\"value\":null)?}");
        assertThat(one(trace, "Authorization server metadata").path("facts").toString())
                .contains(provider.issuer().toString());
        assertThat(trace.toString()).doesNotContain("dEmOsEcReT");
    }

    @Test
    void tellsWhyDiscoveryFailed() {
        provider.knobs().metadataHtml = true;
        Connector connector = claviger.oauthConnector("Page instead of metadata", provider.mcpUrl(), "shared");
        String attempt = Claviger.attempt(claviger.connect(connector));
        claviger.decided(attempt);
        Claviger.until("the requests in the trace", () -> !trace(attempt).isEmpty());
        assertThat(trace(attempt).toString()).contains("text/html");

        Browser browser = claviger.signedIn();
        assertThat(browser.get("/connections/" + attempt + "?stay").body())
                .contains("/connections/" + attempt + "/trace");
        assertThat(browser.get("/connections/" + attempt + "/trace").body())
                .contains("Protected resource metadata", "text/html", "127.0.0.1");
    }

    @Test
    void requestsWithoutACredentialAreThoseOfTheirConnector() {
        Connector connector = claviger.connector(Map.of(
                "name",
                Claviger.unique("Open"),
                "url",
                provider.openMcpUrl().toString(),
                "authType",
                "none",
                "mode",
                "shared"));
        claviger.awaitTools(connector, 4);
        String attempt = Claviger.uuid(claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/attempts", null)
                .ok()
                .json()
                .path("items")
                .path(0)
                .path("connectionId")
                .asString());
        Claviger.until(
                "the listing in the trace", () -> purposes(trace(attempt)).contains("MCP tools/list"));
    }

    @Test
    void auditorsReadItAndAgentsDoNot() {
        Connector connector = claviger.oauthConnector("For readers", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        String name = Claviger.unique("reader").replace(' ', '-');
        claviger.admin(
                        "POST",
                        "/api/v1/users",
                        Map.of("name", name, "role", "AUDITOR", "password", "a long password 1"))
                .ok();
        Browser auditor = new Browser(base);
        auditor.signIn(name, "a long password 1");
        assertThat(auditor.get("/connections/" + attempt + "/trace").statusCode())
                .isEqualTo(200);
        Agent agent = claviger.agent("No reader");
        assertThat(claviger.call(agent.key(), "GET", "/api/v1/connections/" + attempt + "/trace", null)
                        .status())
                .isEqualTo(401);
        assertThat(claviger.admin("GET", "/api/v1/connections/" + connector.id() + "/trace", null)
                        .status())
                .isEqualTo(404);
    }

    private List<JsonNode> trace(String attempt) {
        JsonNode items = claviger.admin("GET", "/api/v1/connections/" + attempt + "/trace?limit=200", null)
                .ok()
                .json()
                .path("items");
        return StreamSupport.stream(items.spliterator(), false).toList();
    }

    private static List<String> purposes(List<JsonNode> trace) {
        return trace.stream()
                .map(exchange -> exchange.path("purpose").asString())
                .toList();
    }

    private static JsonNode one(List<JsonNode> trace, String purpose) {
        return trace.stream()
                .filter(exchange -> exchange.path("purpose").asString().equals(purpose))
                .findFirst()
                .orElseThrow();
    }
}
