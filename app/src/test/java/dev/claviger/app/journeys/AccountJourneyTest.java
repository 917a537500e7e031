package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Whose account a connection is: the wrong one never takes the place of the right one unless an admin says so. */
@ClavigerTest
class AccountJourneyTest extends OAuthJourney {

    private static final Map<String, Object> ANN = Map.of("sub", "u-1001", "email", "ann@acme.example");
    private static final Map<String, Object> BOB = Map.of("sub", "u-1002", "email", "bob@acme.example");

    @Test
    void aWrongAccountNeverTakesThePlaceOfTheRightOne() {
        Connector connector = connector();
        String before = connectAs(ANN, connector, null);
        Agent agent = reader(connector);
        String right = claviger.authorization(agent, connector);

        JsonNode held = consentAs(BOB, connector, null);
        String attempt = Claviger.attempt(held);

        assertThat(next(held)).isEqualTo("account_confirmation_required");
        assertThat(email(held)).isEqualTo("bob@acme.example");
        assertThat(held.path("expectedAccount").path("former").path("email").asString())
                .isEqualTo("ann@acme.example");
        assertThat(claviger.authorization(agent, connector)).isEqualTo(right);
        Browser browser = claviger.signedIn();
        assertThat(browser.get("/connections/" + attempt).body())
                .contains("Is this the right account?", "ann@acme.example", "bob@acme.example")
                .doesNotContain("http-equiv=\"refresh\"");

        assertThat(location(browser.post("/connections/" + attempt + "/discard-account", Map.of())))
                .isEqualTo("/connections/" + attempt);

        JsonNode discarded = claviger.decided(attempt);
        assertThat(discarded.path("failure").path("code").asString()).isEqualTo("CLV-303");
        Claviger.until("the provider to hear of the revocation", () -> provider.count("POST", "/revoke") > 0);
        Claviger.until(
                "the new credential to be shredded",
                () -> claviger.events("attempt=" + attempt).containsAll(List.of("TokenRevoked", "SecretsShredded")));
        assertThat(claviger.authorization(agent, connector)).isEqualTo(right);
        assertThat(claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", right)))
                .isEqualTo(200);
        assertThat(next(claviger.connection(before, 0))).isEqualTo("connected");
        assertThat(claviger.events("attempt=" + before)).doesNotContain("TokenRevoked");
        // Deciding twice changes nothing.
        assertThat(claviger.admin("POST", "/api/v1/connections/" + attempt + "/accept-account", null)
                        .status())
                .isEqualTo(409);
    }

    @Test
    void anAccountThatIsAcceptedTakesOverAndIsTheOneExpected() {
        Connector connector = connector();
        connectAs(ANN, connector, null);
        Agent agent = reader(connector);
        String old = claviger.authorization(agent, connector);
        String attempt = Claviger.attempt(consentAs(BOB, connector, null));

        JsonNode accepted = claviger.admin("POST", "/api/v1/connections/" + attempt + "/accept-account", null)
                .ok()
                .json();

        assertThat(next(accepted)).isEqualTo("connected");
        Claviger.until(
                "the new credential to be handed out",
                () -> !claviger.authorization(agent, connector).equals(old));
        assertThat(claviger.events("attempt=" + attempt))
                .containsSubsequence("AccountLookedUp", "ConnectionHeld", "AccountAccepted", "ConnectionEstablished");
        assertThat(expected(connector).path("former").path("email").asString()).isEqualTo("bob@acme.example");
        assertThat(next(consentAs(ANN, connector, null))).isEqualTo("account_confirmation_required");
        assertThat(next(consentAs(BOB, connector, null))).isEqualTo("connected");
    }

    @Test
    void reconnectingWithTheSameAccountKeepsEverythingAndAsksNothing() {
        Connector connector = connector();
        String before = connectAs(ANN, connector, null);
        Agent agent = reader(connector);
        List<String> tools = claviger.tools(connector);
        expect(connector, null, "ann@acme.example");

        JsonNode again =
                consentAs(Map.of("sub", "u-1001", "email", "ann@acme.example", "name", "Ann"), connector, null);

        assertThat(next(again)).isEqualTo("connected");
        assertThat(again.path("connectorId").asString()).endsWith(connector.id());
        assertThat(claviger.tools(connector)).isEqualTo(tools);
        claviger.awaitOffer(agent, connector, "search_notes");
        assertThat(expected(connector).path("named").asString()).isEqualTo("ann@acme.example");
        assertThat(next(claviger.connection(before, 0))).isEqualTo("ended");
        assertThat(claviger.events("connector=" + connector.id())).doesNotContain("ConnectionHeld");
    }

    @Test
    void theAccountThatAnAdminNamesCountsFromTheFirstConnectOn() {
        Connector connector = connector();
        expect(connector, null, "bob@acme.example");

        JsonNode held = consentAs(ANN, connector, null);

        assertThat(next(held)).isEqualTo("account_confirmation_required");
        assertThat(claviger.line(connector).path("status").asString()).isEqualTo("not_connected");
        claviger.admin("POST", "/api/v1/connections/" + Claviger.attempt(held) + "/discard-account", null)
                .ok();
        assertThat(next(consentAs(BOB, connector, null))).isEqualTo("connected");

        expect(connector, null, " ");
        assertThat(next(consentAs(ANN, connector, null))).isEqualTo("connected");
    }

    @Test
    void eachAgentHasAnAccountOfItsOwn() {
        Connector connector = claviger.oauthConnector("Accounts", provider.mcpUrl(), "per_agent");
        Agent first = claviger.agent("First");
        Agent second = claviger.agent("Second");
        connectAs(ANN, connector, first);
        connectAs(BOB, connector, second);

        assertThat(next(consentAs(BOB, connector, first))).isEqualTo("account_confirmation_required");
        assertThat(next(consentAs(BOB, connector, second))).isEqualTo("connected");

        assertThat(claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/connections", null)
                        .ok()
                        .body())
                .contains("ann@acme.example", "bob@acme.example");
        assertThat(claviger.signedIn().get("/agents/" + first.id()).body())
                .contains("ann@acme.example")
                .doesNotContain("bob@acme.example");
    }

    @Test
    void aProviderThatDoesNotTellHoldsNothingBack() {
        Connector connector = connector();
        String attempt = connectAs(null, connector, null);

        assertThat(claviger.signedIn().get("/connections/" + attempt + "?stay").body())
                .contains("The provider does not tell who this is.");
        connectAs(ANN, connector, null);
        assertThat(next(consentAs(null, connector, null))).isEqualTo("connected");
        // Silence is no reason to forget whose it was.
        assertThat(next(consentAs(BOB, connector, null))).isEqualTo("account_confirmation_required");
    }

    enum Lie {
        ISSUER,
        AUDIENCE,
        EXPIRED,
        UNSIGNED
    }

    @ParameterizedTest
    @EnumSource
    void anIdTokenThatLiesIsNotBelieved(Lie lie) {
        Connector connector = connector();
        connectAs(ANN, connector, null);
        switch (lie) {
            case ISSUER -> provider.knobs().idTokenLies = Map.of("iss", "https://other.acme.example");
            case AUDIENCE -> provider.knobs().idTokenLies = Map.of("aud", "another-client");
            case EXPIRED -> provider.knobs().idTokenLies = Map.of("exp", 1_700_000_000);
            case UNSIGNED -> provider.knobs().idTokenAlgorithm = "none";
        }

        JsonNode held = consentAs(ANN, connector, null);

        assertThat(next(held)).isEqualTo("account_confirmation_required");
        assertThat(held.path("identification").path("account").isNull()).isTrue();
        assertThat(held.path("identification").path("why").asString()).contains("not believed");
    }

    @Test
    void theUserinfoEndpointIsAskedOnlyWhereItsScopeWasGranted() {
        provider.knobs().userinfo = true;
        provider.knobs().idTokens = false;
        Connector without = connector();
        connectAs(ANN, without, null);
        assertThat(provider.count("GET", "/userinfo")).isZero();

        Connector with = withOpenId();
        JsonNode connected = consentAs(ANN, with, null);

        assertThat(next(connected)).isEqualTo("connected");
        assertThat(email(connected)).isEqualTo("ann@acme.example");
        assertThat(connected
                        .path("identification")
                        .path("account")
                        .path("source")
                        .asString())
                .isEqualTo("USERINFO");
        assertThat(next(consentAs(BOB, with, null))).isEqualTo("account_confirmation_required");
    }

    @Test
    void theUserinfoEndpointMustNameWhomTheIdTokenNames() {
        provider.knobs().userinfo = true;
        Connector connector = withOpenId();
        Map<String, Object> bare = Map.of("sub", "u-1001");
        provider.knobs().userinfoLies = Map.of("email", "ann@acme.example");
        assertThat(email(consentAs(bare, connector, null))).isEqualTo("ann@acme.example");

        provider.knobs().userinfoLies = Map.of("sub", "u-666", "email", "ann@acme.example");
        JsonNode held = consentAs(bare, connector, null);

        assertThat(next(held)).isEqualTo("account_confirmation_required");
        assertThat(held.path("identification").path("doubted").asBoolean()).isTrue();
    }

    @Test
    void whatTheProviderTellsIsTextAndNothingElse() {
        Connector connector = connector();
        Map<String, Object> hostile =
                Map.of("sub", "<script>alert(1)</script>", "email", "x\u202e@acme.example", "name", "n".repeat(300));
        String attempt = connectAs(hostile, connector, null);
        Browser browser = claviger.signedIn();

        for (String page : List.of("/connections/" + attempt + "?stay", "/connectors/" + connector.id())) {
            assertThat(browser.get(page).body())
                    .contains("&lt;script&gt;alert(1)")
                    .doesNotContain("<script>alert", "\u202e", "nnnnnnnnnn");
        }
    }

    @Test
    void aToolThatAnAdminChoseTellsWhoseAccountItIs() {
        provider.knobs().idTokens = false;
        provider.knobs().whoami = true;
        Connector connector = asking("shared", "whoami");
        String attempt = connectAs(ANN, connector, null);
        Agent agent = reader(connector);
        String right = claviger.authorization(agent, connector);
        assertThat(claviger.events("attempt=" + attempt))
                .containsSubsequence("ToolsSynced", "AccountAsked", "AccountTold", "ConnectionEstablished");

        JsonNode held = consentAs(BOB, connector, null);

        assertThat(next(held)).isEqualTo("account_confirmation_required");
        assertThat(email(held)).isEqualTo("bob@acme.example");
        JsonNode found = held.path("identification").path("account");
        assertThat(found.path("source").asString()).isEqualTo("TOOL");
        assertThat(found.path("tool").asString()).isEqualTo("whoami");
        assertThat(claviger.authorization(agent, connector)).isEqualTo(right);
        assertThat(claviger.signedIn()
                        .get("/connections/" + Claviger.attempt(held))
                        .body())
                .contains("Is this the right account?", "ann@acme.example", "told by the tool whoami");

        claviger.admin("POST", "/api/v1/connections/" + Claviger.attempt(held) + "/discard-account", null)
                .ok();
        assertThat(next(consentAs(ANN, connector, null))).isEqualTo("connected");
        assertThat(claviger.signedIn().get("/connectors/" + connector.id()).body())
                .contains("ann@acme.example", "told by the tool whoami")
                .doesNotContain("bob@acme.example");
    }

    @Test
    void theToolIsAskedForEachAgentWithItsOwnCredential() {
        provider.knobs().idTokens = false;
        provider.knobs().whoami = true;
        Connector connector = asking("per_agent", "whoami");
        Agent first = claviger.agent("First");
        Agent second = claviger.agent("Second");
        expect(connector, second, "bob@acme.example");
        connectAs(ANN, connector, first);

        JsonNode held = consentAs(ANN, connector, second);

        assertThat(next(held)).isEqualTo("account_confirmation_required");
        assertThat(claviger.credential(second, connector).status()).isNotEqualTo(200);
        claviger.admin("POST", "/api/v1/connections/" + Claviger.attempt(held) + "/discard-account", null)
                .ok();
        connectAs(BOB, connector, second);
        assertThat(claviger.signedIn().get("/agents/" + second.id()).body())
                .contains("bob@acme.example", "told by the tool whoami")
                .doesNotContain("ann@acme.example");
    }

    @Test
    void aTypedKeyHasAnAccountWhereAToolTellsIt() {
        provider.knobs().whoami = true;
        provider.knobs().account = BOB;
        Map<String, Object> settings = new LinkedHashMap<>(Map.of(
                "name", Claviger.unique("Keyed"),
                "url", provider.apiKeyMcpUrl().toString(),
                "authType", "api_key_header",
                "headerName", "X-Api-Key",
                "mode", "shared",
                "accountTool", "whoami"));
        Connector connector = claviger.connector(settings);
        expect(connector, null, "ann@acme.example");

        JsonNode held =
                claviger.decided(Claviger.attempt(claviger.connect(connector, Map.of("token", provider.apiKey()))));

        assertThat(next(held)).isEqualTo("account_confirmation_required");
        assertThat(claviger.line(connector).path("status").asString()).isEqualTo("not_connected");
        provider.knobs().account = ANN;
        assertThat(next(claviger.decided(
                        Claviger.attempt(claviger.connect(connector, Map.of("token", provider.apiKey()))))))
                .isEqualTo("connected");
    }

    @Test
    void aToolIsSuggestedAndNeverCalledBeforeAnAdminChoseIt() {
        provider.knobs().idTokens = false;
        provider.knobs().whoami = true;
        Connector connector = connector();
        String unasked = connectAs(ANN, connector, null);
        Browser browser = claviger.signedIn();
        Claviger.until(
                "the suggestion",
                () -> toolOf(connector).path("suggested").toString().equals("[\"whoami\"]"));
        assertThat(browser.get("/connectors/" + connector.id()).body())
                .contains("Ask it after each connect", "The provider does not tell who this is.");
        assertThat(toolCalls()).isZero();
        assertThat(claviger.events("attempt=" + unasked)).doesNotContain("AccountAsked");

        browser.post("/connectors/" + connector.id() + "/account-tool", Map.of("tool", "whoami"));

        assertThat(toolOf(connector).path("tool").asString()).isEqualTo("whoami");
        assertThat(toolCalls()).isZero();
        assertThat(email(consentAs(ANN, connector, null))).isEqualTo("ann@acme.example");
        assertThat(toolCalls()).isEqualTo(1);
        claviger.admin("PUT", "/api/v1/connectors/" + connector.id() + "/account-tool", Map.of())
                .ok();
        connectAs(ANN, connector, null);
        assertThat(toolCalls()).isEqualTo(1);
    }

    @Test
    void aToolThatDoesNotTellIsNoReasonToBelieve() {
        provider.knobs().idTokens = false;
        provider.knobs().whoami = true;
        Connector connector = asking("shared", "whoami");
        connectAs(ANN, connector, null);
        provider.knobs().whoamiAnswer =
                Map.of("isError", true, "content", List.of(Map.of("type", "text", "text", "Ask <b>Bob</b>")));

        JsonNode held = consentAs(BOB, connector, null);

        assertThat(next(held)).isEqualTo("account_confirmation_required");
        assertThat(held.path("identification").path("why").asString()).contains("answered with an error");
        claviger.admin("POST", "/api/v1/connections/" + Claviger.attempt(held) + "/discard-account", null)
                .ok();
        provider.knobs().whoamiAnswer = Map.of(
                "content",
                List.of(Map.of(
                        "type", "text", "text", "{\"login\":\"<script>alert(1)</script>\",\"name\":\"n\\u202e\"}")));
        String hostile = Claviger.attempt(consentAs(BOB, connector, null));
        assertThat(claviger.signedIn().get("/connections/" + hostile).body())
                .contains("&lt;script&gt;alert(1)")
                .doesNotContain("<script>alert", "\u202e");
    }

    @Test
    void noToolIsAskedWhereTheProviderTells() {
        provider.knobs().whoami = true;
        Connector connector = asking("shared", "whoami");
        connectAs(ANN, connector, null);
        assertThat(toolCalls()).isZero();
    }

    private Connector asking(String mode, String tool) {
        return claviger.connector(Map.of(
                "name",
                Claviger.unique("Asking"),
                "url",
                provider.mcpUrl().toString(),
                "authType",
                "oauth",
                "mode",
                mode,
                "accountTool",
                tool));
    }

    private JsonNode toolOf(Connector connector) {
        return claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/account-tool", null)
                .ok()
                .json();
    }

    private long toolCalls() {
        return provider.requests().stream()
                .filter(request -> request.body().contains("tools/call"))
                .count();
    }

    private Connector connector() {
        return claviger.oauthConnector("Accounts", provider.mcpUrl(), "shared");
    }

    /** An admin who wants to know asks for the scope. */
    private Connector withOpenId() {
        List<String> supported = new ArrayList<>(provider.knobs().scopesSupported);
        supported.add("openid");
        provider.knobs().scopesSupported = supported;
        return claviger.connector(Map.of(
                "name",
                Claviger.unique("Accounts"),
                "url",
                provider.mcpUrl().toString(),
                "authType",
                "oauth",
                "mode",
                "shared",
                "oauth",
                Map.of("scope", "notes:read openid")));
    }

    private String connectAs(@Nullable Map<String, Object> person, Connector connector, @Nullable Agent agent) {
        JsonNode connected = consentAs(person, connector, agent);
        assertThat(next(connected)).as(connected.toString()).isEqualTo("connected");
        return Claviger.attempt(connected);
    }

    private JsonNode consentAs(@Nullable Map<String, Object> person, Connector connector, @Nullable Agent agent) {
        provider.knobs().account = person;
        JsonNode asked = agent == null ? claviger.connect(connector) : claviger.connect(connector, agent);
        claviger.callback(provider.approve(Claviger.authorizationUrl(asked)));
        return claviger.decided(Claviger.attempt(asked));
    }

    private void expect(Connector connector, @Nullable Agent agent, String account) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("expected", account);
        if (agent != null) {
            body.put("agentId", agent.id());
        }
        claviger.admin("PUT", "/api/v1/connectors/" + connector.id() + "/expected-account", body)
                .ok();
    }

    private JsonNode expected(Connector connector) {
        return claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/expected-account", null)
                .ok()
                .json();
    }

    private Agent reader(Connector connector) {
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "search_notes");
        claviger.awaitOffer(agent, connector, "search_notes");
        return agent;
    }

    private static String next(JsonNode answer) {
        return answer.path("next").asString();
    }

    private static String email(JsonNode answer) {
        return answer.path("identification").path("account").path("email").asString();
    }
}
