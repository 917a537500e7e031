package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.credentials.api.CredentialCommand.ShredSecrets;
import dev.claviger.credentials.api.CredentialEvent.LateTokensSealed;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.demoprovider.DemoProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.gateway.EventGateway;
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

    @Autowired
    private CommandGateway commands;

    @Autowired
    private EventGateway events;

    @Autowired
    private OneTransaction oneTransaction;

    @Autowired
    private Vault vault;

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
    void saysThatTheServerCannotBeAskedAnyMoreWhenTheSecretsWentFirst() {
        provider.knobs().tokensOutliveRevocation = true;
        Connector connector = claviger.oauthConnector("Shredded early", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        disconnect(connector);
        Claviger.until(
                "the probe",
                () -> step(receipt(attempt), "server_refuses").path("nextTry").isString());

        // As FollowRevocation does when it gives up.
        commands.sendAndWait(new ShredSecrets(credential(attempt), "The provider was told and agreed"));

        assertThat(step(receipt(attempt), "server_refuses").path("outcome").asString())
                .isEqualTo("given_up");
        assertThat(step(receipt(attempt), "server_refuses").path("detail").asString())
                .contains("See to it at the provider");
        assertThat(isShredded(attempt)).isTrue();
    }

    @Test
    void saysThatTokensMayLiveOnWhenTheProcessThatRefreshedThemDied() {
        Connector connector = claviger.oauthConnector("Died refreshing", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        lease(attempt, "now() + interval '1 hour'");
        disconnect(connector);

        awaitStep(attempt, "access_token", "done");
        awaitLate(attempt, "waiting");
        assertThat(step(receipt(attempt), "late_refresh_token").path("nextTry").isString())
                .isTrue();
        assertThat(pending(attempt)).isTrue();
        assertThat(isShredded(attempt)).isFalse();

        lease(attempt, "now() - interval '1 second'");

        Claviger.until("the receipt to say it", () -> {
            hurry();
            return late(attempt).equals("given_up");
        });
        hurryUntilStep(attempt, "shredded", "done");
        assertThat(step(receipt(attempt), "late_refresh_token").path("detail").asString())
                .contains("its answer was not seen", "at the provider by hand");
    }

    @Test
    void saysThatNothingCameOfARefreshThatEndedWithoutTokens() {
        Connector connector = claviger.oauthConnector("Refused refreshing", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        lease(attempt, "now() + interval '1 hour'");
        disconnect(connector);
        awaitLate(attempt, "waiting");

        database.sql("update credentials.credential set lease_since = null, lease_until = null where id = ?")
                .param(UUID.fromString(attempt))
                .update();

        Claviger.until("the receipt to say it", () -> {
            hurry();
            return late(attempt).equals("not_supported");
        });
        hurryUntilStep(attempt, "shredded", "done");
    }

    @Test
    void tellsTheProviderOfEveryTokenThatComesTooLate() {
        provider.knobs().revocation503 = true;
        Connector connector = claviger.oauthConnector("Late twice", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        disconnect(connector);
        sealLate(attempt, "one");
        sealLate(attempt, "two");

        provider.knobs().revocation503 = false;

        awaitLateTokensRevoked(attempt);
    }

    @Test
    void tellsTheProviderOfATokenThatComesWhileItHearsOfTheOneBefore() {
        String attempt = disconnectedButNotTold("Late while telling");
        CountDownLatch gate = hearsOf(attempt, "one");

        sealLate(attempt, "two");
        provider.knobs().revocationGate = null;
        gate.countDown();

        awaitLate(attempt, "done");
        awaitLateTokensRevoked(attempt);
    }

    @Test
    void doesNotWaitForWhatWasToldMeanwhile() {
        String attempt = disconnectedButNotTold("Told meanwhile");
        CountDownLatch gate = hearsOf(attempt, "one");

        provider.knobs().revocationGate = null;
        sealLate(attempt, "two");
        awaitLateTokensRevoked(attempt);
        provider.knobs().revocation503 = true;
        gate.countDown();

        Claviger.until(
                "whoever told first to hear of it",
                () -> database.sql("""
                        select count(*) = 0 from app.scheduled_tasks
                         where task_name = 'oauth.revoke-at-provider' and task_instance like ? and picked""")
                        .param("%" + attempt + "%")
                        .query(Boolean.class)
                        .single());
        for (String step : List.of("refresh_token", "access_token", "late_refresh_token", "late_access_token")) {
            assertThat(step(receipt(attempt), step).path("outcome").asString()).isEqualTo("done");
        }
    }

    /** A provider that answers from now on, and is not asked again within the hour. */
    private String disconnectedButNotTold(String name) {
        provider.knobs().revocation503 = true;
        provider.knobs().revocationRetryAfter = 3600;
        Connector connector = claviger.oauthConnector(name, provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        disconnect(connector);
        Claviger.until(
                "the first try",
                () -> step(receipt(attempt), "access_token").path("nextTry").isString());
        provider.knobs().revocation503 = false;
        return attempt;
    }

    /** @return opens when it may answer */
    private CountDownLatch hearsOf(String attempt, String node) {
        CountDownLatch gate = new CountDownLatch(1);
        provider.knobs().revocationGate = gate;
        sealLate(attempt, node);
        Claviger.until("the provider to hear", () -> told().anyMatch((attempt + "-late-refresh-" + node)::equals));
        return gate;
    }

    /** As a refresh leaves it that was answered after the revocation. */
    private void sealLate(String attempt, String node) {
        oneTransaction.run(() -> events.publish(new LateTokensSealed(
                credential(attempt),
                vault.seal(SecretPurpose.ACCESS_TOKEN, Secret.of(attempt + "-late-access-" + node)),
                vault.seal(SecretPurpose.REFRESH_TOKEN, Secret.of(attempt + "-late-refresh-" + node)))));
    }

    private void awaitLateTokensRevoked(String attempt) {
        Claviger.until("the receipt to say it", () -> {
            hurry();
            return late(attempt).equals("done");
        });
        hurryUntilStep(attempt, "shredded", "done");
        assertThat(told())
                .contains(
                        attempt + "-late-access-one",
                        attempt + "-late-access-two",
                        attempt + "-late-refresh-one",
                        attempt + "-late-refresh-two");
    }

    private Stream<String> told() {
        return provider.requests().stream()
                .filter(request -> request.path().equals("/revoke"))
                .map(request -> request.formParameters().get("token"));
    }

    @Test
    void comesBackOnceForAllThatWaitsAndCountsFromNowWhereTheRevocationWasNotNoted() {
        provider.knobs().revocation503 = true;
        provider.knobs().revocationRetryAfter = 3600;
        Connector connector = claviger.oauthConnector("Not noted", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        disconnect(connector);
        Claviger.until(
                "the first try",
                () -> step(receipt(attempt), "access_token").path("nextTry").isString());

        assertThat(step(receipt(attempt), "refresh_token").path("nextTry"))
                .isEqualTo(step(receipt(attempt), "access_token").path("nextTry"));
        assertThat(database.sql("""
                        select count(*) from app.scheduled_tasks
                         where task_name = 'oauth.revoke-at-provider' and task_instance like ? and execution_time > now()""")
                        .param("authorization:" + attempt + " again%")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        // As a revocation stands that was pending when this was not noted yet.
        database.sql("update oauth.authorization set revoked_at = null where authorization_id = ?")
                .param(UUID.fromString(attempt))
                .update();
        runNow("oauth.revoke-at-provider", "authorization:" + attempt);

        Claviger.until(
                "the window to have begun",
                () -> database.sql("select revoked_at is not null from oauth.authorization where authorization_id = ?")
                        .param(UUID.fromString(attempt))
                        .query(Boolean.class)
                        .single());
    }

    /** As a refresh leaves it that is under way. */
    private void lease(String attempt, String until) {
        database.sql("update credentials.credential set lease_owner = 'died', lease_since = now(), lease_until = "
                        + until + " where id = ?")
                .param(UUID.fromString(attempt))
                .update();
    }

    private void awaitLate(String attempt, String outcome) {
        Claviger.until("the receipt to tell of the refresh", () -> late(attempt).equals(outcome));
    }

    /** How the step of the late refresh token stands, empty while there is none. */
    private String late(String attempt) {
        return claviger.admin("GET", "/api/v1/connections/" + attempt + "/receipt", null)
                .json()
                .path("steps")
                .valueStream()
                .filter(step -> step.path("name").asString().equals("late_refresh_token"))
                .map(step -> step.path("outcome").asString())
                .findFirst()
                .orElse("");
    }

    private static CredentialId credential(String attempt) {
        return new CredentialId(UUID.fromString(attempt));
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
