package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.ClavigerApplication;
import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.JsonNode;

/**
 * After journeys with every kind of secret and failure, no secret is anywhere but in the vault: not in any version of any
 * row, not in the log, not in an answer, except where it is handed to the one it is for. Every secret carries a mark, or
 * is known; {@link #findsWhatIsPlanted} proves that the search would find it.
 */
@SpringBootTest(
        classes = {ClavigerApplication.class, SeenAnswers.class},
        webEnvironment = SpringBootTest.WebEnvironment.DEFINED_PORT)
@ContextConfiguration(initializers = {ClavigerTest.Surroundings.class, SeenLogs.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsStayInVaultTest {

    /** In everything that the demo provider hands out. */
    private static final String PROVIDERS_MARK = "dEmOsEcReT";

    /** In every secret that a person or a program types, right or wrong. */
    private static final String TYPED_MARK = "tYpEdSeCrEt";

    private static final Logger log = LoggerFactory.getLogger(SecretsStayInVaultTest.class);
    private static final Pattern LINK = Pattern.compile("(?:href|src|hx-get|sse-connect)=\"(/[^\"]*)\"");

    /** Answers that hand a credential to its agent. */
    private static final Pattern FOR_AGENTS =
            Pattern.compile("POST /api/v1/agent/connectors/\\w+/credential|GET /api/v1/agent/mcp.json");

    @Autowired
    JdbcClient database;

    @Autowired
    SeenAnswers seen;

    private final DemoProvider provider = DemoProvider.start();

    /** Made by Claviger and shown once. */
    private final Set<String> shownOnce = new LinkedHashSet<>();

    /** Drawn by Claviger for one consent: states and code verifiers. */
    private final Set<String> drawn = new LinkedHashSet<>();

    private String base = "";
    private SeenRows rows;
    private Claviger claviger;
    private Browser browser;
    private int typed;

    @BeforeAll
    void goEverywhere(@Value("${claviger.public-url}") String publicUrl) {
        base = publicUrl;
        rows = new SeenRows(database);
        rows.beginJournal();
        claviger = new Claviger(base);
        new Browser(base).signIn(ClavigerTest.ADMIN_USERNAME, typedSecret());
        browser = claviger.signedIn();
        people();
        sharedOAuth();
        perAgentOAuth();
        consentsThatFail();
        refreshesThatFail();
        withoutAPerson();
        typedTokens();
        nonsense();
        provider.requests()
                .forEach(request ->
                        drawn.add(request.formParameters().getOrDefault("code_verifier", "none-in-this-request")));
        provider.requests()
                .forEach(request -> drawn.add(request.queryParameters().getOrDefault("state", "none-in-this-request")));
        settle();
        lookAtEverything();
    }

    @AfterAll
    void end() {
        SeenLogs.stopListening();
        provider.close();
    }

    @Test
    void noRowEverHeldASecret() {
        assertThat(rows.leaks(new Needles(everySecret()))).isEmpty();
        assertThat(rows.versions())
                .as("there was something to look at")
                .containsKeys(
                        "app.domain_event",
                        "app.scheduled_tasks",
                        "app.saga_entry",
                        "app.spring_session_attributes",
                        "app.audit_entry",
                        "oauth.authorization",
                        "credentials.secret",
                        "credentials.credential_use",
                        "credentials.exchange",
                        "connectors.connection",
                        "toolsync.catalog");
        assertThat(database.sql("select distinct payload_type from app.domain_event")
                        .query(String.class)
                        .list())
                .contains(
                        "credentials.TokenRefreshed",
                        "credentials.RefreshRejected",
                        "credentials.RefreshFailed",
                        "credentials.SecretsShredded",
                        "oauth.ClientRegistered",
                        "oauth.AuthorizationFailed",
                        "oauth.ProviderRevocationTried",
                        "toolsync.SyncFailed",
                        "connectors.ConnectionFailed");
    }

    @Test
    void noSecretWasLogged() {
        Needles needles = new Needles(everySecret());
        assertThat(SeenLogs.lines().stream().flatMap(line -> needles.in(line).stream()))
                .isEmpty();
        assertThat(SeenLogs.lines()).hasSizeGreaterThan(20);
    }

    @Test
    void noAnswerShowedASecretButToItsAgent() {
        Needles marks = new Needles(List.of(
                PROVIDERS_MARK,
                TYPED_MARK,
                ClavigerTest.ADMIN_PASSWORD,
                ClavigerTest.ADMIN_TOKEN,
                ClavigerTest.MASTER_KEY));
        List<String> leaks = new ArrayList<>();
        Set<String> handedOutBy = new TreeSet<>();
        for (SeenAnswers.Answer answer : seen.answers()) {
            marks.in(answer.text()).ifPresent(found -> {
                if (FOR_AGENTS.matcher(answer.request()).matches()) {
                    handedOutBy.add(answer.request());
                } else {
                    leaks.add(answer.request() + ": " + found);
                }
            });
        }
        assertThat(leaks).isEmpty();
        assertThat(handedOutBy).as("the search sees what agents get").hasSizeGreaterThan(2);
        assertThat(seen.answers()).hasSizeGreaterThan(150);
    }

    @Test
    void whatIsShownOnceIsInOneAnswer() {
        assertThat(shownOnce)
                .hasSizeGreaterThan(4)
                .allSatisfy(secret -> assertThat(seen.answers().stream()
                                .filter(answer -> answer.text().contains(secret)))
                        .hasSize(1));
    }

    @Test
    void noAnswerShowedACodeVerifier() {
        Needles verifiers = new Needles(provider.requests().stream()
                .map(request -> request.formParameters().get("code_verifier"))
                .filter(verifier -> verifier != null)
                .toList());
        assertThat(seen.answers().stream().flatMap(answer -> verifiers.in(answer.text()).stream()))
                .isEmpty();
    }

    /** The search finds what is there, wherever it is and however it is written. */
    @Test
    void findsWhatIsPlanted() {
        String planted = "pLaNtEd" + UUID.randomUUID().toString().replace("-", "");
        database.sql("insert into app.given_up_job (effect, instance, attempts, cause) values ('a', 'b', 1, ?)")
                .param("Token " + planted + " refused")
                .update();
        database.sql("insert into app.token_entry (processor_name, segment, token) values ('planted', 0,"
                        + " convert_to(?, 'UTF8'))")
                .param("é" + planted)
                .update();
        // In base64, in a row that is gone before anybody looks.
        database.sql("insert into app.snapshot_event (aggregate_identifier, sequence_number, event_identifier, payload,"
                        + " payload_type, time_stamp) values ('planted', 0, 'planted',"
                        + " jsonb_build_object('a', encode(convert_to(?, 'UTF8'), 'base64')), 'planted', 'now')")
                .param("client:" + planted)
                .update();
        database.sql("delete from app.snapshot_event where aggregate_identifier = 'planted'")
                .update();
        log.trace("Sent {}", planted);
        log.warn("It failed", new IllegalStateException(new IllegalArgumentException("with " + planted)));
        try (MDC.MDCCloseable source = MDC.putCloseable("source", planted)) {
            log.info("Somebody called");
        }
        browser.get("/connectors?q=" + planted);
        Needles needles = new Needles(List.of(planted));

        assertThat(rows.leaks(needles))
                .anyMatch(leak -> leak.startsWith("app.given_up_job.cause"))
                .anyMatch(leak -> leak.startsWith("app.token_entry.token"))
                .anyMatch(leak -> leak.startsWith("app.seen_row.content") && leak.contains("payload"))
                .hasSize(5);
        assertThat(SeenLogs.lines().stream()
                        .filter(line -> line.contains(SecretsStayInVaultTest.class.getName()))
                        .filter(line -> needles.in(line).isPresent()))
                .hasSize(3);
        assertThat(seen.answers().stream()
                        .filter(answer -> needles.in(answer.text()).isPresent()))
                .isNotEmpty();
    }

    // The journeys

    private void people() {
        browser.get("/users");
        browser.post("/users", Map.of("name", "typed", "role", "AUDITOR", "password", typedSecret()));
        String page = browser.post("/users", Map.of("name", "generated", "role", "AUDITOR"))
                .body();
        Matcher shown = Pattern.compile("<code id=\"password\">([^<]+)</code>").matcher(page);
        assertThat(shown.find()).as(page).isTrue();
        shownOnce.add(shown.group(1));
        claviger.admin("POST", "/api/v1/users", Map.of("name", "by.api", "role", "ADMIN", "password", typedSecret()))
                .ok();
        shownOnce.add(text(
                claviger.admin("POST", "/api/v1/users/by.api/password", null).ok(), "password"));
        browser.get("/account");
        browser.post(
                "/account/password",
                Map.of("current", typedSecret(), "password", typedSecret(), "repeated", typedSecret()));
        Reply token = claviger.admin("POST", "/api/v1/tokens", Map.of("name", "script", "scope", "READ"))
                .ok();
        shownOnce.add(text(token, "token"));
        claviger.admin("DELETE", "/api/v1/tokens/" + text(token, "id"), null).ok();
    }

    private void sharedOAuth() {
        provider.knobs().tokenEndpointAuthMethod = "client_secret_basic";
        Connector connector = claviger.oauthConnector("Shared", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        Agent agent = agent("Shared");
        claviger.choose(agent, connector, "*");
        handOut(agent, connector);
        expire();
        handOut(agent, connector);
        // In the browser, whose session is in the database.
        String attempt = UUID.randomUUID().toString();
        browser.get("/connectors/" + connector.id());
        browser.post("/connectors/" + connector.id() + "/connect", Map.of("attempt", attempt));
        browser.get(claviger.path(provider.approve(consentScreen(attempt))));
        claviger.decided(attempt);
        handOut(agent, connector);
        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();
        claviger.credential(agent, connector);
    }

    private void perAgentOAuth() {
        provider.knobs().tokenEndpointAuthMethod = "client_secret_post";
        DemoProvider.RegisteredClient client = provider.registerClient(URI.create(base + "/oauth/callback"));
        Map<String, Object> settings = Map.of(
                "name", "Per agent",
                "url", provider.mcpUrl().toString(),
                "authType", "oauth",
                "mode", "per_agent",
                "oauth",
                        Map.of(
                                "clientId",
                                client.clientId(),
                                "clientSecret",
                                String.valueOf(client.clientSecret()),
                                "issuer",
                                provider.issuer().toString()));
        Connector connector = claviger.connector(settings);
        Agent agent = agent("Own consent");
        claviger.connect(connector, agent);
        Map<String, Object> wrong = new HashMap<>(settings);
        wrong.put("oauth", Map.of("clientId", client.clientId(), "clientSecret", typedSecret()));
        claviger.admin("PUT", "/api/v1/connectors/" + connector.id() + "?drop=true", wrong)
                .ok();
        provider.knobs().tokenEndpointAuthMethod = null;
    }

    private void consentsThatFail() {
        Connector connector = claviger.oauthConnector("Failing", provider.mcpUrl(), "shared");
        claviger.callback(provider.deny(Claviger.authorizationUrl(claviger.connect(connector))));
        provider.knobs().wrongIss = true;
        claviger.callback(provider.approve(Claviger.authorizationUrl(claviger.connect(connector))));
        provider.knobs().wrongIss = false;
        provider.knobs().echoRequests = true;
        provider.knobs().tokenEndpointHtml = true;
        claviger.callback(provider.approve(Claviger.authorizationUrl(claviger.connect(connector))));
        provider.knobs().tokenEndpointHtml = false;
        // Every client is unknown, and the error repeats what was sent: code, verifier, client secret.
        JsonNode asked = claviger.connect(connector);
        String location = provider.approve(Claviger.authorizationUrl(asked));
        provider.forgetClients();
        claviger.callback(location);
        assertThat(claviger.decided(Claviger.attempt(asked))
                        .path("failure")
                        .path("code")
                        .asString())
                .isEqualTo("CLV-403");
        // Once more, and by nobody.
        claviger.callback(location);
        claviger.call(null, "GET", claviger.path(location), null);
        provider.knobs().echoRequests = false;
    }

    private void refreshesThatFail() {
        for (String how : List.of("none", "client_secret_basic", "client_secret_post")) {
            DemoProvider other = DemoProvider.start();
            other.knobs().tokenEndpointAuthMethod = how;
            other.knobs().echoRequests = true;
            Connector connector = claviger.oauthConnector("Refused by " + how, other.mcpUrl(), "shared");
            claviger.connectWithConsent(other, connector, null);
            Agent agent = agent("Refused");
            claviger.choose(agent, connector, "*");
            handOut(agent, connector);
            other.knobs().tokenEndpointHtml = true;
            expire();
            claviger.credential(agent, connector);
            other.knobs().tokenEndpointHtml = false;
            other.knobs().refreshInvalidGrant = true;
            database.sql("update credentials.credential set cooldown_until = null, lease_until = null")
                    .update();
            claviger.credential(agent, connector);
            claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/sync", null);
            assertThat(other.secretsHandedOut()).allMatch(secret -> secret.contains(PROVIDERS_MARK));
            other.close();
        }
        // The MCP server takes the token for dead and repeats it.
        DemoProvider forgetful = DemoProvider.start();
        forgetful.knobs().echoRequests = true;
        Connector connector = claviger.oauthConnector("Forgetful", forgetful.mcpUrl(), "shared");
        claviger.connectWithConsent(forgetful, connector, null);
        callToolsThatRepeatWhatTheySee(connector);
        forgetful.expireAccessTokens();
        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/sync", null);
        forgetful.knobs().deadTokenOver200 = true;
        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/sync", null);
        forgetful.close();
        // Nobody is there to be told of the revocation.
        claviger.admin("DELETE", "/api/v1/connectors/" + connector.id(), null).ok();
    }

    /** The results go to a program and to a page, with stars in place of the token. */
    private void callToolsThatRepeatWhatTheySee(Connector connector) {
        String tool = "/connectors/" + connector.id() + "/tools/list_notebooks";
        Claviger.Reply called =
                claviger.admin("POST", "/api/v1" + tool + "/call", Map.of()).ok();
        assertThat(called.json().path("state").asString()).isEqualTo("completed");
        assertThat(called.body()).contains("You sent ***");
        browser.get(tool);
        assertThat(browser.post(tool, Map.of("callId", UUID.randomUUID().toString(), "by", "fields"))
                        .body())
                .contains("You sent ***");
    }

    /** Subject tokens and assertions bear the mark of the provider. */
    private void withoutAPerson() {
        DemoProvider other = DemoProvider.start();
        other.knobs().rotateSubjectTokens = true;
        other.knobs().echoRequests = true;
        DemoProvider.RegisteredClient client = other.registerClient(URI.create(base + "/oauth/callback"));
        Map<String, Object> oauth = new HashMap<>(
                Map.of("clientId", client.clientId(), "clientSecret", String.valueOf(client.clientSecret())));
        oauth.put("issuer", other.issuer().toString());
        oauth.put("grant", "client_credentials");
        Map<String, Object> settings = new HashMap<>(
                Map.of("name", "As itself", "url", other.mcpUrl().toString(), "authType", "oauth", "oauth", oauth));
        claviger.connect(claviger.connector(settings));
        oauth.put("grant", "enterprise_managed");
        oauth.put(
                "identityProvider",
                Map.of(
                        "issuer",
                        other.identityProvider().toString(),
                        "tokenEndpoint",
                        other.identityProviderTokenEndpoint().toString(),
                        "clientId",
                        other.identityClient().clientId(),
                        "clientSecret",
                        String.valueOf(other.identityClient().clientSecret()),
                        "subjectToken",
                        other.identityRefreshToken(),
                        "subjectTokenType",
                        "urn:ietf:params:oauth:token-type:refresh_token"));
        settings.put("name", "Enterprise");
        Connector connector = claviger.connector(settings);
        claviger.connect(connector);
        Agent agent = agent("Vouched for");
        claviger.choose(agent, connector, "*");
        handOut(agent, connector);
        expire();
        handOut(agent, connector);
        assertThat(other.secretsHandedOut())
                .allMatch(secret -> secret.contains(PROVIDERS_MARK))
                .filteredOn(secret -> secret.startsWith("jag_"))
                .hasSizeGreaterThan(1);
        // Refused, with all that was sent repeated: by the authorization server, then by the identity provider.
        other.knobs().refuseAssertions = true;
        claviger.connect(connector);
        other.knobs().refuseGrants = true;
        claviger.connect(connector);
        other.expireSignIns();
        assertThat(claviger.connect(connector).path("failure").path("code").asString())
                .isEqualTo("CLV-136");
        expire();
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(409);
        claviger.admin("DELETE", "/api/v1/connectors/" + connector.id(), null).ok();
        other.close();
    }

    private void typedTokens() {
        Map<String, Object> bearer = Map.of(
                "name",
                "Bearer",
                "url",
                provider.bearerMcpUrl().toString(),
                "authType",
                "bearer",
                "token",
                provider.bearerToken());
        Connector shared = claviger.connector(bearer);
        Claviger.until("bearer", () -> claviger.tools(shared).size() == 4);
        Agent agent = agent("Static");
        claviger.choose(agent, shared, "*");
        handOut(agent, shared);
        assertThat(claviger.connect(shared, Map.of("token", typedSecret()))
                        .path("failure")
                        .path("code")
                        .asString())
                .isEqualTo("CLV-202");
        claviger.admin(
                "POST",
                "/api/v1/connectors/" + shared.id() + "/connect",
                Map.of("token", "Bearer " + typedSecret() + "\u0007"));
        Connector keyed = claviger.connector(Map.of(
                "name",
                "Keyed",
                "url",
                provider.apiKeyMcpUrl().toString(),
                "authType",
                "api_key_header",
                "headerName",
                "X-Api-Key",
                "mode",
                "per_agent"));
        claviger.connect(keyed, Map.of("agentId", agent.id(), "token", provider.apiKey()));
        claviger.connect(keyed, Map.of("agentId", agent.id(), "token", provider.apiKey()));
        claviger.connect(keyed, Map.of("agentId", agent.id(), "token", typedSecret()));
        claviger.choose(agent, keyed, "*");
        handOut(agent, keyed);
        String page = "/agents/" + agent.id();
        browser.get(page);
        browser.post(
                page + "/connectors/" + keyed.id() + "/connect",
                Map.of("attempt", UUID.randomUUID().toString(), "token", typedSecret() + "\u0001"));
        browser.get(page);
        claviger.admin("DELETE", "/api/v1/agents/" + agent.id(), null).ok();
        claviger.admin("DELETE", "/api/v1/connectors/" + shared.id(), null).ok();
    }

    /** Requests that are wrong in ways in which frameworks like to repeat what they were sent. */
    private void nonsense() {
        for (Object token : List.of(Map.of("a", typedSecret()), List.of(typedSecret()), typedSecret() + "\n\u0000é")) {
            claviger.admin(
                    "POST",
                    "/api/v1/connectors",
                    Map.of("name", "x", "url", "nonsense", "authType", "bearer", "token", token));
            claviger.admin("POST", "/api/v1/connectors", Map.of("name", "x", "oauth", Map.of("clientSecret", token)));
            claviger.admin("POST", "/api/v1/connectors", Map.of("name", "x", "oauth", token));
        }
        claviger.admin("POST", "/api/v1/connectors", typedSecret());
        claviger.admin("POST", "/api/v1/users", Map.of("name", "", "role", "NOBODY", "password", typedSecret()));
        claviger.call(typedSecret(), "GET", "/api/v1/connectors", null);
        claviger.call(typedSecret(), "GET", "/api/v1/agent/me", null);
        claviger.callback("/oauth/callback?code=" + typedSecret() + "&state=" + typedSecret());
        claviger.call(null, "GET", "/oauth/callback?code=" + typedSecret() + "&state=" + typedSecret(), null);
        browser.get("/oauth/callback?code=" + typedSecret() + "&error_description=" + typedSecret());
        browser.get("/connectors/new");
        Map<String, String> form = Map.of(
                "name",
                "",
                "url",
                "nonsense",
                "authType",
                "api_key_header",
                "mode",
                "shared",
                "headerName",
                "X Y",
                "token",
                typedSecret(),
                "clientSecret",
                typedSecret() + "\u0002");
        Map<String, String> wrongIds = new HashMap<>(form);
        wrongIds.putAll(Map.of("connector", "nonsense", "attempt", "nonsense"));
        browser.post("/connectors", wrongIds);
        browser.get("/connectors/new");
        Map<String, String> wrongFields = new HashMap<>(form);
        wrongFields.putAll(Map.of(
                "connector",
                UUID.randomUUID().toString(),
                "attempt",
                UUID.randomUUID().toString()));
        assertThat(browser.post("/connectors", wrongFields).body()).contains("aria-invalid");
        wrongFields.put("token", typedSecret().repeat(800));
        browser.post("/connectors", wrongFields);
    }

    private void settle() {
        Claviger.until(
                "jobs to be done",
                () -> database.sql(
                                        "select count(*) from app.scheduled_tasks where execution_time < now() + interval '1 second'")
                                .query(Long.class)
                                .single()
                        == 0);
    }

    /** Every page that can be reached by links, and everything that programs can read. */
    private void lookAtEverything() {
        Set<String> known =
                new LinkedHashSet<>(List.of("/", "/jobs", "/audit", "/users", "/tokens", "/account", "/help"));
        List<String> toVisit = new ArrayList<>(known);
        for (int i = 0; i < toVisit.size() && i < 400; i++) {
            Matcher link = LINK.matcher(browser.get(toVisit.get(i)).body());
            while (link.find()) {
                String path = link.group(1)
                        .replace("&amp;", "&")
                        .replace("&#x3D;", "=")
                        .replaceAll("#.*", "");
                if (!path.matches("/(webjars|logout).*|.*\\.(css|js|svg)") && known.add(path)) {
                    toVisit.add(path);
                }
            }
        }
        for (String path : List.of("/connectors", "/agents", "/tokens", "/users", "/audit?limit=1000")) {
            JsonNode items =
                    claviger.admin("GET", "/api/v1" + path, null).ok().json().path("items");
            if (path.matches("/(connectors|agents)")) {
                items.forEach(item -> claviger.admin(
                        "GET",
                        "/api/v1" + path + "/" + Claviger.uuid(item.path("id").asString()),
                        null));
            }
        }
        browser.get("/v3/api-docs");
        browser.get("/actuator/prometheus");
        browser.get("/actuator/health");
    }

    // Small things

    private Set<String> everySecret() {
        Set<String> secrets = new LinkedHashSet<>(List.of(
                PROVIDERS_MARK,
                TYPED_MARK,
                ClavigerTest.ADMIN_PASSWORD,
                ClavigerTest.ADMIN_TOKEN,
                ClavigerTest.MASTER_KEY));
        secrets.addAll(shownOnce);
        secrets.addAll(drawn);
        secrets.remove("none-in-this-request");
        return secrets;
    }

    private String typedSecret() {
        return TYPED_MARK + typed++;
    }

    private Agent agent(String name) {
        Agent agent = claviger.agent(name);
        shownOnce.add(agent.key());
        return agent;
    }

    private void handOut(Agent agent, Connector connector) {
        Claviger.until(
                "the hand-out", () -> claviger.credential(agent, connector).status() == 200);
        claviger.call(agent.key(), "GET", "/api/v1/agent/mcp.json", null).ok();
    }

    private void expire() {
        provider.expireAccessTokens();
        database.sql("update credentials.credential set expires_at = now() - interval '1 second'")
                .update();
    }

    private URI consentScreen(String attempt) {
        String page = "/oauth/authorizations/" + attempt + "/consent";
        Claviger.until("the consent page", () -> browser.get(page).statusCode() == 200);
        return Pages.linkTo(browser.get(page).body(), provider.issuer().toString());
    }

    private static String text(Reply reply, String field) {
        return reply.json().path(field).asString();
    }
}
