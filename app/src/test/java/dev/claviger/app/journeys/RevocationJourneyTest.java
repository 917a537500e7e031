package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The end of a credential, step by step, as its receipt tells it. */
@ClavigerTest
@Import(ShiftedClock.class)
class RevocationJourneyTest {

    @Autowired
    private JdbcClient database;

    @Autowired
    private ShiftedClock clock;

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
    }

    @AfterEach
    void end() {
        clock.ahead(Duration.ZERO);
        provider.close();
    }

    @Test
    void tellsEachStepOfAnEndWhereAllIsAsItShouldBe() {
        Connector connector = claviger.oauthConnector("Ended well", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        Browser browser = claviger.signedIn();
        browser.get("/connectors/" + connector.id());
        browser.post("/connectors/" + connector.id() + "/disconnect", Map.of());

        awaitStep(attempt, "shredded", "done");

        JsonNode receipt = receipt(attempt);
        assertThat(step(receipt, "unusable_here").path("outcome").asString()).isEqualTo("done");
        assertThat(step(receipt, "refresh_token").path("outcome").asString()).isEqualTo("done");
        assertThat(step(receipt, "refresh_token").path("detail").asString()).contains("HTTP 200");
        assertThat(step(receipt, "access_token").path("outcome").asString()).isEqualTo("done");
        assertThat(step(receipt, "server_refuses").path("outcome").asString()).isEqualTo("done");
        assertThat(receipt.path("reason").asString()).isEqualTo("Disconnected by hand");
        assertThat(receipt.path("askedBy").asString()).isEqualTo("person:admin");
        assertThat(receipt.path("issuer").asString())
                .isEqualTo(provider.issuer().toString());
        assertThat(receipt.path("fingerprints")).hasSize(2);
        assertThat(browser.get("/connections/" + attempt + "/receipt").body())
                .contains("Refused by the MCP server", "Secrets destroyed", "Disconnected by hand");
        Claviger.until(
                "the trail to prove it",
                () -> claviger.events("attempt=" + attempt).contains("SecretsShredded"));
        assertThat(claviger.events("attempt=" + attempt))
                .containsSubsequence(
                        "TokenRevoked",
                        "RevocationAttempted",
                        "RevocationAttempted",
                        "ProviderRevocationTried",
                        "RevokedProbeRequested",
                        "RevokedProbed",
                        "SecretsShredded");
    }

    @Test
    void asksAgainUntilAProviderThatWasDownHasBeenTold() {
        provider.knobs().revocation503 = true;
        Connector connector = claviger.oauthConnector("Down", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        disconnect(connector);

        awaitStep(attempt, "access_token", "waiting");
        Claviger.until(
                "the first try",
                () -> step(receipt(attempt), "access_token").path("nextTry").isString());

        assertThat(receipt(attempt).path("status").asString()).isEqualTo("pending");
        assertThat(step(receipt(attempt), "refresh_token").path("detail").asString())
                .contains("HTTP 503");
        assertThat(pending(attempt)).isTrue();
        assertThat(claviger.signedIn().get("/connectors/" + connector.id()).body())
                .contains("Disconnects under way");
        assertThat(isShredded(attempt)).isFalse();

        provider.knobs().revocation503 = false;
        runNow("oauth.revoke-at-provider", "authorization:" + attempt);

        awaitStep(attempt, "shredded", "done");
        assertThat(step(receipt(attempt), "refresh_token").path("outcome").asString())
                .isEqualTo("done");
        assertThat(step(receipt(attempt), "refresh_token").path("tries").asInt())
                .isGreaterThan(1);
        assertThat(isShredded(attempt)).isTrue();
    }

    @Test
    void destroysTheSecretsOfAProviderThatStaysDownWhenTheWindowIsOver() {
        provider.knobs().revocation503 = true;
        Connector connector = claviger.oauthConnector("Down for good", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        disconnect(connector);
        Claviger.until(
                "the first try",
                () -> step(receipt(attempt), "access_token").path("nextTry").isString());

        clock.ahead(Duration.ofDays(8));

        hurryUntilStep(attempt, "shredded", "done");
        assertThat(step(receipt(attempt), "refresh_token").path("outcome").asString())
                .isEqualTo("given_up");
        assertThat(step(receipt(attempt), "refresh_token").path("detail").asString())
                .contains("by hand");
        assertThat(isShredded(attempt)).isTrue();
        Claviger.until("the receipt to be complete", () -> {
            hurry();
            return !pending(attempt);
        });
    }

    @Test
    void saysUntilWhenAServerTakesATokenThatItsIssuerRevoked() {
        provider.knobs().tokensOutliveRevocation = true;
        Connector connector = claviger.oauthConnector("Signed tokens", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        disconnect(connector);

        Claviger.until(
                "the probe",
                () -> step(receipt(attempt), "server_refuses").path("nextTry").isString());
        assertThat(step(receipt(attempt), "server_refuses").path("detail").asString())
                .contains("Still accepted until");
        assertThat(isShredded(attempt)).isFalse();

        provider.expireAccessTokens();
        clock.ahead(Duration.ofHours(2));

        hurryUntilStep(attempt, "shredded", "done");
        assertThat(step(receipt(attempt), "server_refuses").path("outcome").asString())
                .isEqualTo("done");
    }

    @Test
    void doesNotTakeAMissingScopeForTheEndOfAToken() {
        provider.knobs().tokensOutliveRevocation = true;
        Connector connector = claviger.oauthConnector("Forbidding", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        provider.knobs().insufficientScope = true;
        disconnect(connector);

        Claviger.until(
                "the probe",
                () -> step(receipt(attempt), "server_refuses").path("nextTry").isString());
        assertThat(step(receipt(attempt), "server_refuses").path("detail").asString())
                .contains("HTTP 403", "a missing scope");
        assertThat(isShredded(attempt)).isFalse();
    }

    @Test
    void tellsOfATokenThatTheProviderDoesNotRevoke() {
        provider.knobs().unsupportedRevocation = "access_token";
        Connector connector = claviger.oauthConnector("Half", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        disconnect(connector);

        awaitStep(attempt, "shredded", "done");

        assertThat(step(receipt(attempt), "refresh_token").path("outcome").asString())
                .isEqualTo("done");
        assertThat(step(receipt(attempt), "access_token").path("outcome").asString())
                .isEqualTo("not_supported");
        assertThat(step(receipt(attempt), "access_token").path("detail").asString())
                .contains("HTTP 400, unsupported_token_type");
    }

    @Test
    void saysThatNobodyCanBeToldOfATypedKey() {
        Connector connector = claviger.connector(Map.of(
                "name", Claviger.unique("Typed"),
                "url", provider.bearerMcpUrl().toString(),
                "authType", "bearer"));
        String attempt = Claviger.attempt(claviger.connect(connector, Map.of("token", provider.bearerToken())));
        disconnect(connector);

        awaitStep(attempt, "shredded", "done");

        assertThat(step(receipt(attempt), "provider").path("outcome").asString())
                .isEqualTo("not_supported");
        assertThat(receipt(attempt).path("status").asString()).isEqualTo("complete");
        assertThat(receipt(attempt).path("fingerprints")).hasSize(1);
    }

    @Test
    void aReplacedConnectionAndThatOfARemovedAgentHaveReceiptsToo() {
        Connector connector = claviger.oauthConnector("Replaced", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Leaving");
        String first = claviger.connectWithConsent(provider, connector, agent);
        String second = claviger.connectWithConsent(provider, connector, agent);

        awaitStep(first, "shredded", "done");
        assertThat(receipt(first).path("reason").asString()).contains("A new connection took its place");
        assertThat(claviger.signedIn().get("/agents/" + agent.id()).body())
                .contains("/connections/" + first + "/receipt")
                .doesNotContain("/connections/" + second + "/receipt");

        claviger.admin("DELETE", "/api/v1/agents/" + agent.id(), null).ok();

        awaitStep(second, "shredded", "done");
        assertThat(receipt(second).path("reason").asString()).contains("was removed");
        assertThat(receipt(second).path("agentName").asString()).isEqualTo(agent.name());
        assertThat(claviger.signedIn().get("/agents/" + agent.id()).body())
                .as("the page of what was the agent")
                .contains("/connections/" + first + "/receipt", "/connections/" + second + "/receipt");
        assertThat(claviger.admin("GET", "/api/v1/agents/" + agent.id() + "/receipts?limit=1", null)
                        .ok()
                        .json()
                        .path("items")
                        .toString())
                .contains(second)
                .doesNotContain(first);
    }

    @Test
    void aLivingConnectionHasNoReceipt() {
        Connector connector = claviger.oauthConnector("Living", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);

        assertThat(claviger.admin("GET", "/api/v1/connections/" + attempt + "/receipt", null)
                        .status())
                .isEqualTo(404);
    }

    private void disconnect(Connector connector) {
        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();
    }

    private JsonNode receipt(String attempt) {
        return claviger.admin("GET", "/api/v1/connections/" + attempt + "/receipt", null)
                .ok()
                .json();
    }

    private boolean pending(String attempt) {
        return claviger.admin("GET", "/api/v1/receipts?limit=1000", null)
                .ok()
                .json()
                .path("items")
                .valueStream()
                .anyMatch(item -> item.path("connectionId").asString().contains(attempt));
    }

    private static JsonNode step(JsonNode receipt, String name) {
        return receipt.path("steps")
                .valueStream()
                .filter(step -> step.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no step " + name + " in " + receipt));
    }

    private void awaitStep(String attempt, String name, String outcome) {
        Claviger.until(
                name + " to be " + outcome,
                () -> claviger.admin("GET", "/api/v1/connections/" + attempt + "/receipt", null)
                                        .status()
                                == 200
                        && step(receipt(attempt), name)
                                .path("outcome")
                                .asString()
                                .equals(outcome));
    }

    /** What is scheduled by a clock that is ahead would be due when the real one has come there. */
    private void hurryUntilStep(String attempt, String name, String outcome) {
        Claviger.until(name + " to be " + outcome, () -> {
            hurry();
            return step(receipt(attempt), name).path("outcome").asString().equals(outcome);
        });
    }

    /** The shifted clock schedules for a day that the scheduler has not reached. */
    private void hurry() {
        database.sql("""
                        update app.scheduled_tasks set execution_time = now()
                         where not picked and execution_time > now()
                           and task_name in ('oauth.revoke-at-provider', 'toolsync.probe-revoked',
                                             'connectors.follow-revocation', 'oauth.retire-unused-client',
                                             'oauth.delete-client')""").update();
    }

    private void runNow(String task, String instance) {
        Claviger.until(
                "the job to be there",
                () -> database.sql("""
                        update app.scheduled_tasks set execution_time = now()
                         where task_name = :task and task_instance like :instance""")
                                .param("task", task)
                                .param("instance", instance + "%")
                                .update()
                        > 0);
    }

    private boolean isShredded(String attempt) {
        return database.sql("""
                        select bool_and(s.wrapped_key is null) from credentials.secret s
                          join credentials.credential c on s.id in (c.access_id, c.refresh_id) where c.id = :id""")
                .param("id", UUID.fromString(attempt))
                .query(Boolean.class)
                .single();
    }
}
