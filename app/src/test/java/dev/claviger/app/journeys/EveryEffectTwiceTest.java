package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.CurrentlyExecuting;
import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Sealer;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.oauth.api.AuthorizationCommand.StartAuthorization;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import dev.claviger.toolsync.api.ToolCalls;
import dev.claviger.toolsync.api.ToolCalls.InputPolicy;
import dev.claviger.toolsync.api.ToolCalls.ToolCall;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Every effect runs twice one day: its process died after the outcome was recorded and before the job was. Here the test
 * is the scheduler, and runs every job of some journeys twice in a row.
 */
@ClavigerTest
class EveryEffectTwiceTest {

    @Autowired
    Scheduler scheduler;

    @Autowired
    List<Effect<?>> effects;

    @Autowired
    EventProcessingConfiguration processing;

    @Autowired
    JdbcClient database;

    @Autowired
    ToolCalls calls;

    @Autowired
    CommandGateway commands;

    @Autowired
    OneTransaction oneTransaction;

    @Autowired
    Sealer vault;

    private final DemoProvider provider = DemoProvider.start();
    private final Set<String> notOurs = new HashSet<>();
    private final Set<String> changedSomething = new TreeSet<>();
    private Claviger claviger;
    private Browser browser;

    @BeforeEach
    void becomeTheScheduler(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
        browser = claviger.signedIn();
        scheduler.pause();
        jobs().forEach(job -> notOurs.add(id(job)));
        Claviger.until("jobs under way to end", () -> jobs().stream().noneMatch(ScheduledExecution::isPicked));
    }

    @AfterEach
    void giveItBack() {
        scheduler.resume();
        provider.close();
    }

    @Test
    void changesNothingTheSecondTime() {
        Connector oauth = claviger.oauthConnector("Twice", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Twice");
        String base = "/agents/" + agent.id() + "/connectors/" + oauth.id();

        provider.knobs().tokenEndpointAuthMethod = "client_secret_basic";
        provider.knobs().clientSecretLifetime = Duration.ofDays(30);

        // Consent is asked for and never comes.
        connect(base + "/connect", "");
        twice("oauth.discover-server", "oauth.obtain-client", "oauth.expire-consent");

        // The process dies while it redeems the code.
        String interrupted = connect(base + "/connect", "");
        twice("oauth.discover-server", "oauth.obtain-client");
        CountDownLatch exchanged = new CountDownLatch(1);
        provider.knobs().tokenEndpointGate = exchanged;
        String location = provider.approve(consentScreen(interrupted));
        var callback = CompletableFuture.runAsync(() -> browser.get(claviger.path(location)));
        Claviger.until("the exchange to begin", () -> provider.count("POST", "/token") == 1);
        twice("oauth.watch-exchange");
        provider.knobs().tokenEndpointGate = null;
        exchanged.countDown();
        callback.join();

        // All goes well, to the end of the token.
        String attempt = connect(base + "/connect", "");
        twice("oauth.discover-server", "oauth.obtain-client");
        browser.get(claviger.path(provider.approve(consentScreen(attempt))));
        twice("oauth.watch-exchange", "toolsync.list-tools", "credentials.refresh-ahead");
        assertThat(claviger.decided(attempt).path("next").asString()).isEqualTo("connected");
        assertThat(claviger.tools(oauth)).hasSize(4);
        assertThat(claviger.events("attempt=" + attempt))
                .containsOnlyOnce("TokenIssued", "TokenRefreshed", "ConnectionEstablished");

        // Its health is checked, and again with other headers; its refresh token dies unused.
        twice("toolsync.check-health");
        claviger.admin(
                        "PUT",
                        "/api/v1/connectors/" + oauth.id(),
                        Map.of(
                                "name", oauth.name(),
                                "url", provider.mcpUrl().toString(),
                                "authType", "oauth",
                                "mode", "per_agent",
                                "oauth", Map.of("refreshTokenIdleDays", 14),
                                "customHeaders", Map.of("X-Team", "blue")))
                .ok();
        twice("connectors.watch-connections", "connectors.spread-idle-limit");

        // The server moves to an issuer that nobody approves, comes back, and takes only pushed requests.
        provider.knobs().issuerPath = "/moved";
        connect(base + "/connect", "");
        twice("oauth.discover-server", "oauth.expire-approval");
        provider.knobs().issuerPath = "";
        provider.knobs().requirePushedRequests = true;
        connect(base + "/connect", "");
        twice("oauth.discover-server", "oauth.obtain-client", "oauth.push-request");
        provider.knobs().requirePushedRequests = false;

        // Somebody else consents than before, as the userinfo endpoint says, and nobody accepts that.
        provider.knobs().challengeScope = "openid";
        provider.knobs().scopesSupported = List.of("openid");
        provider.knobs().userinfo = true;
        provider.knobs().idTokens = false;
        for (String person : List.of("u-1001", "u-1002")) {
            provider.knobs().account = Map.of("sub", person);
            String asked = connect(base + "/connect", "");
            twice("oauth.discover-server", "oauth.obtain-client");
            browser.get(claviger.path(provider.approve(consentScreen(asked))));
            twice("oauth.ask-userinfo");
        }
        twice("connectors.expire-hold");
        provider.knobs().challengeScope = null;
        provider.knobs().scopesSupported = List.of("notes:read", "notes:write", "offline_access");

        browser.get("/agents/" + agent.id());
        browser.post(base + "/disconnect", Map.of());
        twice(
                "oauth.revoke-at-provider",
                "connectors.follow-revocation",
                "toolsync.probe-revoked",
                "connectors.follow-revocation");

        // Our client there: its secret is renewed, and it is deleted when nobody uses it any more.
        provider.knobs().rotateOnRead = true;
        twice("oauth.renew-client-secret", "oauth.expire-consent", "oauth.retire-unused-client", "oauth.delete-client");
        provider.knobs().clientSecretLifetime = null;
        provider.knobs().tokenEndpointAuthMethod = null;

        // A typed key, replaced by another, of an agent that is removed; a tool says whose it is.
        provider.knobs().whoami = true;
        Connector keyed = claviger.connector(Map.of(
                "name", Claviger.unique("Twice keyed"),
                "url", provider.apiKeyMcpUrl().toString(),
                "authType", "api_key_header",
                "headerName", "X-Api-Key",
                "accountTool", "whoami",
                "mode", "per_agent"));
        connect("/agents/" + agent.id() + "/connectors/" + keyed.id() + "/connect", provider.apiKey());
        twice("toolsync.list-tools", "toolsync.ask-account");
        connect("/agents/" + agent.id() + "/connectors/" + keyed.id() + "/connect", provider.anotherApiKey());
        twice("toolsync.try-credential", "toolsync.ask-account");
        provider.knobs().whoami = false;
        claviger.admin("DELETE", "/api/v1/agents/" + agent.id(), null).ok();
        twice("connectors.disconnect-agent", "credentials.shred");

        // A typed client secret that another takes the place of.
        Connector manual = claviger.connector(manual("Twice manual", "one"));
        claviger.admin("PUT", "/api/v1/connectors/" + manual.id(), manual(manual.name(), "another"))
                .ok();
        twice("oauth.shred-client-secret");

        // A token that nobody consents to.
        commands.sendAndWait(new StartAuthorization(
                new AuthorizationId(UUID.randomUUID()),
                provider.mcpUrl().toString(),
                asTheClientItself(),
                "nobody",
                "/",
                null,
                null));
        twice("oauth.discover-server", "oauth.obtain-client", "oauth.request-token", "credentials.refresh-ahead");

        // The process dies while it calls a tool.
        Connector open = claviger.connector(Map.of(
                "name", Claviger.unique("Twice open"),
                "url", provider.openMcpUrl().toString(),
                "authType", "none"));
        twice("toolsync.list-tools");
        claviger.awaitTools(open, 4);
        CountDownLatch called = new CountDownLatch(1);
        provider.knobs().mcpGate = called;
        var call = CompletableFuture.runAsync(() -> calls.call(new ToolCall(
                new ToolCatalogId(UUID.fromString(open.id())),
                UUID.randomUUID(),
                "list_notebooks",
                JsonNodeFactory.instance.objectNode(),
                provider.openMcpUrl().toString(),
                Map.of(),
                null,
                InputPolicy.ASK_THE_PERSON,
                Map.of())));
        Claviger.until(
                "the call to begin",
                () -> jobs().stream().anyMatch(job -> id(job).startsWith("toolsync.watch-tool-call/")));
        twice("toolsync.watch-tool-call");
        provider.knobs().mcpGate = null;
        called.countDown();
        call.join();
        // The end that the watch recorded stays, although the process came back with a result.
        assertThat(claviger.events("connector=" + open.id())).containsOnlyOnce("ToolCallFinished");
        assertThat(claviger.audit("connector=" + open.id()).toString()).contains("CLV-211");

        // Our own keys.
        claviger.admin("POST", "/api/v1/signing-keys/rotate", null).ok();
        twice("oauth.rotate-signing-key", "oauth.retire-signing-key");
        claviger.admin("POST", "/api/v1/keys/rotations", Map.of("dryRun", true)).ok();
        twice("credentials.rewrap-data-keys");

        assertThat(changedSomething)
                .as(
                        "an effect that is missing here is new, or only ran where it had nothing to do: lead a journey past it")
                .containsAll(effects.stream().map(Effect::getName).toList());
    }

    private OAuthSettings asTheClientItself() {
        DemoProvider.RegisteredClient client = provider.registerClient(URI.create("http://localhost/callback"));
        SecretRef secret = oneTransaction.run(
                () -> vault.seal(SecretPurpose.CLIENT_SECRET, Secret.of(String.valueOf(client.clientSecret()))));
        return new OAuthSettings(
                null,
                null,
                client.clientId(),
                secret,
                null,
                provider.issuer().toString(),
                Grant.CLIENT_CREDENTIALS,
                null,
                null,
                ResourceChoice.AS_PUBLISHED,
                null,
                null);
    }

    private Map<String, Object> manual(String name, String clientSecret) {
        return Map.of(
                "name",
                name,
                "url",
                provider.mcpUrl().toString(),
                "authType",
                "oauth",
                "oauth",
                Map.of("clientId", "by-hand", "clientSecret", clientSecret));
    }

    /** The page, not the API: it answers at once and does not wait for the job. */
    private String connect(String path, String token) {
        String attempt = UUID.randomUUID().toString();
        browser.get("/account");
        assertThat(browser.post(path, Map.of("attempt", attempt, "token", token))
                        .statusCode())
                .isEqualTo(303);
        return attempt;
    }

    private URI consentScreen(String attempt) {
        return Pages.linkTo(
                browser.get("/oauth/authorizations/" + attempt + "/consent").body(),
                provider.issuer().toString());
    }

    /** Runs the one job of each of these effects twice, due or not, and whatever follows in between. */
    private void twice(String... names) {
        for (String name : names) {
            untilQuiet();
            List<ScheduledExecution<Object>> waiting = jobs().stream()
                    .filter(job -> job.getTaskInstance().getTaskName().equals(name))
                    .filter(job -> !notOurs.contains(id(job)))
                    .toList();
            assertThat(waiting).as("jobs of %s", name).isNotEmpty();
            waiting.forEach(this::twice);
        }
    }

    private void twice(ScheduledExecution<Object> job) {
        String before = everything();
        perform(job);
        untilQuiet();
        String once = everything();

        perform(job);
        untilQuiet();

        assertThat(everything()).as(id(job)).isEqualTo(once);
        if (!before.equals(once)) {
            changedSomething.add(job.getTaskInstance().getTaskName());
        }
        scheduler.cancel(job.getTaskInstance());
        notOurs.add(id(job));
    }

    @SuppressWarnings("unchecked")
    private void perform(ScheduledExecution<Object> job) {
        Map<String, Effect<?>> byName =
                effects.stream().collect(Collectors.toMap(Effect::getName, Function.identity()));
        TaskInstance<Object> instance = new TaskInstance<>(
                job.getTaskInstance().getTaskName(), job.getTaskInstance().getId(), job.getData());
        Execution execution = new Execution(Instant.now(), instance);
        ((Effect<Object>) byName.get(instance.getTaskName()))
                .executeOnce(instance, new ExecutionContext(null, execution, scheduler, (CurrentlyExecuting) null));
    }

    /** What is known of every aggregate and every secret. */
    private String everything() {
        return database.sql("""
                        select (select count(*) from app.domain_event) || ' events, '
                            || (select count(*) from credentials.secret) || ' secrets, '
                            || (select count(*) from credentials.secret where shredded_at is null) || ' unshredded, '
                            || (select count(*) from oauth.client_registration) || ' clients, '
                            || (select count(*) from oauth.signing_key) || ' keys, '
                            || (select count(*) from connectors.connection where state = 'LIVE') || ' live connections, '
                            || (select count(*) from app.saga_entry) || ' sagas, '
                            || (select count(*) from app.scheduled_tasks) || ' jobs, '
                            || (select count(*) from app.given_up_job) || ' given up'
                        """).query(String.class).single();
    }

    private static String id(ScheduledExecution<Object> job) {
        return job.getTaskInstance().getTaskName() + "/" + job.getTaskInstance().getId();
    }

    private List<ScheduledExecution<Object>> jobs() {
        Set<String> names = effects.stream().map(Effect::getName).collect(Collectors.toSet());
        return scheduler.getScheduledExecutions().stream()
                .filter(job -> names.contains(job.getTaskInstance().getTaskName()))
                .toList();
    }

    /** Until sagas and views have seen every event, and what they did about it has caused no more. */
    private void untilQuiet() {
        Claviger.until("sagas and views to follow", () -> {
            long head = head();
            return processing.eventProcessors().values().stream()
                            .filter(StreamingEventProcessor.class::isInstance)
                            .map(StreamingEventProcessor.class::cast)
                            .allMatch(processor -> hasSeen(processor, head))
                    && head == head();
        });
    }

    private static boolean hasSeen(StreamingEventProcessor processor, long head) {
        var segments = processor.processingStatus().values();
        return !segments.isEmpty()
                && segments.stream()
                        .allMatch(segment -> segment.getCurrentPosition().orElse(-1) >= head);
    }

    private long head() {
        return database.sql("select coalesce(max(global_index), 0) from app.domain_event")
                .query(Long.class)
                .single();
    }
}
