package dev.claviger.app.browser;

import dev.claviger.app.journeys.Claviger;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Connectors and agents in every state a page can show, with names and texts of every length. */
final class VariedConnectors implements AutoCloseable {

    private final DemoProvider provider = DemoProvider.start();
    private final DemoProvider crowded = DemoProvider.start();
    private final DemoProvider slow = DemoProvider.start();
    private final DemoProvider down = DemoProvider.start();
    private final DemoProvider mute = DemoProvider.start();
    private final DemoProvider fading = DemoProvider.start();
    private final DemoProvider silent = DemoProvider.start();
    private final DemoProvider dying = DemoProvider.start();
    private final Map<String, String> pages = new LinkedHashMap<>();
    private final Claviger claviger;
    private final Agent agent;

    VariedConnectors(Claviger claviger) {
        this.claviger = claviger;
        this.agent = claviger.agent("Research assistant");
        crowded.knobs().tools = tools(120);
        slow.knobs().mcpDelay = Duration.ofMinutes(2);
        down.knobs().mcp503 = true;
        mute.knobs().noProtectedResourceMetadata = true;
        mute.knobs().noWellKnown = true;
        connected();
        unconnected();
        byHand();
        perAgent();
        accounts();
        others();
        ended();
        checked();
    }

    /** The pages that show them: name of the screenshot, path. */
    Map<String, String> pages() {
        return pages;
    }

    /** A token that several connectors hold. */
    String token() {
        return provider.bearerToken();
    }

    String agent() {
        return "/agents/" + agent.id();
    }

    private void connected() {
        Connector notes = claviger.oauthConnector("Acme Notes", provider.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(provider, notes, null);
        claviger.choose(agent, notes, "search_notes", "create_note");
        Claviger.until("tools to be offered", () -> claviger.offered(agent).containsKey(notes.serverKey()));
        claviger.authorization(agent, notes);
        claviger.health(attempt);
        page("connector-oauth", "/connectors/" + notes.id());
        page("edit-oauth", "/connectors/" + notes.id() + "/edit");
        page("disconnect", "/connectors/" + notes.id() + "/disconnect");
        page("remove", "/connectors/" + notes.id() + "/remove");
        page("wait-over", "/connections/" + attempt + "?stay");
        page("trace", "/connections/" + attempt + "/trace");
        page("audit-uses", "/audit/uses/" + attempt);
        Connector billing = withToken("Billing", "api_key_header", provider.apiKeyMcpUrl(), provider.apiKey());
        page("connector-key", "/connectors/" + billing.id());
        page("edit-key", "/connectors/" + billing.id() + "/edit");
        Connector stock = withToken("Warehouse stock", "bearer", provider.bearerMcpUrl(), provider.bearerToken());
        page("edit-bearer", "/connectors/" + stock.id() + "/edit");
        Connector weather = plain("Weather", "none", provider.openMcpUrl());
        claviger.awaitTools(weather, 4);
        page("connector-none", "/connectors/" + weather.id());
        page("edit-none", "/connectors/" + weather.id() + "/edit");
        Connector many = claviger.oauthConnector("Everything and more", crowded.mcpUrl(), "shared");
        claviger.connectWithConsent(crowded, many, null);
        page("connector-many-tools", "/connectors/" + many.id());
        page("agent-many-tools", "/agents/" + agent.id() + "/connectors/" + many.id() + "/tools");
    }

    private void unconnected() {
        Connector wiki = claviger.oauthConnector("Customer wiki", provider.mcpUrl(), "shared");
        page("connector-not-connected", "/connectors/" + wiki.id());
        Connector tickets = claviger.oauthConnector("Tickets", provider.mcpUrl(), "shared");
        String waiting = Claviger.attempt(claviger.connect(tickets));
        page("connector-pending", "/connectors/" + tickets.id());
        page("wait-for-somebody-else", "/connections/" + waiting);
        Connector lost = plain("Lost and found", "oauth", mute.mcpUrl());
        String failed = Claviger.attempt(claviger.connect(lost));
        page("connector-failed", "/connectors/" + lost.id());
        page("wait-failed", "/connections/" + failed);
        page("trace-failed", "/connections/" + failed + "/trace");
        withToken("Archive", "bearer", provider.bearerMcpUrl(), "not-the-token");
        Connector regions = claviger.oauthConnector(
                "The quarterly reporting system of the northern and eastern regions",
                URI.create(
                        provider.mcpUrl() + "/with/a/path/that/does/not/end/before/somebody/has/read/it/aloud/twice"),
                "shared");
        page("connector-long", "/connectors/" + regions.id());
        Connector sleepy = withToken("Sleepy", "bearer", slow.bearerMcpUrl(), slow.bearerToken());
        page("connector-running", "/connectors/" + sleepy.id());
        page("wait-running", "/connections/" + pending(sleepy));
        Connector flaky = withToken("Flaky", "api_key_header", down.apiKeyMcpUrl(), down.apiKey());
        page("connector-retrying", "/connectors/" + flaky.id());
    }

    /** Everything under Advanced, and a credential that nothing but a person renews. */
    private void byHand() {
        fading.knobs().noRefreshToken = true;
        Connector fades = claviger.oauthConnector("Fading", fading.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(fading, fades, null);
        page("connector-fading", "/connectors/" + fades.id());
        page("wait-fading", "/connections/" + attempt + "?stay");
        page("help-of-attempt", "/help/CLV-122?attempt=" + attempt);
        Connector vouched = claviger.connector(Map.of(
                "name", Claviger.unique("Vouched for"),
                "url", provider.mcpUrl().toString(),
                "authType", "oauth",
                "oauth",
                        Map.of(
                                "grant",
                                "enterprise_managed",
                                "clientId",
                                "claviger",
                                "clientSecret",
                                "not-a-secret",
                                "issuer",
                                provider.issuer().toString(),
                                "scope",
                                "notes:read",
                                "resource",
                                Map.of("way", "audience", "value", "api://acme-notes"),
                                "issuerException",
                                Map.of(
                                        "expected", "https://login.acme.example/a-tenant-with-a-long-name",
                                        "published", "https://login.acme.example/common"),
                                "identityProvider",
                                Map.of(
                                        "issuer",
                                        provider.identityProvider().toString(),
                                        "tokenEndpoint",
                                        provider.identityProviderTokenEndpoint().toString(),
                                        "clientId",
                                        "claviger-there",
                                        "subjectToken",
                                        "not-a-token"))));
        page("edit-vouched", "/connectors/" + vouched.id() + "/edit");
        page("connector-vouched", "/connectors/" + vouched.id());
    }

    /** An account that is told, one that is not the one expected, and a client whose issuer nobody named. */
    private void accounts() {
        fading.knobs().account = Map.of(
                "sub",
                "auth0|5f7c8ec7c33c6c004bbafe82-of-the-northern-and-eastern-regions",
                "email",
                "ann.of.the.quarterly.reporting.system@northern-and-eastern-regions.acme.example");
        Connector mail = claviger.oauthConnector("Mail", fading.mcpUrl(), "shared");
        claviger.connectWithConsent(fading, mail, null);
        page("connector-account", "/connectors/" + mail.id());
        fading.knobs().account = Map.of("sub", "u-1002", "email", "bob@acme.example");
        JsonNode asked = claviger.connect(mail);
        claviger.callback(fading.approve(Claviger.authorizationUrl(asked)));
        claviger.decided(Claviger.attempt(asked));
        page("wait-other-account", "/connections/" + Claviger.attempt(asked));
        toolsThatTell();
        fading.knobs().account = null;
        Connector entered = claviger.connector(Map.of(
                "name", Claviger.unique("Entered client"),
                "url", provider.mcpUrl().toString(),
                "authType", "oauth",
                "oauth", Map.of("clientId", "claviger", "clientSecret", "not-a-secret")));
        page("wait-entered-client", "/connections/" + Claviger.attempt(claviger.connect(entered)));
    }

    /** A tool that says who one is: suggested, chosen, and of another account than expected. */
    private void toolsThatTell() {
        fading.knobs().whoami = true;
        fading.knobs().idTokens = false;
        fading.knobs().account = Map.of("id", 583231, "login", "ann-of-the-quarterly-reporting-system", "name", "Ann");
        Connector offered = claviger.oauthConnector("Tracker", fading.mcpUrl(), "shared");
        claviger.connectWithConsent(fading, offered, null);
        Claviger.until(
                "the suggestion",
                () -> claviger.admin("GET", "/api/v1/connectors/" + offered.id() + "/account-tool", null)
                        .body()
                        .contains("[\"whoami\"]"));
        page("connector-tool-suggested", "/connectors/" + offered.id());
        Connector asked = claviger.connector(Map.of(
                "name",
                Claviger.unique("Issues"),
                "url",
                fading.mcpUrl().toString(),
                "authType",
                "oauth",
                "accountTool",
                "whoami"));
        page("wait-tool-told", "/connections/" + claviger.connectWithConsent(fading, asked, null) + "?stay");
        page("connector-tool-told", "/connectors/" + asked.id());
        page("edit-tool", "/connectors/" + asked.id() + "/edit");
        fading.knobs().account = Map.of("id", 7, "login", "bob");
        JsonNode other = claviger.connect(asked);
        claviger.callback(fading.approve(Claviger.authorizationUrl(other)));
        claviger.decided(Claviger.attempt(other));
        page("wait-tool-other-account", "/connections/" + Claviger.attempt(other));
        fading.knobs().whoami = false;
        fading.knobs().idTokens = true;
    }

    private void perAgent() {
        Connector calendar = claviger.oauthConnector("Calendar", provider.mcpUrl(), "per_agent");
        claviger.connectWithConsent(provider, calendar, agent);
        page("connector-per-agent", "/connectors/" + calendar.id());
        page("edit-per-agent", "/connectors/" + calendar.id() + "/edit");
        claviger.oauthConnector("Mail", provider.mcpUrl(), "per_agent");
        claviger.connector(Map.of(
                "name", Claviger.unique("Payments"),
                "url", provider.apiKeyMcpUrl().toString(),
                "authType", "api_key_header",
                "headerName", "X-Api-Key",
                "mode", "per_agent"));
        page("agent", agent());
        page("agent-remove", "/agents/" + agent.id() + "/remove");
    }

    private void others() {
        Connector gone = plain("Retired", "none", provider.openMcpUrl());
        claviger.admin("DELETE", "/api/v1/connectors/" + gone.id(), null).ok();
        page("connector-removed", "/connectors/" + gone.id());
        claviger.admin(
                        "POST",
                        "/api/v1/agents",
                        Map.of(
                                "name",
                                Claviger.unique("Invoice bot"),
                                "description",
                                "Reads every invoice that comes in by mail, finds what belongs together, and asks the"
                                        + " finance team about whatever does not; they answer for it."))
                .ok();
        String auditor = Claviger.unique("auditor").replace(' ', '-');
        claviger.admin("POST", "/api/v1/users", Map.of("name", auditor, "role", "AUDITOR"))
                .ok();
        Map<String, String> token =
                Map.of("name", "nightly report", "scope", "READ", "expiresAt", "2099-12-31T00:00:00Z");
        claviger.admin("POST", "/api/v1/tokens", token).ok();
    }

    private String pending(Connector connector) {
        return Claviger.uuid(claviger.admin("GET", "/api/v1/connectors/" + connector.id(), null)
                .ok()
                .json()
                .path("pendingConnection")
                .asString());
    }

    private Connector plain(String name, String auth, URI url) {
        return claviger.connector(Map.of("name", Claviger.unique(name), "url", url.toString(), "authType", auth));
    }

    private Connector withToken(String name, String auth, URI url, String token) {
        return claviger.connector(Map.of(
                "name",
                Claviger.unique(name),
                "url",
                url.toString(),
                "authType",
                auth,
                "headerName",
                "X-Api-Key",
                "mode",
                "shared",
                "token",
                token));
    }

    private void page(String name, String path) {
        pages.put(name, path);
    }

    private static List<Map<String, Object>> tools(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> Map.<String, Object>of(
                        "name",
                        (i % 3 == 0 ? "find_" : i % 3 == 1 ? "update_" : "list_all_the_") + "records_of_kind_" + i,
                        "description",
                        "Works on records of kind " + i + ". " + (i % 4 == 0 ? "It takes a while. ".repeat(12) : ""),
                        "inputSchema",
                        Map.of("type", "object")))
                .toList();
    }

    private void ended() {
        Connector over = claviger.oauthConnector("Over and done", provider.mcpUrl(), "shared");
        page("receipt-complete", "/connections/" + endOf(provider, over, "shredded", "done") + "/receipt");
        silent.knobs().revocation503 = true;
        Connector ending = claviger.oauthConnector("On its way out", silent.mcpUrl(), "shared");
        page("receipt-pending", "/connections/" + endOf(silent, ending, "refresh_token", "503") + "/receipt");
        page("connector-ending", "/connectors/" + ending.id());
        page("receipts", "/receipts");
    }

    /** One whose server lists its tools to anybody, and one whose token died without a word. */
    private void checked() {
        dying.knobs().openList = true;
        Connector open = claviger.oauthConnector("Open to anybody", dying.mcpUrl(), "shared");
        claviger.health(claviger.connectWithConsent(dying, open, null));
        page("connector-unproven", "/connectors/" + open.id());
        dying.knobs().openList = false;
        Connector dead = claviger.oauthConnector("Dead without a word", dying.mcpUrl(), "shared");
        String attempt = claviger.connectWithConsent(dying, dead, null);
        claviger.health(attempt);
        dying.knobs().deadTokenOver200 = true;
        dying.revokeGrants();
        claviger.health(attempt);
        page("connector-refused", "/connectors/" + dead.id());
    }

    /** Connects and disconnects, until the receipt says this of the step. */
    private String endOf(DemoProvider of, Connector connector, String step, String word) {
        String attempt = claviger.connectWithConsent(of, connector, null);
        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();
        Claviger.until(
                "the receipt",
                () -> claviger.admin("GET", "/api/v1/connections/" + attempt + "/receipt", null)
                        .json()
                        .path("steps")
                        .valueStream()
                        .anyMatch(one -> one.path("name").asString().equals(step)
                                && one.toString().contains(word)));
        return attempt;
    }

    @Override
    public void close() {
        provider.close();
        crowded.close();
        slow.close();
        down.close();
        mute.close();
        fading.close();
        silent.close();
        dying.close();
    }
}
