package dev.claviger.app.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Value;

/** Looks at every page, with connectors in all states: light, dark, on a telephone; a screenshot of each is kept. */
@ClavigerTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryPageInBrowserTest {

    private final Map<String, String> pages = new LinkedHashMap<>();
    private String base;
    private String freeze;
    private VariedConnectors varied;

    @BeforeAll
    void furnish(@Value("${claviger.public-url}") String url) {
        Chromium.running();
        base = url;
        varied = new VariedConnectors(new Claviger(url));
        pages.put("dashboard", "/");
        pages.put("connectors", "/connectors");
        pages.put("connectors-search", "/connectors?q=nothing+like+this");
        pages.put("connectors-attention", "/connectors?attention=true");
        pages.put("connector-new", "/connectors/new");
        pages.putAll(varied.pages());
        pages.put("health", "/health");
        pages.put("health-none", "/health?q=nothing+like+this");
        pages.put("health-refused", "/health?state=refused");
        pages.put("forecast", "/forecast");
        pages.put("forecast-year", "/forecast?days=365");
        pages.put("agents", "/agents");
        pages.put("agent-new", "/agents/new");
        pages.put("clients", "/clients");
        pages.put("client-registrations", "/clients/registrations");
        pages.put("keys", "/keys");
        pages.put("keys-rotate", "/keys/rotate");
        pages.put("keys-leaked", "/keys/leaked");
        pages.put("audit", "/audit");
        pages.put("audit-none", "/audit?actor=nobody");
        pages.put("jobs", "/jobs");
        pages.put("emergency", "/emergency");
        pages.put("emergency-freeze", "/emergency/freeze?subject=everything");
        pages.put("emergency-thaw", "/emergency/" + frozen() + "/thaw");
        pages.put("users", "/users");
        pages.put("tokens", "/tokens");
        pages.put("account", "/account");
        pages.put("help-list", "/help");
        pages.put("help-search", "/help?q=redirect");
        pages.put("help-none", "/help?q=nothing+like+this");
        pages.put("help-unknown", "/help/CLV-999");
        pages.put("help-code", "/help/CLV-105");
        pages.put("error-404", "/nowhere");
        pages.put("error-404-connector", "/connectors/00000000-0000-0000-0000-000000000000");
        pages.put("callback-refused", "/oauth/callback?state=unknown&code=x");
    }

    /** An agent, so that nothing else is hindered by it. */
    private String frozen() {
        Claviger claviger = new Claviger(base);
        String agent = claviger.agent("Lost laptop").id();
        freeze = UUID.randomUUID().toString();
        claviger.admin(
                        "POST",
                        "/api/v1/freezes",
                        Map.of("id", freeze, "subject", "agent:" + agent, "reason", "Its laptop was stolen"))
                .ok();
        return freeze;
    }

    @AfterAll
    void end() {
        if (freeze != null) {
            new Claviger(base)
                    .admin("POST", "/api/v1/freezes/" + freeze + "/thaw", Map.of("reason", "It was found"))
                    .ok();
        }
        if (varied != null) {
            varied.close();
        }
    }

    @Test
    void isReadableInTheLight() {
        look(Visitor.light(base), "light");
    }

    @Test
    void isReadableInTheDark() {
        look(Visitor.dark(base), "dark");
    }

    @Test
    void fitsOnATelephone() {
        look(Visitor.narrow(base), "narrow");
    }

    @Test
    void showsWhereTheFocusIs() {
        try (Visitor visitor = Visitor.light(base)) {
            visitor.open("/login");
            assertThat(PageCheck.invisibleFocus(visitor.page(), 6)).isEmpty();
            visitor.signIn();
            for (String path : List.of("/connectors", "/connectors/new", "/audit", "/users", varied.agent())) {
                visitor.open(path);
                assertThat(PageCheck.invisibleFocus(visitor.page(), 40))
                        .as(path)
                        .isEmpty();
            }
        }
    }

    private void look(Visitor visitor, String how) {
        try (visitor) {
            List<String> faults = new ArrayList<>();
            visitor.open("/login");
            see(visitor, "login", how, faults);
            visitor.signIn();
            pages.forEach((name, path) -> {
                visitor.open(path);
                see(visitor, name, how, faults);
            });
            assertThat(faults).isEmpty();
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    private static void see(Visitor visitor, String name, String how, List<String> faults) {
        PageCheck.faults(visitor.page()).forEach(fault -> faults.add(name + ": " + fault));
        visitor.screenshot(how + "/" + name);
    }
}
