package dev.claviger.app.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.SelectOption;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.json.JsonMapper;

/** What an auditor reads, and takes away. */
@ClavigerTest
class AuditInBrowserTest {

    private final DemoProvider provider = DemoProvider.start();

    @Value("${claviger.public-url}")
    private String base;

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void tellsAConnectorsStoryAndExportsIt() throws IOException {
        Claviger claviger = new Claviger(base);
        Connector notes = claviger.oauthConnector("Audited", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, notes, null);
        Agent agent = claviger.agent("Audited reader");
        claviger.choose(agent, notes, "*");
        Claviger.until(
                "the agent to be offered tools", () -> claviger.offered(agent).containsKey(notes.serverKey()));
        claviger.authorization(agent, notes);
        Claviger.until(
                "the trail to tell it",
                () -> claviger.events("attempt=" + attempt).contains("ConnectionEstablished"));

        try (Visitor visitor = Visitor.light(base)) {
            visitor.signIn();
            visitor.open("/audit");
            visitor.page().locator("select[name=connector]").selectOption(new SelectOption().setLabel(notes.name()));
            visitor.button("Filter").click();
            Locator rows = visitor.page().locator("table.audit tbody tr");
            assertThat(visitor.page().locator("table.audit")).not().containsText("” signed in.");
            int all = rows.count();
            visitor.screenshot("audit-connector");

            visitor.page().locator("select[name=event]").selectOption(new SelectOption().setLabel("TokenIssued"));
            visitor.button("Filter").click();
            assertThat(rows).hasCount(1);
            rows.locator("summary").click();
            assertThat(rows.locator("dl")).containsText("notes:read");
            visitor.screenshot("audit-entry");
            assertThat(visitor.page().content())
                    .doesNotContain(provider.secretsHandedOut().toArray(String[]::new));

            List<String> exported = export(visitor, "JSON Lines");
            assertThat(exported).hasSize(1);
            assertThat(JsonMapper.builder()
                            .build()
                            .readTree(exported.get(0))
                            .path("event")
                            .asString())
                    .isEqualTo("TokenIssued");
            assertThat(export(visitor, "CSV")).hasSize(2);

            visitor.link("The whole attempt").click();
            visitor.screenshot("audit-attempt");
            assertThat(rows.first()).not().hasText("");
            assertThat(rows.count()).isBetween(5, all);
            visitor.link("Clear").click();

            visitor.open("/audit?connector=" + notes.id() + "&event=TokenIssued");
            rows.locator("summary").click();
            visitor.link("Uses of this credential").click();
            visitor.heading("Uses of a credential").waitFor();
            assertThat(visitor.page().locator("tbody")).containsText(agent.name());
            visitor.screenshot("audit-uses");
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    private static List<String> export(Visitor visitor, String link) throws IOException {
        Download download =
                visitor.page().waitForDownload(() -> visitor.link(link).click());
        return Files.readAllLines(download.path());
    }
}
