package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.demoprovider.DemoProvider;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** “Will Connect work here?”, asked by a script and by somebody whose browser runs none. */
@ClavigerTest
class PreflightJourneyTest {

    private final DemoProvider provider = DemoProvider.start();

    @Value("${claviger.public-url}")
    private String base;

    @Autowired
    private JdbcClient jdbc;

    @AfterEach
    void stop() {
        provider.close();
        jdbc.sql("delete from connectors.preflight").update();
    }

    @Test
    void aScriptGetsTheReportAtOnce() {
        JsonNode report = check(provider.mcpUrl().toString()).ok().json();

        assertThat(report.path("verdict").asString()).as(report.toString()).isEqualTo("will_work");
        assertThat(report.path("authType").asString()).isEqualTo("oauth");
        assertThat(report.path("findings").size()).isGreaterThan(10);
        assertThat(provider.requests()).noneMatch(request -> request.path().matches("/(register|token|authorize)"));
        assertThat(provider.secretsHandedOut())
                .as("what was there before anybody asked")
                .hasSizeLessThan(5);
    }

    @Test
    void aScriptIsToldWhatIsWrongWithItsRequest() {
        assertThat(check(" ").status()).isEqualTo(422);
        assertThat(check("x".repeat(2_001)).status()).isEqualTo(422);
        assertThat(check("not a url").ok().json().path("verdict").asString()).isEqualTo("needs_you_first");
        assertThat(claviger()
                        .call(null, "POST", "/api/v1/preflight", Map.of("url", "x"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aPersonWaitsForTheReportAndCreatesTheConnectorFromIt() {
        Browser browser = claviger().signedIn();
        assertThat(browser.get("/connectors").body()).contains("href=\"/preflight\"");
        browser.get("/preflight");
        String id = UUID.randomUUID().toString();
        Map<String, String> form =
                Map.of("preflight", id, "url", provider.apiKeyMcpUrl().toString());

        HttpResponse<String> begun = browser.post("/preflight", form);
        HttpResponse<String> clickedTwice = browser.post("/preflight", form);

        assertThat(begun.statusCode()).isEqualTo(303);
        assertThat(begun.headers().firstValue("Location")).hasValue("/preflight/" + id);
        assertThat(clickedTwice.headers().firstValue("Location")).hasValue("/preflight/" + id);
        String page = whole(browser, id);
        assertThat(page)
                .contains("Needs you first")
                .contains("Get a token or an API key")
                .contains("/help/CLV-102")
                .doesNotContain("http-equiv=\"refresh\"");
        assertThat(provider.requests().stream().filter(request -> request.body().contains("initialize")))
                .as("the second click began nothing")
                .hasSizeLessThanOrEqualTo(2);
        assertThat(browser.get("/connectors/new?preflight=" + id).body())
                .contains("value=\"" + provider.apiKeyMcpUrl() + "\"")
                .containsPattern("value=\"bearer\" checked");
    }

    @Test
    void theWaitPageShowsWhatThereIsAndRefreshesItselfWithoutScript() {
        provider.knobs().mcpDelay = Duration.ofSeconds(2);
        Browser browser = claviger().signedIn();
        browser.get("/preflight");
        String id = UUID.randomUUID().toString();
        browser.post(
                "/preflight",
                Map.of("preflight", id, "url", provider.openMcpUrl().toString()));

        assertThat(browser.get("/preflight/" + id).body())
                .contains("http-equiv=\"refresh\"")
                .doesNotContain("Create this connector");
        assertThat(whole(browser, id)).contains("Create this connector");
    }

    @Test
    void theFormOfAConnectorSendsItsUrlToBeCheckedFirst() {
        Browser browser = claviger().signedIn();
        assertThat(browser.get("/connectors/new").body()).contains("formaction=\"/preflight\"");

        HttpResponse<String> begun = browser.post(
                "/preflight",
                Map.of(
                        "connector",
                        UUID.randomUUID().toString(),
                        "attempt",
                        UUID.randomUUID().toString(),
                        "name",
                        "Checked first",
                        "authType",
                        "oauth",
                        "token",
                        "typed-secret",
                        "url",
                        provider.openMcpUrl().toString()));

        assertThat(begun.statusCode()).isEqualTo(303);
        assertThat(jdbc.sql("select row_to_json(preflight)::text from connectors.preflight")
                        .query(String.class)
                        .list())
                .noneMatch(row -> row.contains("typed-secret"));
    }

    @Test
    void remoteTextIsShownAsTextAndNothingElse() {
        provider.knobs().noWellKnown = true;
        provider.knobs().resourceOverride = provider.mcpUrl().resolve("/") + "#<b>bold</b>";
        Browser browser = claviger().signedIn();
        browser.get("/preflight");
        String id = UUID.randomUUID().toString();
        browser.post(
                "/preflight", Map.of("preflight", id, "url", provider.mcpUrl().toString()));

        assertThat(whole(browser, id)).doesNotContain("<b>");
    }

    @Test
    void whoAsksTooOftenIsAskedToWait() {
        jdbc.sql("insert into connectors.preflight (preflight_id, asked_by, url, asked_at)"
                        + " select gen_random_uuid(), 'admin', 'x', now() from generate_series(1, 20)")
                .update();
        Browser browser = claviger().signedIn();
        browser.get("/preflight");

        HttpResponse<String> refused =
                browser.post("/preflight", Map.of("url", provider.mcpUrl().toString()));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body())
                .contains("wait a little")
                .contains(provider.mcpUrl().toString());
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    void aCheckThatItsNodeLeftUnfinishedSaysSo() {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into connectors.preflight (preflight_id, asked_by, url, asked_at)"
                        + " values (:id, 'admin', 'https://mcp.example.com', now() - interval '10 minutes')")
                .param("id", id)
                .update();

        assertThat(claviger().signedIn().get("/preflight/" + id).body())
                .contains("The check was interrupted")
                .contains("Check again")
                .doesNotContain("http-equiv=\"refresh\"");
    }

    @Test
    void aReportIsKeptForAnHour() {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into connectors.preflight (preflight_id, asked_by, url, asked_at)"
                        + " values (:id, 'admin', 'https://mcp.example.com', now() - interval '61 minutes')")
                .param("id", id)
                .update();

        assertThat(claviger().signedIn().get("/preflight/" + id).statusCode()).isEqualTo(404);
        check(provider.openMcpUrl().toString()).ok();
        assertThat(jdbc.sql("select count(*) from connectors.preflight where preflight_id = :id")
                        .param("id", id)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private Claviger claviger() {
        return new Claviger(base);
    }

    private Claviger.Reply check(String url) {
        return claviger().admin("POST", "/api/v1/preflight", Map.of("url", url));
    }

    /** The page when nothing more comes. */
    private static String whole(Browser browser, String id) {
        String[] page = {""};
        Claviger.until("the whole report", () -> {
            page[0] = browser.get("/preflight/" + id).body();
            return page[0].contains("kept for an hour");
        });
        return page[0];
    }
}
