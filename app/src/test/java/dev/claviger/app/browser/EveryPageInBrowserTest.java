package dev.claviger.app.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks at every page, with connectors in all states: light, dark, on a telephone; a screenshot of each is kept. */
@ClavigerTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryPageInBrowserTest {

    @Autowired
    JdbcClient database;

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
        pages.put("agent-uses", varied.agent() + "/uses");
        pages.put("agent-new", "/agents/new");
        pages.put("clients", "/clients");
        pages.put("client-registrations", "/clients/registrations");
        rotatedDry();
        pages.put("keys", "/keys");
        pages.put("keys-rotate", "/keys/rotate");
        pages.put("keys-leaked", "/keys/leaked");
        pages.put("audit", "/audit");
        pages.put("audit-none", "/audit?actor=nobody");
        pages.put("jobs", "/jobs");
        thawed();
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

    private String frozen() {
        freeze = freeze("Lost laptop", "Its laptop was stolen");
        return freeze;
    }

    private void thawed() {
        String before = freeze(
                "Report writer of the northern and eastern regions",
                "It sent the same report four hundred times within an hour, and nobody on call knew why");
        thaw(before, "The schedule was wrong by a factor of a thousand; Ann has mended it and watched it for a day");
    }

    /** An agent, so that nothing else is hindered by it. */
    private String freeze(String name, String reason) {
        Claviger claviger = new Claviger(base);
        String agent = claviger.agent(name).id();
        String id = UUID.randomUUID().toString();
        claviger.admin("POST", "/api/v1/freezes", Map.of("id", id, "subject", "agent:" + agent, "reason", reason))
                .ok();
        return id;
    }

    private void thaw(String id, String reason) {
        new Claviger(base)
                .admin("POST", "/api/v1/freezes/" + id + "/thaw", Map.of("reason", reason))
                .ok();
    }

    private void rotatedDry() {
        Claviger claviger = new Claviger(base);
        String rotation = Claviger.uuid(claviger.admin("POST", "/api/v1/keys/rotations", Map.of("dryRun", true))
                .ok()
                .json()
                .path("rotationId")
                .asString());
        Claviger.until(
                "the dry run to end",
                () -> claviger.admin("GET", "/api/v1/keys/rotations/" + rotation, null)
                        .ok()
                        .json()
                        .path("state")
                        .asString()
                        .equals("DONE"));
    }

    @AfterAll
    void end() {
        if (freeze != null) {
            thaw(freeze, "It was found");
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
            ask(visitor, varied.token());
            visitor.heading("It is ours").waitFor();
            see(visitor, "keys-leaked-ours", how, faults);
            ask(visitor, "a-token-of-somebody-else");
            visitor.heading("None of ours").waitFor();
            see(visitor, "keys-leaked-unknown", how, faults);
            whileARotationRuns(() -> {
                visitor.openWithoutReloads("/keys");
                visitor.page().getByRole(AriaRole.PROGRESSBAR).waitFor();
                see(visitor, "keys-running", how, faults);
            });
            assertThat(faults).isEmpty();
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    /** Whose token it is. */
    private static void ask(Visitor visitor, String token) {
        visitor.open("/keys/leaked");
        visitor.page().getByLabel("Token").fill(token);
        visitor.button("Find out").click();
    }

    /** A real one would be over before anybody has looked. */
    private void whileARotationRuns(Runnable looking) {
        UUID rotation = UUID.randomUUID();
        String key = database.sql("select to_key from credentials.key_rotation where state = 'DONE' limit 1")
                .query(String.class)
                .single();
        database.sql("insert into credentials.key_rotation (id, dry_run, to_key, expected) values (?, false, ?, 12480)")
                .params(rotation, key)
                .update();
        try {
            database.sql(
                            "insert into credentials.key_rotation_part (rotation_id, from_key, opened) values (?, ?, 4711)")
                    .params(rotation, key)
                    .update();
            looking.run();
        } finally {
            database.sql("delete from credentials.key_rotation_part where rotation_id = ?")
                    .params(rotation)
                    .update();
            database.sql("delete from credentials.key_rotation where id = ?")
                    .params(rotation)
                    .update();
        }
    }

    private static void see(Visitor visitor, String name, String how, List<String> faults) {
        PageCheck.faults(visitor.page()).forEach(fault -> faults.add(name + ": " + fault));
        visitor.screenshot(how + "/" + name);
    }
}
