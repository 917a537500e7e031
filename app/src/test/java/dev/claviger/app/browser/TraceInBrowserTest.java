package dev.claviger.app.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** The requests of a connection with everything opened that can be opened. */
@ClavigerTest
class TraceInBrowserTest {

    private final DemoProvider provider = DemoProvider.start();

    @Value("${claviger.public-url}")
    private String base;

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void showsWhatWasSentAndReceived() {
        Claviger claviger = new Claviger(base);
        Connector connector = claviger.oauthConnector("Traced", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, connector, null);
        Map<String, Visitor> visitors =
                Map.of("light", Visitor.light(base), "dark", Visitor.dark(base), "narrow", Visitor.narrow(base));
        visitors.forEach((how, visitor) -> {
            try (visitor) {
                visitor.signIn();
                visitor.open("/connections/" + attempt + "?stay");
                visitor.link("Requests").click();
                visitor.heading("Requests for the connection").waitFor();
                visitor.page().locator("table summary").all().forEach(summary -> summary.click());
                List<String> texts = visitor.page().locator("table").allInnerTexts();
                assertThat(texts.toString())
                        .contains(
                                "code_verifier", "not shown", provider.issuer().toString())
                        .doesNotContain("dEmOsEcReT");
                assertThat(PageCheck.faults(visitor.page())).isEmpty();
                assertThat((Integer) visitor.page()
                                .evaluate("() => Math.min(...[...document.querySelectorAll('.trace dd')]"
                                        + ".map(value => Math.floor(value.parentElement.getBoundingClientRect().right"
                                        + " - value.getBoundingClientRect().left)))"))
                        .as("room for a value, in pixels")
                        .isGreaterThan(150);
                visitor.screenshot(how + "/trace-open");
                assertThat(visitor.complaints()).isEmpty();
            }
        });
    }
}
