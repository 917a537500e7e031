package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Somebody found a token and asks whose it is. */
@ClavigerTest
class LeakJourneyTest {

    @Autowired
    JdbcClient database;

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;
    private Connector connector;
    private Agent agent;
    private String attempt;

    @BeforeEach
    void connect(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
        connector = claviger.oauthConnector("Leaky", provider.mcpUrl(), "per_agent");
        agent = claviger.agent("Leaker");
        attempt = claviger.connectWithConsent(provider, connector, agent);
        claviger.choose(agent, connector, "*");
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void namesCredentialConnectorAndAgentOfATokenInForce() {
        String header = claviger.authorization(agent, connector);

        JsonNode answer = awaitCredential(header);

        JsonNode credential = answer.path("credentials").path(0);
        assertThat(answer.path("secrets").path(0).path("purpose").asString()).isEqualTo("ACCESS_TOKEN");
        assertThat(credential.path("credentialId").asString()).isEqualTo("credential:" + attempt);
        assertThat(credential.path("connector").asString()).isEqualTo(connector.name());
        assertThat(credential.path("agent").asString()).isEqualTo(agent.name());
        assertThat(credential.path("generation").asLong()).isEqualTo(1);
        assertThat(credential.path("inForce").asBoolean()).isTrue();
    }

    @Test
    void knowsATokenThatWasReplacedAndOneThatWasDestroyed() {
        String first = claviger.authorization(agent, connector);
        database.sql("update credentials.credential set expires_at = now() where id = cast(? as uuid)")
                .param(attempt)
                .update();
        String second = claviger.authorization(agent, connector);
        assertThat(second).isNotEqualTo(first);

        JsonNode replaced = awaitCredential(first);
        assertThat(replaced.path("credentials").path(0).path("generation").asLong())
                .isEqualTo(1);
        assertThat(replaced.path("credentials").path(0).path("inForce").asBoolean())
                .isFalse();
        assertThat(replaced.path("secrets").path(0).path("shreddedAt").asString())
                .isNotEmpty();

        claviger.admin("DELETE", "/api/v1/agents/" + agent.id(), null).ok();
        Claviger.until(
                "the tokens to be destroyed",
                () -> !search(second).path("secrets").path(0).path("shreddedAt").isNull());
        JsonNode destroyed = awaitCredential(second);
        assertThat(destroyed.path("credentials").path(0).path("state").asString())
                .isEqualTo("REVOKED");
        assertThat(destroyed.path("credentials").path(0).path("generation").asLong())
                .isEqualTo(2);
    }

    @Test
    void knowsThatARefreshTokenIsInForceHoweverOftenThatWasTold() {
        provider.knobs().rotateRefreshTokens = false;
        database.sql("update credentials.credential set expires_at = now() where id = cast(? as uuid)")
                .param(attempt)
                .update();
        claviger.authorization(agent, connector);
        String token = provider.secretsHandedOut().stream()
                .filter(secret -> search(secret)
                        .path("secrets")
                        .path(0)
                        .path("purpose")
                        .asString()
                        .equals("REFRESH_TOKEN"))
                .findFirst()
                .orElseThrow();
        tellOfOldRefreshes(awaitCredential(token).path("fingerprint").asString());
        try {
            Claviger.until(
                    "the newest refresh to be told",
                    () -> search(token)
                            .path("history")
                            .path(0)
                            .path("event")
                            .asString()
                            .equals("TokenRefreshed"));
            JsonNode answer = search(token);

            JsonNode credential = answer.path("credentials").path(0);
            assertThat(answer.path("credentials").size()).isEqualTo(1);
            assertThat(credential.path("inForce").asBoolean()).isTrue();
            assertThat(credential.path("generation").asLong()).isEqualTo(2);
            assertThat(answer.path("history").size()).isEqualTo(200);
            assertThat(answer.path("history").path(0).path("sentence").asString())
                    .isNotEqualTo("Planted.");
            assertThat(answer.path("more").asBoolean()).isTrue();
            Browser browser = claviger.signedIn();
            browser.get("/keys/leaked");
            assertThat(browser.post("/keys/leaked", Map.of("secret", token)).body())
                    .contains("It is in force", "The newest 200")
                    .doesNotContain("It is not handed out any more");
        } finally {
            database.sql("delete from app.audit_entry where position < 0").update();
        }
    }

    /** As after many refreshes by a provider that does not rotate. */
    private void tellOfOldRefreshes(String fingerprint) {
        database.sql("""
                        with told as (
                            insert into app.audit_entry (position, event_id, at, event, actor, attempt, sentence, facts)
                            select -n, 'planted-' || n, now() - interval '1 day', 'TokenRefreshed', 'system:test',
                                   cast(:attempt as uuid), 'Planted.', '{"generation": 1}'
                            from generate_series(1, 250) n returning event_id)
                        insert into app.fingerprint_mention select :fingerprint, event_id from told""")
                .param("attempt", attempt)
                .param("fingerprint", fingerprint)
                .update();
    }

    @Test
    void saysThatATokenIsBeingRevoked() {
        String token = claviger.authorization(agent, connector);
        awaitCredential(token);
        provider.knobs().revocation503 = true;

        claviger.admin("DELETE", "/api/v1/agents/" + agent.id(), null).ok();

        Claviger.until(
                "the end of the credential",
                () -> search(token).path("credentials").path(0).path("ending").asBoolean());
        assertThat(search(token).path("credentials").path(0).path("inForce").asBoolean())
                .isFalse();
        Browser browser = claviger.signedIn();
        browser.get("/keys/leaked");
        assertThat(browser.post("/keys/leaked", Map.of("secret", token)).body())
                .contains("It is being revoked", "/connections/" + attempt + "/receipt");
    }

    @Test
    void answersOnThePageAndKeepsNothingOfWhatWasPasted() {
        String token = claviger.authorization(agent, connector).substring("Bearer ".length());
        awaitCredential(token);
        Browser browser = claviger.signedIn();
        browser.get("/keys/leaked");

        assertThat(browser.post("/keys/leaked", Map.of("secret", token)).body())
                .contains("It is ours", connector.name(), agent.name(), "Disconnect", "Access token")
                .doesNotContain(token, "ACCESS_TOKEN");
        assertThat(browser.post("/keys/leaked", Map.of("secret", "nobody's " + token))
                        .body())
                .contains("None of ours")
                .doesNotContain(token);
        assertThat(browser.post("/keys/leaked", Map.of("secret", " ")).body()).contains("Paste the token");
        assertThat(claviger.events("event=FingerprintSearched")).isNotEmpty();
        assertThat(new SeenRows(database).leaks(new Needles(java.util.List.of(token))))
                .isEmpty();
    }

    @Test
    void refusesAnEmptyQuestion() {
        assertThat(claviger.admin("POST", "/api/v1/fingerprints/search", Map.of())
                        .status())
                .isEqualTo(422);
    }

    /** The history follows the events a moment later. */
    private JsonNode awaitCredential(String token) {
        Claviger.until(
                "the history of the token",
                () -> search(token)
                        .path("credentials")
                        .path(0)
                        .path("connector")
                        .isString());
        return search(token);
    }

    private JsonNode search(String token) {
        return claviger.admin("POST", "/api/v1/fingerprints/search", Map.of("secret", token))
                .ok()
                .json();
    }
}
