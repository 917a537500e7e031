package dev.claviger.app.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.AskingServer;
import dev.claviger.app.journeys.Claviger;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** A person tries tools in a browser, with and without JavaScript, and everything on the way can be read. */
@ClavigerTest
class TryToolInBrowserTest {

    private final DemoProvider provider = DemoProvider.start();
    private final AskingServer tables = new AskingServer();

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
        tables.close();
    }

    @Test
    void fillsInTheFormOfAToolAndReadsItsResult() {
        Connector connector = connector(provider.openMcpUrl(), 4);
        try (Visitor visitor = Visitor.light(base)) {
            visitor.signIn();
            visitor.open("/connectors/" + connector.id());
            visitor.link("create_note").click();
            visitor.heading("create_note").waitFor();
            isFine(visitor, "tool");
            visitor.button("Call create_note").click();
            visitor.page().getByText("The tool was not called").waitFor();
            isFine(visitor, "tool-errors");
            visitor.page().locator("[name='arg.notebook']").selectOption("\"travel\"");
            visitor.page().locator("[name='arg.title']").fill("Porto");
            visitor.page().locator("#confirmed-fields").check();
            visitor.button("Call create_note").click();
            visitor.page().getByText("Written as note-").waitFor();
            isFine(visitor, "tool-result");
            assertThat(visitor.page().locator("[name='arg.title']").inputValue())
                    .isEqualTo("Porto");
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    @Test
    void answersWhatTheServerAsksWithoutJavaScript() {
        Connector connector = connector(tables.url(), 1);
        try (Visitor visitor = Visitor.withoutScript(base)) {
            visitor.signIn();
            book(visitor, connector, "tool-asked");
            visitor.page().locator("[name='answer0.hour']").fill("20");
            visitor.button("Call again with these answers").click();
            visitor.page().getByText("Booked for 4 at 20 in").waitFor();
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    @Test
    void isReadableInTheDarkAndOnATelephone() {
        Connector connector = connector(tables.url(), 1);
        try (Visitor visitor = Visitor.dark(base)) {
            visitor.signIn();
            book(visitor, connector, "tool-asked-dark");
        }
        try (Visitor visitor = Visitor.narrow(base)) {
            visitor.signIn();
            book(visitor, connector, "tool-asked-narrow");
            visitor.open("/connectors/" + connector.id());
            visitor.page().getByText("Listed by the server and not used").click();
            isFine(visitor, "connector-dropped-narrow");
        }
    }

    private static void book(Visitor visitor, Connector connector, String screenshot) {
        visitor.open("/connectors/" + connector.id() + "/tools/~Ym9vay90YWJsZQ");
        visitor.page().locator("[name='arg.guests']").fill("4");
        visitor.page().locator("#confirmed-fields").check();
        visitor.button("Call book/table").click();
        visitor.heading("The server asks you").waitFor();
        isFine(visitor, screenshot);
    }

    private static void isFine(Visitor visitor, String screenshot) {
        List<String> faults = PageCheck.faults(visitor.page());
        visitor.screenshot(screenshot);
        assertThat(faults).as(screenshot).isEmpty();
    }

    private Connector connector(URI url, int tools) {
        Connector connector =
                claviger.connector(Map.of("name", Claviger.unique("Tried"), "url", url.toString(), "authType", "none"));
        claviger.awaitTools(connector, tools);
        return connector;
    }
}
