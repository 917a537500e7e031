package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.JsonNode;

/** A person tries a tool, through the API and on its page, and is led to whatever the call turns out to need. */
@ClavigerTest
class ToolCallJourneyTest extends OAuthJourney {

    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");

    @Test
    void callsAToolAndRecordsItWithoutTheValuesOfItsArguments() {
        Connector connector = open();
        String callId = UUID.randomUUID().toString();
        Reply reply = call(connector, "search_notes", Map.of("callId", callId, "arguments", Map.of("query", "cake")));

        JsonNode answer = reply.ok().json();
        assertThat(answer.path("state").asString()).isEqualTo("completed");
        assertThat(answer.path("isError").asBoolean()).isFalse();
        assertThat(answer.path("result")
                        .path("structuredContent")
                        .path("notes")
                        .get(0)
                        .path("title")
                        .asString())
                .isEqualTo("Apple cake");
        assertThat(answer.path("findings")).isEmpty();
        awaitEvents(connector, "ToolCallRequested", "ToolCallFinished");
        assertThat(claviger.audit("connector=" + connector.id()).toString()).doesNotContain("cake");

        assertThat(call(connector, "search_notes", Map.of("callId", callId)).status())
                .isEqualTo(409);
        assertThat(call(connector, "nothing", Map.of()).status()).isEqualTo(409);
        assertThat(call(connector, "search_notes", Map.of("input", "guess")).status())
                .isEqualTo(422);
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void listsTheToolsAgainWhenTheServerSaysInPassingThatTheyChanged() {
        Connector connector = open();
        List<Map<String, Object>> tools = new ArrayList<>(provider.knobs().tools);
        tools.add(Map.of("name", "brand_new", "inputSchema", Map.of("type", "object")));
        provider.knobs().tools = tools;
        provider.knobs().tellsToolsChanged = true;
        call(connector, "list_notebooks", Map.of()).ok();
        claviger.awaitTools(connector, 5);
    }

    @Test
    void answersOneDefinitionVerbatim() {
        Connector connector = open();
        JsonNode definition = claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/tools/create_note", null)
                .ok()
                .json();
        assertThat(definition
                        .path("inputSchema")
                        .path("dependentRequired")
                        .path("repeat")
                        .get(0)
                        .asString())
                .isEqualTo("remind");
        assertThat(claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/tools/nothing", null)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void tellsWhatAModernServerAsksAndCallsAgainWithTheAnswers() {
        try (AskingServer server = new AskingServer()) {
            Connector connector = connector("Tables", server.url());
            claviger.awaitTools(connector, 1);
            JsonNode catalog = claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/catalog", null)
                    .ok()
                    .json();
            assertThat(catalog.path("era").asString()).isEqualTo("modern");
            assertThat(catalog.path("protocolVersion").asString()).isEqualTo("2026-07-28");
            assertThat(catalog.path("dropped").get(0).path("name").asString()).isEqualTo("odd");
            assertThat(catalog.path("freshUntil").isNull()).isFalse();

            Map<String, Object> body = new LinkedHashMap<>(Map.of("arguments", Map.of("guests", 3)));
            JsonNode asked = call(connector, "~Ym9vay90YWJsZQ", body).ok().json();
            assertThat(asked.path("state").asString()).isEqualTo("input_required");
            String key = asked.path("asked").get(0).path("key").asString();
            assertThat(asked.path("asked").get(0).path("message").asString()).startsWith("When do you come?");

            body.put("answers", Map.of(key, Map.of("hour", 20, "seat", "out")));
            assertThat(text(call(connector, "~Ym9vay90YWJsZQ", body))).isEqualTo("Booked for 3 at 20 out");
            body.remove("answers");
            body.put("input", "accept_defaults");
            assertThat(text(call(connector, "~Ym9vay90YWJsZQ", body))).isEqualTo("Booked for 3 at 19 in");
        }
    }

    @Test
    void asksForMoreScopeOnceAndCallsAgain() {
        Connector connector = claviger.oauthConnector("Scopes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        wantMore();

        JsonNode refused = call(connector, "list_notebooks", Map.of()).ok().json();
        assertThat(refused.path("state").asString()).isEqualTo("authorization_required");
        URI consent = URI.create(refused.path("authorizationUrl").asString());
        assertThat(scope(consent)).contains("notes:read", "notes:admin");
        // Calling while consent is waited for asks for nothing anew.
        for (int i = 0; i < 3; i++) {
            JsonNode stillRefused =
                    call(connector, "list_notebooks", Map.of()).ok().json();
            assertThat(stillRefused.path("connectionId")).isEqualTo(refused.path("connectionId"));
            assertThat(stillRefused.path("authorizationUrl")).isEqualTo(refused.path("authorizationUrl"));
        }
        claviger.callback(provider.approve(consent));
        assertThat(claviger.decided(Claviger.attempt(refused)).path("next").asString())
                .isEqualTo("connected");

        assertThat(call(connector, "list_notebooks", Map.of())
                        .ok()
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("completed");
        awaitEvents(connector, "StepUpSucceeded");
        awaitEvents(connector, "ScopeChallenged");
    }

    @Test
    void stopsAskingForScopeThatDoesNotSuffice() {
        Connector connector = claviger.oauthConnector("Scopes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        wantMore();
        provider.knobs().callScopeInVain = true;

        for (int i = 0; i < 2; i++) {
            JsonNode refused = call(connector, "list_notebooks", Map.of()).ok().json();
            assertThat(refused.path("state").asString()).isEqualTo("authorization_required");
            claviger.callback(
                    provider.approve(URI.create(refused.path("authorizationUrl").asString())));
            claviger.decided(Claviger.attempt(refused));
        }
        JsonNode stopped = call(connector, "list_notebooks", Map.of()).ok().json();
        assertThat(stopped.path("state").asString()).isEqualTo("failed");
        assertThat(stopped.path("failure").path("code").asString()).isEqualTo("CLV-209");
        assertThat(stopped.path("failure").path("detail").asString()).contains("Wanted: notes:admin");
        assertThat(provider.count("GET", "/authorize")).isEqualTo(3);
        // Another operation is counted for itself.
        assertThat(call(connector, "get_weather", Map.of())
                        .ok()
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("authorization_required");
    }

    @Test
    void connectsAgainWhereTheServerTakesNoTokenAnyMore() {
        Connector connector = claviger.oauthConnector("Dead", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Ada");
        claviger.connectWithConsent(provider, connector, agent);
        provider.knobs().refreshInvalidGrant = true;
        provider.expireAccessTokens();

        JsonNode refused = call(connector, "list_notebooks", Map.of("agentId", agent.id()))
                .ok()
                .json();
        assertThat(refused.path("state").asString()).isEqualTo("authorization_required");
        provider.knobs().refreshInvalidGrant = false;
        claviger.callback(
                provider.approve(URI.create(refused.path("authorizationUrl").asString())));
        claviger.decided(Claviger.attempt(refused));
        assertThat(call(connector, "list_notebooks", Map.of("agentId", agent.id()))
                        .ok()
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("completed");
        assertThat(call(connector, "list_notebooks", Map.of()).status()).isEqualTo(409);
    }

    @Test
    void renewsATokenThatTheServerRefusesBeforeItsTime() {
        Connector connector = claviger.oauthConnector("Early", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        provider.expireAccessTokens();

        assertThat(call(connector, "list_notebooks", Map.of())
                        .ok()
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("completed");
        awaitEvents(connector, "TokenRefreshed");
    }

    @Test
    void aPersonFillsInTheFormOfATool() {
        Connector connector = open();
        Browser browser = claviger.signedIn();
        String page = "/connectors/" + connector.id() + "/tools/create_note";
        assertThat(browser.get("/connectors/" + connector.id()).body()).contains("href=\"" + page + "\"");
        assertThat(browser.get(page).body())
                .contains(
                        "Writes a new note into a notebook", "name=\"arg.notebook\"", "value=\"&quot;recipes&quot;\"");

        Map<String, String> form = new LinkedHashMap<>(Map.of(
                "callId", UUID.randomUUID().toString(),
                "by", "fields",
                "arg.notebook", "\"recipes\"",
                "arg.title", "",
                "arg.remind", "[oops"));
        HttpResponse<String> wrong = browser.post(page, form);
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body())
                .contains("The tool was not called", "This is required", "This is not valid JSON; look at line 1")
                .contains("Confirm that you want this", "[oops");
        assertThat(calls()).isZero();

        form.put("arg.title", "<i>Plum cake</i>");
        form.put("arg.remind", "");
        form.put("confirmed", "yes");
        HttpResponse<String> done = browser.post(page, form);
        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(done.body())
                .contains("Written as note-4.", "&lt;i&gt;Plum cake&lt;/i&gt;")
                .doesNotContain("<i>Plum");
        assertThat(browser.post(page, form).statusCode()).isEqualTo(409);
    }

    @Test
    void aPersonAnswersWhatTheServerAsks() {
        try (AskingServer server = new AskingServer()) {
            Connector connector = connector("Tables", server.url());
            claviger.awaitTools(connector, 1);
            Browser browser = claviger.signedIn();
            String page = "/connectors/" + connector.id() + "/tools/~Ym9vay90YWJsZQ";
            assertThat(browser.get("/connectors/" + connector.id()).body())
                    .contains(
                            "href=\"" + page + "\"",
                            "MCP 2026-07-28, stateless",
                            "Listed by the server and not used: 1");
            browser.get(page);

            HttpResponse<String> asked = browser.post(
                    page,
                    Map.of(
                            "callId", UUID.randomUUID().toString(),
                            "by", "json",
                            "arguments", "{\"guests\":5}",
                            "confirmed", "yes"));
            assertThat(asked.body()).contains("The server asks you", "When do you come? &lt;b&gt;Say&lt;/b&gt;");

            Map<String, String> form = hidden(asked.body(), "id=\"asked\"");
            form.put("answer0.hour", "21");
            form.put("answer0.seat", "\"out\"");
            assertThat(browser.post(page, form).body()).contains("Booked for 5 at 21 out");
        }
    }

    @Test
    void aPersonIsLedToConsentAndBackToTheTool() {
        Connector connector = claviger.oauthConnector("Scopes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        wantMore();
        Browser browser = claviger.signedIn();
        String page = "/connectors/" + connector.id() + "/tools/list_notebooks";
        browser.get(page);

        HttpResponse<String> refused =
                browser.post(page, Map.of("callId", UUID.randomUUID().toString(), "by", "fields"));
        assertThat(refused.body()).contains("The server wants more scope", "notes:admin");
        Matcher attempt = Pattern.compile("href=\"/connections/([0-9a-f-]+)\"").matcher(refused.body());
        assertThat(attempt.find()).as(refused.body()).isTrue();
        waitForConsent(browser, attempt.group(1));
        browser.get(claviger.path(provider.approve(authorizationRequest(browser, attempt.group(1)))));
        Claviger.until(
                "the wait page to send on",
                () -> browser.get("/connections/" + attempt.group(1)).statusCode() == 303);
        assertThat(location(browser.get("/connections/" + attempt.group(1)))).isEqualTo(page + "?again");
        assertThat(browser.get(page + "?again").body()).contains("Call the tool again");

        assertThat(browser.post(page, Map.of("callId", UUID.randomUUID().toString(), "by", "fields"))
                        .body())
                .contains("Structured content");
    }

    /** The audit trail follows what happened, a moment later. */
    private void awaitEvents(Connector connector, String... names) {
        Claviger.until(
                List.of(names).toString(),
                () -> claviger.events("connector=" + connector.id()).containsAll(List.of(names)));
    }

    private void wantMore() {
        List<String> scopes = new ArrayList<>(provider.knobs().scopesSupported);
        scopes.add("notes:admin");
        provider.knobs().scopesSupported = scopes;
        provider.knobs().callScope = "notes:admin";
    }

    private Connector open() {
        Connector connector = connector("Open", provider.openMcpUrl());
        claviger.awaitTools(connector, 4);
        return connector;
    }

    private Connector connector(String name, URI url) {
        return claviger.connector(Map.of("name", Claviger.unique(name), "url", url.toString(), "authType", "none"));
    }

    private Reply call(Connector connector, String tool, Map<String, ?> body) {
        return claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/tools/" + tool + "/call", body);
    }

    private long calls() {
        return provider.requests().stream()
                .filter(request -> request.body().contains("\"tools/call\""))
                .count();
    }

    private static String text(Reply reply) {
        return reply.ok()
                .json()
                .path("result")
                .path("content")
                .path(0)
                .path("text")
                .asString();
    }

    private static Set<String> scope(URI request) {
        return Arrays.stream(request.getRawQuery().split("&"))
                .filter(parameter -> parameter.startsWith("scope="))
                .map(parameter -> URLDecoder.decode(parameter.substring(6), StandardCharsets.UTF_8))
                .flatMap(scopes -> Arrays.stream(scopes.split(" ")))
                .collect(Collectors.toSet());
    }

    /** The hidden fields of the form behind the mark. */
    private static Map<String, String> hidden(String page, String mark) {
        String form = page.substring(page.indexOf(mark));
        form = form.substring(0, form.indexOf("</form>"));
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher field = HIDDEN.matcher(form);
        while (field.find()) {
            if (!field.group(1).equals("_csrf")) {
                fields.put(field.group(1), HtmlUtils.htmlUnescape(field.group(2)));
            }
        }
        return fields;
    }
}
