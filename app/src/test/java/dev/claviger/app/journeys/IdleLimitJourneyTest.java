package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What an admin knows of idle refresh tokens: entered for a connector, it counts for all that is connected there. */
@ClavigerTest
class IdleLimitJourneyTest {

    @Autowired
    JdbcClient database;

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
        provider.knobs().accessTokenLifetime = Duration.ofDays(90);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void countsFromTheFirstMomentAndChangesWhileConnected() {
        Connector connector = claviger.connector(body(Claviger.unique("Sleeping"), "shared", 14));
        String connection = claviger.connectWithConsent(provider, connector, null);

        assertThat(credential(connector).path("refreshTokenIdleDays").asInt()).isEqualTo(14);
        assertDue(connector, Duration.ofDays(7));
        assertThat(whole(connector).path("oauth").path("refreshTokenIdleDays").asInt())
                .isEqualTo(14);
        Claviger.until("the forecast to know", () -> soon(connection).isPresent());
        JsonNode end = soon(connection).orElseThrow();
        assertThat(end.path("fate").asString()).isEqualTo("changes");
        assertThat(end.path("why").asString()).contains("unused for 14 days", "connector's settings");

        edit(connector, "shared", 4);
        Claviger.until(
                "the limit to be another",
                () -> credential(connector).path("refreshTokenIdleDays").asInt() == 4);
        assertDue(connector, Duration.ofDays(2));
        assertThat(claviger.sharedConnection(connector)).isEqualTo(connection);
        Browser browser = claviger.signedIn();
        assertThat(browser.get("/connectors/" + connector.id()).body())
                .contains("Dies after 4 days without use, as entered for this connector", "Refresh due");
        assertThat(browser.get("/connectors/" + connector.id() + "/edit").body())
                .containsPattern("name=\"refreshTokenIdleDays\"[^>]* value=\"4\"");

        edit(connector, "shared", null);
        Claviger.until(
                "nobody to say any more",
                () -> credential(connector).path("refreshTokenIdleDays").isNull());
        assertDue(connector, Duration.ofDays(30));
        Claviger.until("the forecast to follow", () -> soon(connection).isEmpty());
        assertThat(claviger.events("attempt=" + connection).stream().filter("IdleLimitSet"::equals))
                .hasSize(3);
    }

    @Test
    void whatIsEnteredWhileSomebodyConsentsCountsForWhatComesOfIt() {
        Connector connector = claviger.connector(body(Claviger.unique("Dozing"), "shared", null));
        JsonNode asked = claviger.connect(connector);

        edit(connector, "shared", 6);
        claviger.callback(provider.approve(Claviger.authorizationUrl(asked)));

        assertThat(claviger.decided(Claviger.attempt(asked)).path("next").asString())
                .isEqualTo("connected");
        assertThat(credential(connector).path("refreshTokenIdleDays").asInt()).isEqualTo(6);
        assertDue(connector, Duration.ofDays(3));
    }

    @Test
    void countsForTheCredentialOfEachAgent() {
        Connector connector = claviger.connector(body(Claviger.unique("Dormitory"), "per_agent", null));
        Agent one = claviger.agent("One");
        Agent other = claviger.agent("Other");
        List<String> connections = List.of(
                claviger.connectWithConsent(provider, connector, one),
                claviger.connectWithConsent(provider, connector, other));

        edit(connector, "per_agent", 10);

        Claviger.until(
                "both to know",
                () -> connections.stream()
                        .allMatch(connection ->
                                claviger.events("attempt=" + connection).contains("IdleLimitSet")));
        assertThat(claviger.signedIn().get("/connectors/" + connector.id()).body())
                .contains("Die after 10 days without use, as entered here");
    }

    @Test
    void saysWhatCannotBeMeant() {
        Reply refused = claviger.admin("POST", "/api/v1/connectors", body(Claviger.unique("Restless"), "shared", 0));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("refreshTokenIdleDays", "Enter a whole number of days, 1 to 3650");
        Browser browser = claviger.signedIn();
        browser.get("/connectors/new");
        var answer = browser.post(
                "/connectors",
                Map.of(
                        "connector",
                        UUID.randomUUID().toString(),
                        "attempt",
                        UUID.randomUUID().toString(),
                        "name",
                        Claviger.unique("Restless"),
                        "url",
                        provider.mcpUrl().toString(),
                        "authType",
                        "oauth",
                        "mode",
                        "shared",
                        "grant",
                        "authorization_code",
                        "refreshTokenIdleDays",
                        "two weeks"));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains(
                        "Enter a whole number of days, 1 to 3650", "value=\"two weeks\"", "class=\"when-oauth\" open");
    }

    private Map<String, Object> body(String name, String mode, @Nullable Integer days) {
        Map<String, Object> body = new HashMap<>(
                Map.of("name", name, "url", provider.mcpUrl().toString(), "authType", "oauth", "mode", mode));
        if (days != null) {
            body.put("oauth", Map.of("refreshTokenIdleDays", days));
        }
        return body;
    }

    private void edit(Connector connector, String mode, @Nullable Integer days) {
        claviger.admin("PUT", "/api/v1/connectors/" + connector.id(), body(connector.name(), mode, days))
                .ok();
    }

    private void assertDue(Connector connector, Duration fromNow) {
        assertThat(Instant.parse(credential(connector).path("refreshDueAt").asString()))
                .isCloseTo(Instant.now().plus(fromNow), within(10, ChronoUnit.MINUTES));
        assertThat(database.sql("select execution_time from app.scheduled_tasks where task_instance = :instance")
                        .param("instance", "credential:" + claviger.sharedConnection(connector) + "/1")
                        .query((row, n) -> row.getTimestamp(1).toInstant())
                        .single())
                .as("its job, a little before")
                .isCloseTo(Instant.now().plus(fromNow), within(10, ChronoUnit.MINUTES));
    }

    private JsonNode credential(Connector connector) {
        return claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/credential", null)
                .ok()
                .json();
    }

    private JsonNode whole(Connector connector) {
        return claviger.admin("GET", "/api/v1/connectors/" + connector.id(), null)
                .ok()
                .json();
    }

    private Optional<JsonNode> soon(String connection) {
        return claviger.admin("GET", "/api/v1/forecast?days=30", null)
                .ok()
                .json()
                .path("soon")
                .valueStream()
                .filter(end -> end.path("id").asString().equals("credential-" + connection))
                .findFirst();
    }
}
