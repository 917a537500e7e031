package dev.claviger.app.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.demoprovider.DemoProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** “Will Connect work here?”, looked at: light, dark, on a telephone, without script. */
@ClavigerTest
class PreflightInBrowserTest {

    private final DemoProvider provider = DemoProvider.start();

    @Value("${claviger.public-url}")
    private String base;

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void isReadableInTheLight() {
        look(Visitor.light(base), "light");
    }

    @Test
    void isReadableInTheDark() {
        provider.knobs().noRegistrationEndpoint = true;
        look(Visitor.dark(base), "dark");
    }

    @Test
    void fitsOnATelephone() {
        provider.knobs().noPkceMetadata = true;
        look(Visitor.narrow(base), "narrow");
    }

    @Test
    void leadsToTheFormWithoutScript() {
        try (Visitor visitor = Visitor.withoutScript(base)) {
            check(visitor);
            visitor.link("Create this connector").click();
            visitor.heading("Add a connector").waitFor();
            assertThat(visitor.page().getByLabel("URL of the MCP server").inputValue())
                    .isEqualTo(provider.mcpUrl().toString());
        }
    }

    private void look(Visitor visitor, String how) {
        try (visitor) {
            visitor.signIn();
            visitor.open("/preflight");
            assertThat(PageCheck.faults(visitor.page())).isEmpty();
            visitor.screenshot(how + "/preflight");
            check(visitor);
            assertThat(PageCheck.faults(visitor.page())).isEmpty();
            visitor.screenshot(how + "/preflight-report");
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    private void check(Visitor visitor) {
        if (!visitor.page().url().startsWith(base)) {
            visitor.signIn();
        }
        visitor.open("/preflight");
        visitor.page()
                .getByLabel("URL of the MCP server")
                .fill(provider.mcpUrl().toString());
        visitor.button("Check").click();
        visitor.button("Check again").waitFor();
    }
}
