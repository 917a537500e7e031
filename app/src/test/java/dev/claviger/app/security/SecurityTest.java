package dev.claviger.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.security.UserEvent.Role;
import dev.claviger.connectors.api.AgentCommand.CreateAgent;
import dev.claviger.connectors.api.AgentCommand.IssueAgentKey;
import dev.claviger.connectors.api.AgentId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who may do what, asked over HTTP. */
@ClavigerTest
class SecurityTest {

    private static final String COOKIE = "claviger_session";
    private static final String PASSWORD = "a password for tests";

    @Value("${claviger.public-url}")
    private String base;

    @Autowired
    private People people;

    @Autowired
    private ApiTokens tokens;

    @Autowired
    private SignInThrottle throttle;

    @Autowired
    private CommandGateway commands;

    @Autowired
    private JdbcClient jdbc;

    private Browser browser;

    @BeforeEach
    void begin() {
        browser = new Browser(base);
        // Tests sign in from one address, sometimes wrongly on purpose.
        throttle.succeeded(ClavigerTest.ADMIN_USERNAME, "127.0.0.1");
        throttle.succeeded(ClavigerTest.ADMIN_USERNAME, "0:0:0:0:0:0:0:1");
    }

    @Test
    void sendsStrangersToTheSignInPage() {
        for (String path : new String[] {"/", "/connectors", "/audit", "/users", "/actuator/prometheus"}) {
            HttpResponse<String> answer = browser.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(302);
            assertThat(answer.headers().firstValue("Location")).as(path).hasValue("/login");
        }
        assertThat(browser.get("/login").statusCode()).isEqualTo(200);
        assertThat(browser.get("/app.css").statusCode()).isEqualTo(200);
        assertThat(browser.get("/actuator/health").statusCode()).isEqualTo(200);
        assertThat(browser.get("/actuator/health").body()).doesNotContain("components");
    }

    @Test
    void linksOnlyToStaticFilesThatExist() {
        Matcher links = Pattern.compile("(?:src|href)=\"(/[^\"]+\\.(?:css|js|svg))\"")
                .matcher(browser.get("/login").body());
        int found = 0;
        while (links.find()) {
            assertThat(browser.get(links.group(1)).statusCode())
                    .as(links.group(1))
                    .isEqualTo(200);
            found++;
        }
        assertThat(found).isGreaterThanOrEqualTo(5);
    }

    @Test
    void changesTheSessionIdAtSignInAndEndsItAtSignOut() {
        browser.get("/login");
        String before = browser.cookie(COOKIE);
        assertThat(before).isNotEmpty();

        browser.post(
                "/login", Map.of("username", ClavigerTest.ADMIN_USERNAME, "password", ClavigerTest.ADMIN_PASSWORD));
        String after = browser.cookie(COOKIE);
        assertThat(after).isNotEmpty().isNotEqualTo(before);
        assertThat(browser.get("/account").statusCode()).isEqualTo(200);

        assertThat(browser.get("/logout").statusCode()).isNotEqualTo(302);
        browser.get("/account");
        assertThat(browser.post("/logout", Map.of()).statusCode()).isEqualTo(302);
        assertThat(browser.get("/account").statusCode()).isEqualTo(302);
    }

    @Test
    void sendsStrictHeaders() {
        var headers = browser.get("/login").headers();

        assertThat(headers.firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(headers.firstValue("Referrer-Policy")).hasValue("same-origin");
        assertThat(headers.firstValue("Permissions-Policy")).isPresent();
        assertThat(headers.firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
        assertThat(headers.firstValue("Cache-Control"))
                .hasValueSatisfying(cache -> assertThat(cache).contains("no-store"));
    }

    @Test
    void refusesAPostWithoutCsrfToken() {
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);

        HttpResponse<String> answer = browser.postRaw("/users", "name=mallory&role=ADMIN");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("You may not do that").contains("Sign out");
        assertThat(people.find("mallory")).isEmpty();
    }

    @Test
    void showsErrorPagesWithTheLayoutAndProblemsToPrograms() throws Exception {
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);
        HttpResponse<String> page = browser.get("/nowhere");
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).contains("There is nothing here").contains("href=\"/connectors\"");

        HttpResponse<String> problem = api("GET", "/api/v1/nowhere", ClavigerTest.ADMIN_TOKEN, null);
        assertThat(problem.statusCode()).isEqualTo(404);
        assertThat(problem.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    }

    @Test
    void endsTheSessionsOfADisabledPersonHoweverTheNameIsSpelled() throws Exception {
        String name = person(Role.AUDITOR);
        browser.signIn(name, PASSWORD);
        assertThat(browser.get("/account").statusCode()).isEqualTo(200);

        String spelled = name.toUpperCase(Locale.ROOT);
        assertThat(api("PATCH", "/api/v1/users/" + spelled, ClavigerTest.ADMIN_TOKEN, "{\"disabled\":true}")
                        .statusCode())
                .isEqualTo(200);

        assertThat(browser.get("/account").statusCode()).isEqualTo(302);
        assertThat(api("PATCH", "/api/v1/users/nobody-of-that-name", ClavigerTest.ADMIN_TOKEN, "{}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void letsAnAuditorReadButNotChange() {
        String name = person(Role.AUDITOR);
        browser.signIn(name, PASSWORD);

        assertThat(browser.get("/audit").statusCode()).isEqualTo(200);
        assertThat(browser.get("/jobs").statusCode()).isEqualTo(200);
        assertThat(browser.get("/v3/api-docs").statusCode()).isEqualTo(200);
        for (String path : new String[] {"/users", "/tokens", "/audit", "/connectors", "/agents"}) {
            HttpResponse<String> page = browser.get(path);
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.body())
                    .as(path)
                    .contains("href=\"/users\"", "href=\"/tokens\"")
                    .doesNotContain("action=\"/users", "action=\"/tokens", "/revoke\"", "/new\"");
        }
        for (String form : new String[] {
            "/connectors/new",
            "/agents/new",
            "/connectors/" + UUID.randomUUID() + "/edit",
            "/tokens/" + UUID.randomUUID() + "/revoke"
        }) {
            HttpResponse<String> refused = browser.get(form);
            assertThat(refused.statusCode()).as(form).isEqualTo(403);
            assertThat(refused.body()).as(form).contains("Your role does not allow it");
        }
        assertThat(browser.get("/actuator/prometheus").statusCode()).isEqualTo(403);
        browser.get("/account");
        for (String path : new String[] {"/users", "/tokens", "/connectors", "/agents", "/jobs/dismiss"}) {
            assertThat(browser.post(path, Map.of("name", "x")).statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @Test
    void letsAnybodyChangeTheirOwnPassword() {
        String name = person(Role.AUDITOR);
        browser.signIn(name, PASSWORD);
        Browser elsewhere = new Browser(base);
        elsewhere.signIn(name, PASSWORD);

        assertThat(browser.post("/account/password", passwords("wrong", "a better password"))
                        .statusCode())
                .isEqualTo(422);
        assertThat(browser.post("/account/password", passwords(PASSWORD, "short"))
                        .statusCode())
                .isEqualTo(422);
        assertThat(browser.post("/account/password", passwords(PASSWORD, "a better password"))
                        .statusCode())
                .isEqualTo(302);

        assertThat(browser.get("/account").statusCode()).isEqualTo(200);
        assertThat(elsewhere.get("/account").statusCode()).isEqualTo(302);
        assertThat(new Browser(base).signIn(name, "a better password").headers().firstValue("Location"))
                .hasValue("/");
    }

    @Test
    void namesEachFieldThatIsWrongAndKeepsWhatWasTyped() throws Exception {
        String far = "{\"name\":\"x\",\"scope\":\"READ\",\"expiresAt\":\"+999999-01-01T00:00:00Z\"}";
        for (var refused : Map.of(
                        "/api/v1/tokens", List.of("{}", "name", "scope"),
                        "/api/v1/users", List.of("{}", "name", "role"),
                        "/api/v1/tokens?far", List.of(far, "expiresAt"),
                        "/api/v1/users?role", List.of("{\"name\":\"x\"}", "role"))
                .entrySet()) {
            HttpResponse<String> answer = api(
                    "POST",
                    refused.getKey(),
                    ClavigerTest.ADMIN_TOKEN,
                    refused.getValue().get(0));
            assertThat(answer.statusCode()).as(refused.getKey()).isEqualTo(422);
            assertThat(answer.body()).contains("\"errors\"");
            for (String field : refused.getValue().subList(1, refused.getValue().size())) {
                assertThat(answer.body()).as(refused.getKey()).contains("\"" + field + "\":");
            }
        }

        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);
        assertThat(browser.get("/users").body()).contains("value=\"AUDITOR\" checked");
        HttpResponse<String> form =
                browser.post("/users", Map.of("name", "grace", "role", "ADMIN", "password", "short"));
        assertThat(form.statusCode()).isEqualTo(422);
        assertThat(form.body())
                .contains("value=\"grace\"", "value=\"ADMIN\" checked", "id=\"password-error\"")
                .doesNotContain("value=\"short\"", "id=\"name-error\"");
        assertThat(people.find("grace")).isEmpty();

        browser.get("/tokens");
        HttpResponse<String> token = browser.post(
                "/tokens", Map.of("id", UUID.randomUUID().toString(), "name", " ", "scope", "WRITE", "days", "365"));
        assertThat(token.statusCode()).isEqualTo(422);
        assertThat(token.body()).contains("id=\"name-error\"", "value=\"WRITE\" checked", "value=\"365\" selected");
    }

    @Test
    void throttlesSignInsPerName() {
        String name = person(Role.ADMIN);
        for (int i = 0; i < SignInThrottle.TRIES; i++) {
            assertThat(browser.signIn(name, "wrong").headers().firstValue("Location"))
                    .hasValue("/login?failed");
        }

        browser.get("/login");
        HttpResponse<String> answer = browser.post("/login", Map.of("username", name, "password", PASSWORD));

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("Too many tries");
    }

    @Test
    void endsTheSessionsOfAPersonWhoIsDisabled() {
        String name = person(Role.AUDITOR);
        Browser theirs = new Browser(base);
        theirs.signIn(name, PASSWORD);
        assertThat(theirs.get("/audit").statusCode()).isEqualTo(200);

        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);
        browser.get("/users");
        assertThat(browser.post("/users/" + name + "/disable", Map.of()).statusCode())
                .isEqualTo(302);

        assertThat(theirs.get("/audit").statusCode()).isEqualTo(302);
        assertThat(new Browser(base).signIn(name, PASSWORD).headers().firstValue("Location"))
                .hasValue("/login?failed");
    }

    @Test
    void keepsTheLastAdmin() {
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);
        people.all().stream()
                .filter(person -> !person.name().equals(ClavigerTest.ADMIN_USERNAME))
                .forEach(person -> people.disable(person.name()));
        browser.get("/users");

        HttpResponse<String> demoted =
                browser.post("/users/" + ClavigerTest.ADMIN_USERNAME + "/role", Map.of("role", "AUDITOR"));
        HttpResponse<String> disabled = browser.post("/users/" + ClavigerTest.ADMIN_USERNAME + "/disable", Map.of());

        assertThat(demoted.statusCode()).isEqualTo(409);
        assertThat(demoted.body()).contains("is the last admin").contains("Sign out");
        assertThat(disabled.statusCode()).isEqualTo(409);
    }

    @Test
    void showsATokenOnceAndKeepsOnlyItsHash() throws Exception {
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);
        browser.get("/tokens");
        UUID id = UUID.randomUUID();
        Map<String, String> form = Map.of("id", id.toString(), "name", "ci", "scope", "READ", "days", "30");

        HttpResponse<String> shown = browser.post("/tokens", form);
        Matcher token = Pattern.compile("clv_admin_[A-Za-z0-9_-]{43}").matcher(shown.body());
        assertThat(token.find()).isTrue();
        assertThat(browser.get("/tokens").body()).doesNotContain(token.group());
        assertThat(browser.post("/tokens", form).statusCode()).isEqualTo(409);
        assertThat(jdbc.sql("select count(*) from app.api_token where name = 'ci' and hash not like 'clv%'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);

        assertThat(api("GET", "/api/v1/tokens", token.group(), null).statusCode())
                .isEqualTo(200);
        assertThat(api("POST", "/api/v1/tokens", token.group(), "{}").statusCode())
                .isEqualTo(403);
        tokens.revoke(id);
        HttpResponse<String> revoked = api("GET", "/api/v1/tokens", token.group(), null);
        assertThat(revoked.statusCode()).isEqualTo(401);
        assertThat(revoked.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).contains("invalid_token"));
    }

    @Test
    void doesNotLetASessionIntoTheApi() {
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);

        assertThat(browser.get("/api/v1/tokens").statusCode()).isEqualTo(401);
    }

    @Test
    void keepsAgentsAndAdminsApart() throws Exception {
        AgentId agent = new AgentId(UUID.randomUUID());
        String key = "clv_agent_" + UUID.randomUUID() + UUID.randomUUID();
        commands.sendAndWait(new CreateAgent(agent, "agent " + agent.value(), ""));
        commands.sendAndWait(new IssueAgentKey(agent, UUID.randomUUID(), ApiTokens.hash(key)));

        assertThat(api("GET", "/api/v1/agent/me", key, null).statusCode()).isEqualTo(200);
        assertThat(api("GET", "/api/v1/tokens", key, null).statusCode()).isEqualTo(401);
        assertThat(api("GET", "/api/v1/agent/me", ClavigerTest.ADMIN_TOKEN, null)
                        .statusCode())
                .isEqualTo(401);
        assertThat(api("GET", "/api/v1/agent/me", null, null).statusCode()).isEqualTo(401);
    }

    @Test
    void letsACalendarProgramReadTheForecastWithAToken() throws Exception {
        HttpResponse<String> calendar = api("GET", "/forecast.ics", ClavigerTest.ADMIN_TOKEN, null);
        assertThat(calendar.statusCode()).isEqualTo(200);
        assertThat(calendar.body()).startsWith("BEGIN:VCALENDAR");
        assertThat(api("GET", "/forecast.ics", "clv_admin_of-nobody", null).statusCode())
                .isEqualTo(401);
        assertThat(api("GET", "/forecast", ClavigerTest.ADMIN_TOKEN, null).statusCode())
                .as("pages stay with sessions")
                .isEqualTo(302);
    }

    @Test
    void describesTheApiToThoseWhoMayRead() throws Exception {
        assertThat(browser.get("/v3/api-docs").statusCode()).isEqualTo(302);
        HttpResponse<String> description = api("GET", "/v3/api-docs", ClavigerTest.ADMIN_TOKEN, null);
        assertThat(description.statusCode()).isEqualTo(200);
        assertThat(description.body()).contains("\"openapi\":\"3.1").contains("/api/v1/tokens");
        assertThat(description.body()).doesNotContain("\"/login\"").doesNotContain("\"/users\"");
    }

    @Test
    void describesSecretsAsStringsAndRefusalsAsProblems() throws Exception {
        JsonNode described = JsonMapper.shared()
                .readTree(api("GET", "/v3/api-docs", ClavigerTest.ADMIN_TOKEN, null)
                        .body());

        List<JsonNode> tokens = described
                .path("components")
                .path("schemas")
                .valueStream()
                .map(schema -> schema.path("properties").path("token"))
                .filter(token -> token.path("writeOnly").asBoolean(false))
                .toList();
        assertThat(tokens).isNotEmpty().allSatisfy(token -> {
            assertThat(token.path("type").asString()).isEqualTo("string");
            assertThat(token.path("format").asString()).isEqualTo("password");
        });
        assertThat(described.path("components").path("schemas").propertyNames())
                .contains("Problem")
                .doesNotContain("TypedSecret", "JsonNode");
        described
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> assertThat(operation
                                        .getValue()
                                        .path("responses")
                                        .path("4XX")
                                        .path("$ref")
                                        .asString(""))
                                .as(path.getKey())
                                .isEqualTo("#/components/responses/Problem")));
    }

    private String person(Role role) {
        String name = "p" + UUID.randomUUID().toString().replace("-", "");
        people.add(name, role, PASSWORD);
        return name;
    }

    private static Map<String, String> passwords(String current, String chosen) {
        return Map.of("current", current, "password", chosen, "repeated", chosen);
    }

    private HttpResponse<String> api(String method, String path, String token, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }
}
