package dev.claviger.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.demoprovider.DemoProvider;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** The pages of connectors and agents, asked for and sent as a browser without script does. */
@ClavigerTest
class ConnectorPagesTest {

    private static DemoProvider provider;

    @Value("${claviger.public-url}")
    private String base;

    private Browser browser;

    @BeforeAll
    static void startProvider() {
        provider = DemoProvider.start();
    }

    @AfterAll
    static void stopProvider() {
        provider.close();
    }

    @BeforeEach
    void signIn() {
        browser = new Browser(base);
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);
    }

    @Test
    void everyPageCanBeShown() {
        String connector = connect("Shown everywhere", provider.openMcpUrl().toString());
        String agent = agent("Shown everywhere");
        for (String path : new String[] {
            "/",
            "/connectors",
            "/connectors?q=shown&attention=true",
            "/connectors/new",
            connector,
            connector + "?q=nothing",
            connector + "/edit",
            connector + "/disconnect",
            connector + "/remove",
            "/agents",
            "/agents/new",
            agent,
            agent + "/remove",
            agent + "/uses",
            agent + connector + "/tools",
            "/help"
        }) {
            HttpResponse<String> page = browser.get(path);
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.body()).as(path).contains("</html>").doesNotContain("{{");
        }
        for (FailureCode code : FailureCode.values()) {
            assertThat(browser.get("/help/" + code.code()).body())
                    .contains(code.code())
                    .contains("What to do");
        }
        assertThat(browser.get("/help/CLV-999").statusCode()).isEqualTo(404);
        assertThat(browser.get("/connectors/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(browser.get("/connectors/nonsense").statusCode()).isEqualTo(404);
    }

    @Test
    void saysWhatIsWrongWithAFieldAndKeepsTheRestButNoSecret() {
        browser.get("/connectors/new");
        Map<String, String> form = form("Misses a URL", "", "bearer");
        form.put("token", "typed-secret");
        HttpResponse<String> page = browser.post("/connectors", form);
        assertThat(page.statusCode()).isEqualTo(422);
        assertThat(page.body())
                .contains("Enter the URL of the MCP server.")
                .contains("Misses a URL")
                .doesNotContain("typed-secret");
    }

    @Test
    void refusesANameThatIsTakenOnTheForm() {
        connect("Taken name", provider.openMcpUrl().toString());
        browser.get("/connectors/new");
        Map<String, String> form = form("taken NAME", provider.bearerMcpUrl().toString(), "bearer");
        form.put("token", "typed-secret");
        HttpResponse<String> page = browser.post("/connectors", form);
        assertThat(page.statusCode()).isEqualTo(409);
        assertThat(page.body())
                .contains("Add a connector")
                .containsPattern("id=\"name-say\" class=\"field-error\">[^<]*Taken name")
                .contains("Secrets are not sent back: enter them again.")
                .doesNotContain("typed-secret");
    }

    @Test
    void anotherServerTakesTheChoiceOfToolsWithIt() {
        String connector = connect("Changes tools", provider.openMcpUrl().toString());
        String agent = agent("Chooses tools");
        browser.get(agent);
        browser.post(agent + connector + "/tools", Map.of("which", "all"));
        assertThat(browser.get(agent + connector + "/tools").body()).doesNotContain(">0 chosen for");
        browser.get(connector + "/edit");
        Map<String, String> form =
                form("Changes tools", provider.openListMcpUrl().toString(), "none");
        assertThat(browser.post(connector + "/edit", form).body())
                .contains("The choice of tools of 1 agent is forgotten");
        form.put("confirmed", "true");
        assertThat(browser.post(connector + "/edit", form).statusCode()).isEqualTo(303);
        assertThat(browser.get(agent + connector + "/tools").body()).contains(">0 chosen for Chooses tools");
    }

    @Test
    void aRemovedAgentLeavesAPageToRead() {
        String agent = agent("Goes away");
        browser.get(agent);
        browser.post(agent + "/remove", Map.of());
        HttpResponse<String> page = browser.get(agent);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Goes away").contains("Removed").doesNotContain("Issue a key");
        assertThat(browser.get(agent + "/uses").statusCode()).isEqualTo(200);
    }

    @Test
    void aConnectorShowsItsLatestAttempts() {
        String connector = connect("Tried once", provider.openMcpUrl().toString());
        assertThat(browser.get(connector).body())
                .contains("Latest attempts to connect")
                .containsPattern("/connections/[0-9a-f-]{36}\\?stay");
    }

    @Test
    void aSecondClickCreatesNothing() {
        browser.get("/connectors/new");
        Map<String, String> form = form("Clicked twice", provider.openMcpUrl().toString(), "none");
        HttpResponse<String> first = browser.post("/connectors", form);
        HttpResponse<String> second = browser.post("/connectors", form);
        assertThat(first.statusCode()).isEqualTo(303);
        assertThat(location(second)).isEqualTo(location(first));
        assertThat(browser.get("/connectors?q=clicked").body().split("Clicked twice</a>", -1))
                .hasSize(2);
    }

    @Test
    void asksBeforeAnEditDropsSomething() {
        String connector = connect("Moves house", provider.openMcpUrl().toString());
        browser.get(connector + "/edit");
        Map<String, String> form = form("Moves house", provider.openListMcpUrl().toString(), "none");
        HttpResponse<String> question = browser.post(connector + "/edit", form);
        assertThat(question.statusCode()).isEqualTo(200);
        assertThat(question.body()).contains("Save and drop these").contains("known tools of the old address");
        assertThat(browser.get(connector).body()).contains(provider.openMcpUrl().toString());
        form.put("confirmed", "true");
        assertThat(browser.post(connector + "/edit", form).statusCode()).isEqualTo(303);
        assertThat(browser.get(connector).body())
                .contains(provider.openListMcpUrl().toString());
    }

    @Test
    void showsAKeyOnceAndIssuesNoneForASecondClick() {
        String agent = agent("Has a key");
        Map<String, String> form = Map.of("key", UUID.randomUUID().toString());
        HttpResponse<String> first = browser.post(agent + "/keys", form);
        assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-store");
        String key = found("clv_agent_[A-Za-z0-9_-]{43}", first.body());
        assertThat(browser.post(agent + "/keys", form).body())
                .contains("issued by your first click")
                .doesNotContain("clv_agent_");
        assertThat(browser.get(agent).body()).doesNotContain(key).contains("never");
    }

    @Test
    void removesAfterAskingAndKeepsThePageForTheHistory() {
        String connector = connect("Goes away", provider.openMcpUrl().toString());
        assertThat(browser.get(connector + "/remove").body()).contains("Remove Goes away?");
        assertThat(location(browser.post(connector + "/remove", Map.of()))).isEqualTo("/connectors");
        assertThat(browser.get(connector).body()).contains("This connector is removed.");
        assertThat(browser.get(connector + "/edit").statusCode()).isEqualTo(404);
    }

    @Test
    void aWrongTokenEndsOnThePageThatSaysWhyAndWhatToDo() throws InterruptedException {
        browser.get("/connectors/new");
        Map<String, String> form = form("Wrong token", provider.bearerMcpUrl().toString(), "bearer");
        form.put("token", "wrong");
        String wait = location(browser.post("/connectors", form));
        String page = browser.get(wait).body();
        for (int tries = 0; tries < 200 && !page.contains("could not be connected"); tries++) {
            assertThat(page).contains("http-equiv=\"refresh\"");
            Thread.sleep(50);
            page = browser.get(wait).body();
        }
        assertThat(page)
                .contains("Failed at: <strong>List the tools</strong>")
                .contains("/help/CLV-202")
                .contains("Enter another token");
    }

    /** Adds a connector that needs no credential, waits for it, and answers its path. */
    private String connect(String name, String url) {
        browser.get("/connectors/new");
        Map<String, String> form = form(name, url, "none");
        String wait = location(browser.post("/connectors", form));
        for (int tries = 0; tries < 200; tries++) {
            HttpResponse<String> page = browser.get(wait);
            if (page.statusCode() == 303) {
                break;
            }
            pause();
        }
        return "/connectors/" + form.get("connector");
    }

    private String agent(String name) {
        browser.get("/agents/new");
        String id = UUID.randomUUID().toString();
        assertThat(location(browser.post("/agents", Map.of("agent", id, "name", name))))
                .isEqualTo("/agents/" + id);
        browser.get("/agents/" + id);
        return "/agents/" + id;
    }

    private static Map<String, String> form(String name, String url, String authType) {
        Map<String, String> form = new HashMap<>();
        form.put("connector", UUID.randomUUID().toString());
        form.put("attempt", UUID.randomUUID().toString());
        form.put("name", name);
        form.put("url", url);
        form.put("authType", authType);
        form.put("mode", "shared");
        return form;
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).isTrue();
        return matcher.group();
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
