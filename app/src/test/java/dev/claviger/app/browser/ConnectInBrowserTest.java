package dev.claviger.app.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger;
import dev.claviger.demoprovider.DemoProvider;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;

/** From the URL of an MCP server to its tools, the way people do it. */
@ClavigerTest
class ConnectInBrowserTest {

    private static final Logger log = LoggerFactory.getLogger(ConnectInBrowserTest.class);

    private final DemoProvider provider = DemoProvider.start();

    @Value("${claviger.public-url}")
    private String base;

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void goesFromTheUrlToTheToolsByClicking() {
        try (Visitor visitor = Visitor.light(base)) {
            visitor.signIn();
            travel(visitor, Claviger.unique("Warm Up"));

            Duration[] ours = travel(visitor, "Acme Notes");

            log.info(
                    "Connect in a browser: {} ms to the consent screen, {} ms from there to the tools; steps {}",
                    ours[0].toMillis(),
                    ours[1].toMillis(),
                    steps(visitor));
            visitor.page()
                    .screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/connector.png")));
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    /** What the wait page says each step took. */
    private static String steps(Visitor visitor) {
        String attempt = visitor.page().url().replaceAll(".*=", "");
        visitor.page().navigate(visitor.page().url().replaceAll("/connectors/.*", "/connections/" + attempt + "?stay"));
        String steps = String.join(", ", visitor.page().locator(".steps time").allTextContents());
        visitor.page().goBack();
        return steps;
    }

    /** Answers how long it took to the consent screen, and from its button to the tools. */
    private Duration[] travel(Visitor visitor, String name) {
        visitor.open("/connectors");
        visitor.page().locator("a[href='/connectors/new']").first().click();
        visitor.page()
                .getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                .fill(name);
        visitor.page()
                .getByLabel("URL of the MCP server")
                .fill(provider.mcpUrl().toString());
        long begun = System.nanoTime();
        visitor.button("Add and connect").click();
        visitor.button("Approve").waitFor();
        Duration there = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(visitor.page().url()).startsWith(provider.issuer() + "/authorize");
        visitor.screenshot("consent-of-the-provider");
        begun = System.nanoTime();
        visitor.button("Approve").click();
        visitor.page()
                .getByText("search_notes", new Page.GetByTextOptions().setExact(true))
                .waitFor();
        Duration back = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(visitor.page().locator("h1")).containsText(name);
        assertThat(visitor.page().locator("h1 .badge")).hasText("Configured");
        return new Duration[] {there, back};
    }

    @Test
    void addsAConnectorWithTheKeyboardAlone() {
        try (Visitor visitor = Visitor.light(base)) {
            String name = Claviger.unique("Keyboard");
            visitor.open("/login");
            // The name has the focus by itself.
            assertThat(visitor.page().getByLabel("Name")).isFocused();
            visitor.type(ClavigerTest.ADMIN_USERNAME);
            visitor.press("Tab");
            visitor.type(ClavigerTest.ADMIN_PASSWORD);
            visitor.press("Enter");
            visitor.heading("Dashboard").waitFor();
            visitor.tabTo("Connectors");
            visitor.press("Enter");
            visitor.page()
                    .locator("h1", new Page.LocatorOptions().setHasText("Connectors"))
                    .waitFor();
            visitor.tabTo("Add");
            visitor.press("Enter");
            visitor.heading("Add a connector").waitFor();
            assertThat(visitor.page().locator("#name")).isFocused();
            visitor.type(name);
            visitor.press("Tab");
            visitor.type(provider.apiKeyMcpUrl().toString());
            visitor.press("Tab");
            // OAuth, bearer token, API key.
            visitor.press("ArrowRight");
            visitor.press("ArrowRight");
            visitor.tabTo("Header name");
            visitor.type("X-Api-Key");
            visitor.press("Tab");
            visitor.type(provider.apiKey());
            visitor.screenshot("form-keyboard");
            visitor.press("Enter");
            visitor.page()
                    .getByText("search_notes", new Page.GetByTextOptions().setExact(true))
                    .waitFor();
            assertThat(visitor.page().locator("h1")).containsText(name);
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    @Test
    void connectsWithoutScript() {
        try (Visitor visitor = Visitor.withoutScript(base)) {
            visitor.signIn();
            travel(visitor, Claviger.unique("No Script"));
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    @Test
    void saysWhatFailedWhyAndWhatToDo() {
        provider.knobs().noProtectedResourceMetadata = true;
        provider.knobs().noWellKnown = true;
        try (Visitor visitor = Visitor.light(base)) {
            visitor.signIn();
            String name = Claviger.unique("No Discovery");
            visitor.open("/connectors/new");
            visitor.page()
                    .getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                    .fill(name);
            visitor.page()
                    .getByLabel("URL of the MCP server")
                    .fill(provider.mcpUrl().toString());
            visitor.button("Add and connect").click();
            visitor.heading(name + " could not be connected").waitFor();
            visitor.screenshot("wait-failed");
            assertThat(visitor.page().getByText("What to do:")).isVisible();
            visitor.link("CLV-102").click();
            visitor.heading("What to do").waitFor();
            visitor.screenshot("help");
            visitor.page().goBack();

            provider.knobs().noProtectedResourceMetadata = false;
            provider.knobs().noWellKnown = false;
            // The way to the consent screen is blocked, so that the page that names it can be seen.
            visitor.page().route(provider.issuer() + "/**", route -> route.abort("aborted"));
            visitor.button("Connect again").click();
            visitor.heading("On to " + provider.issuer().getHost()).waitFor();
            visitor.screenshot("interstitial");
            visitor.page().unroute(provider.issuer() + "/**");
            visitor.link("Continue to " + provider.issuer().getHost()).click();
            visitor.button("Deny").click();
            visitor.heading(name + " could not be connected").waitFor();
            visitor.screenshot("wait-denied");
            assertThat(visitor.link("CLV-121")).isVisible();
            assertThat(visitor.complaints()).isEmpty();
        }
    }
}
