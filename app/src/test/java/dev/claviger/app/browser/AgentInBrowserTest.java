package dev.claviger.app.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** An agent and its per-agent connectors, in each of their three states. */
@ClavigerTest
class AgentInBrowserTest {

    private final DemoProvider provider = DemoProvider.start();

    @Value("${claviger.public-url}")
    private String base;

    private Claviger claviger;

    @BeforeEach
    void begin() {
        claviger = new Claviger(base);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void connectsAnAgentByConsent() {
        Connector calendar = claviger.oauthConnector("Calendar", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Planner");
        try (Visitor visitor = Visitor.light(base)) {
            visitor.signIn();
            visitor.open("/agents/" + agent.id() + "?q=Calendar");
            Locator card = card(visitor, calendar);
            assertThat(card).hasClass("card off");
            assertThat(card.locator(".badge").first()).hasText("Not connected");
            assertThat(card.getByRole(com.microsoft.playwright.options.AriaRole.CHECKBOX))
                    .hasCount(0);
            visitor.screenshot("agent-not-connected");

            card.getByText("Connect", new Locator.GetByTextOptions().setExact(true))
                    .click();
            visitor.button("Approve").click();
            assertThat(visitor.page().getByText("Connected to " + calendar.name()))
                    .isVisible();
            assertThat(visitor.page()).hasURL(java.util.regex.Pattern.compile(".*/agents/" + agent.id() + ".*"));
            assertThat(card).hasClass("card");
            assertThat(card.locator(".badge").first()).hasText("Connected");

            card.getByLabel("search_notes").check();
            visitor.screenshot("agent-connected");
            visitor.page().waitForNavigation(() -> card.getByText("Save choice").click());
            visitor.open("/agents/" + agent.id() + "?q=Calendar");
            assertThat(card.getByText("1 of 4 tools chosen")).isVisible();
            assertThat(card.getByLabel("search_notes")).isChecked();
            assertThat(visitor.complaints()).isEmpty();
        }
        Claviger.until(
                "the agent to be offered the tool",
                () -> claviger.offered(agent).containsKey(calendar.serverKey()));
    }

    @Test
    void asksForTheTokenOfAnAgentWhereItIsMissingAndReplacesIt() {
        Connector mail = claviger.connector(Map.of(
                "name", Claviger.unique("Mail"),
                "url", provider.apiKeyMcpUrl().toString(),
                "authType", "api_key_header",
                "headerName", "X-Api-Key",
                "mode", "per_agent"));
        Agent agent = claviger.agent("Writer");
        try (Visitor visitor = Visitor.light(base)) {
            visitor.signIn();
            visitor.open("/agents/" + agent.id() + "?q=Mail");
            Locator card = card(visitor, mail);
            assertThat(card).hasClass("card off");
            assertThat(card.locator("input[type=password]")).isVisible();
            visitor.screenshot("agent-token-missing");

            card.getByLabel("Token or key of this agent").fill("wrong");
            card.getByText("Connect", new Locator.GetByTextOptions().setExact(true))
                    .click();
            visitor.page().getByText(mail.name() + " could not be connected.").waitFor();
            visitor.screenshot("agent-token-refused");
            card.getByLabel("Token or key of this agent").fill(provider.apiKey());
            card.getByText("Connect", new Locator.GetByTextOptions().setExact(true))
                    .click();
            visitor.page().getByText("Connected to " + mail.name()).waitFor();
            visitor.open("/agents/" + agent.id() + "?q=Mail");
            assertThat(card.locator(".badge").first()).hasText("Connected");
            visitor.page()
                    .waitForNavigation(() -> card.getByText("Choose all", new Locator.GetByTextOptions().setExact(true))
                            .click());
            visitor.open("/agents/" + agent.id() + "?q=Mail");
            assertThat(card.getByText("4 of 4 tools chosen")).isVisible();

            card.getByText("Replace token").click();
            card.getByLabel("New token or key of this agent").fill(provider.apiKey());
            visitor.screenshot("agent-replace-token");
            card.getByText("Replace", new Locator.GetByTextOptions().setExact(true))
                    .click();
            visitor.page().getByText("Connected to " + mail.name()).waitFor();
            visitor.open("/agents/" + agent.id() + "?q=Mail");
            assertThat(card.getByText("4 of 4 tools chosen")).isVisible();
            assertThat(visitor.page().content()).doesNotContain(provider.apiKey());
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    @Test
    void showsAKeyOnce() {
        try (Visitor visitor = Visitor.light(base)) {
            visitor.signIn();
            visitor.open("/agents/new");
            String name = Claviger.unique("Bookkeeper");
            visitor.page()
                    .getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                    .fill(name);
            visitor.page().getByLabel("Description").fill("Reads invoices; finance answers for it");
            visitor.button("Add").click();
            visitor.button("Issue a key").click();
            visitor.heading("Copy the key now").waitFor();
            String key = visitor.page().locator("#key").textContent();
            assertThat(key).startsWith("clv_agent_");
            visitor.screenshot("agent-key");
            assertThat(claviger.call(key, "GET", "/api/v1/agent/me", null).status())
                    .isEqualTo(200);
            visitor.link("Done").click();
            visitor.heading(name).waitFor();
            assertThat(visitor.page().content()).doesNotContain(key);
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    private static Locator card(Visitor visitor, Connector connector) {
        return visitor.page().locator("#connector-" + connector.id());
    }
}
