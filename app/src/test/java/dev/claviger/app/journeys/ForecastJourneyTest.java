package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** What ends when if nobody acts: found where it belongs, and nothing unknown among what is fine. */
@ClavigerTest
class ForecastJourneyTest {

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
    void knowsWhenATokenEndsThatNothingRenews() {
        provider.knobs().noRefreshToken = true;
        provider.knobs().accessTokenLifetime = Duration.ofDays(3);
        Connector connector = claviger.oauthConnector("Fading", provider.mcpUrl(), "shared");
        String connection = claviger.connectWithConsent(provider, connector, null);

        JsonNode end = awaitEnd("soon", connection);
        assertThat(end.path("fate").asString()).isEqualTo("stops");
        assertThat(Instant.parse(end.path("when").asString()))
                .isBetween(Instant.now().plus(Duration.ofDays(2)), Instant.now().plus(Duration.ofDays(4)));
        assertThat(end.path("affected").path(0).path("connectorName").asString())
                .isEqualTo(connector.name());
        assertThat(find("later", connection, 1)).isTrue();
        assertThat(claviger.signedIn().get("/forecast").body()).contains(connector.name(), "The next 30 days");
        assertThat(claviger.signedIn().get("/forecast.ics").body().replace("\r\n ", ""))
                .contains("BEGIN:VEVENT")
                .contains("/connectors/" + connector.id());
    }

    @Test
    void callsATokenUnknownOfWhichNobodyToldTheEnd() {
        Connector connector = claviger.connector(Map.of(
                "name", Claviger.unique("Typed"),
                "url", provider.bearerMcpUrl().toString(),
                "authType", "bearer"));
        String connection = Claviger.attempt(claviger.connect(connector, Map.of("token", provider.bearerToken())));

        assertThat(awaitEnd("unknown", connection).path("when").isNull()).isTrue();
        assertThat(forecast(30).path("headline").asString()).contains("nobody knows");
    }

    @Test
    void leavesOutWhatRenewsItself() {
        Connector connector = claviger.oauthConnector("Renewing", provider.mcpUrl(), "shared");
        String connection = claviger.connectWithConsent(provider, connector, null);
        Claviger.until(
                "the credential to be known",
                () -> forecast(30).path("renewing").asInt() > 0);
        assertThat(forecast(365).toString()).doesNotContain("credential-" + connection);
    }

    @Test
    void saysWhenRefreshesThatFailAreGivenUp() {
        provider.knobs().accessTokenLifetime = Duration.ofSeconds(2);
        Connector connector = claviger.oauthConnector("Down", provider.mcpUrl(), "shared");
        String connection = claviger.connectWithConsent(provider, connector, null);
        provider.knobs().tokenEndpoint503 = true;
        Agent agent = claviger.agent("Waiting");
        claviger.choose(agent, connector, "*");
        Claviger.until(
                "the provider to be missed",
                () -> claviger.credential(agent, connector).status() == 503);

        JsonNode end = awaitEnd("soon", connection, 60);
        assertThat(end.path("fate").asString()).isEqualTo("stops");
        assertThat(end.path("why").asString()).contains("Refreshes fail since", "given up then");
        assertThat(Instant.parse(end.path("when").asString()))
                .isBetween(
                        Instant.now().plus(Duration.ofDays(29)), Instant.now().plus(Duration.ofDays(31)));

        provider.knobs().accessTokenLifetime = Duration.ofHours(1);
        provider.knobs().tokenEndpoint503 = false;
        Claviger.until(
                "a fresh token", () -> claviger.credential(agent, connector).status() == 200);
        Claviger.until(
                "it to renew itself again", () -> !forecast(60).toString().contains("credential-" + connection));
    }

    @Test
    void saysWhatDoesNotWorkAlready() {
        Connector connector = claviger.connector(Map.of(
                "name",
                Claviger.unique("Taken back"),
                "url",
                provider.apiKeyMcpUrl().toString(),
                "authType",
                "api_key_header",
                "headerName",
                "X-Api-Key"));
        String connection = Claviger.attempt(claviger.connect(connector, Map.of("token", provider.apiKey())));
        provider.revokeApiKey(provider.apiKey());
        claviger.health(connection);

        assertThat(awaitEnd("stopped", connection).path("why").asString()).contains("refuses");
    }

    @Test
    void knowsWhetherAClientSecretRenewsItself() {
        provider.knobs().tokenEndpointAuthMethod = "client_secret_basic";
        provider.knobs().clientSecretLifetime = Duration.ofDays(20);
        Connector connector = claviger.oauthConnector("With a secret", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);

        Claviger.until(
                "the client secret",
                () -> forecast(30)
                        .path("soon")
                        .valueStream()
                        .anyMatch(end -> end.path("what")
                                .asString()
                                .contains(provider.issuer().toString())));
        JsonNode end = forecast(30)
                .path("soon")
                .valueStream()
                .filter(line ->
                        line.path("what").asString().contains(provider.issuer().toString()))
                .findFirst()
                .orElseThrow();
        assertThat(end.path("kind").asString()).isEqualTo("client_secret");
        assertThat(end.path("fate").asString()).isEqualTo("changes");
        assertThat(end.toString()).contains(connector.name());
    }

    @Test
    void saysOfAnEnteredClientSecretWhatWhoeverEnteredItSaid() {
        Connector unsaid = entered(Map.of());
        Connector said = entered(Map.of(
                "clientSecretExpiresAt", Instant.now().plus(Duration.ofDays(9)).toString()));

        JsonNode unknown = await("unknown", "entered-" + unsaid.id(), 30);
        assertThat(unknown.path("kind").asString()).isEqualTo("client_secret");
        assertThat(unknown.path("page").asString()).endsWith("/connectors/" + unsaid.id() + "/edit");
        assertThat(await("soon", "entered-" + said.id(), 30).path("fate").asString())
                .isEqualTo("stops");
        assertThat(claviger.signedIn().get("/connectors/" + said.id() + "/edit").body())
                .contains("name=\"clientSecretLastDay\"")
                .contains("value=\"" + LocalDate.ofInstant(Instant.now().plus(Duration.ofDays(9)), ZoneOffset.UTC));
    }

    private Connector entered(Map<String, String> more) {
        Map<String, Object> oauth = new HashMap<>(more);
        oauth.put("clientId", "typed-client");
        oauth.put("clientSecret", "typed-secret");
        oauth.put("issuer", provider.issuer().toString());
        return claviger.connector(Map.of(
                "name",
                Claviger.unique("Entered"),
                "url",
                provider.mcpUrl().toString(),
                "authType",
                "oauth",
                "oauth",
                oauth));
    }

    @Test
    void tellsTheAgeOfTheMasterKeyAndWhereToRotateIt() {
        claviger.connectWithConsent(provider, claviger.oauthConnector("Sealed", provider.mcpUrl(), "shared"), null);

        JsonNode key = forecast(30)
                .path("never")
                .valueStream()
                .filter(line -> line.path("kind").asString().equals("master_key"))
                .findFirst()
                .orElseThrow();
        assertThat(key.path("why").asString()).contains("0 days old, in use since");
        assertThat(key.path("page").asString()).endsWith("/keys");
    }

    private JsonNode awaitEnd(String when, String connection) {
        return awaitEnd(when, connection, 30);
    }

    private JsonNode awaitEnd(String when, String connection, int days) {
        return await(when, "credential-" + connection, days);
    }

    private JsonNode await(String when, String id, int days) {
        Claviger.until(id + " among " + when, () -> findLine(when, id, days));
        return forecast(days)
                .path(when)
                .valueStream()
                .filter(end -> end.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private boolean find(String when, String connection, int days) {
        return findLine(when, "credential-" + connection, days);
    }

    private boolean findLine(String when, String id, int days) {
        return forecast(days)
                .path(when)
                .valueStream()
                .anyMatch(end -> end.path("id").asString().equals(id));
    }

    private JsonNode forecast(int days) {
        return claviger.admin("GET", "/api/v1/forecast?days=" + days, null).ok().json();
    }
}
