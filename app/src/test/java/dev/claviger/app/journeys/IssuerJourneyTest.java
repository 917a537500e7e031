package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider.RegisteredClient;
import dev.claviger.demoprovider.Recorded;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;

/** Which authorization server is asked, with which client, and for what: nothing goes where nobody meant it to go. */
@ClavigerTest
class IssuerJourneyTest extends OAuthJourney {

    @Value("${claviger.public-url}")
    String base;

    @Autowired
    JdbcClient database;

    @Test
    void aServerThatMovesIsUsedNoMoreUntilAnAdminApproves() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        Agent agent = reader(connector);
        String former = provider.issuer().toString();
        String old = claviger.authorization(agent, connector);

        provider.knobs().issuerPath = "/moved";
        String issuer = provider.issuer().toString();
        JsonNode asked = claviger.connect(connector);
        String attempt = Claviger.attempt(asked);

        assertThat(asked.path("next").asString()).isEqualTo("approval_required");
        assertThat(asked.path("formerIssuer").asString()).isEqualTo(former);
        assertThat(asked.path("issuer").asString()).isEqualTo(issuer);
        assertThat(provider.count("POST", "/register")).isEqualTo(1);
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(409);
        assertThat(claviger.offered(agent).get(connector.serverKey())).isEmpty();
        assertThat(claviger.line(connector).path("status").asString()).isEqualTo("needs_consent");
        assertThat(claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/sync", null)
                        .status())
                .isEqualTo(409);
        assertThat(approve(attempt, issuer + "/").status()).isEqualTo(409);

        JsonNode approved = approve(attempt, issuer).ok().json();
        claviger.callback(provider.approve(Claviger.authorizationUrl(approved)));

        assertThat(claviger.decided(attempt).path("next").asString()).isEqualTo("connected");
        assertThat(provider.count("POST", "/register")).isEqualTo(2);
        assertThat(claviger.authorization(agent, connector)).isNotEqualTo(old);
        assertThat(claviger.events("attempt=" + attempt))
                .containsSubsequence("MetadataDiscovered", "IssuerChangeFound", "IssuerApproved", "ClientObtained");
        // The issuer that was approved is the one expected from now on.
        assertThat(claviger.connect(connector).path("next").asString()).isEqualTo("authorization_required");
    }

    @Test
    void aMoveThatIsDeclinedEndsTheAttemptAndTheFormerIssuerIsTakenAgain() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        Agent agent = reader(connector);
        String old = claviger.authorization(agent, connector);
        provider.knobs().issuerPath = "/moved";
        String attempt = Claviger.attempt(claviger.connect(connector));

        JsonNode declined = claviger.admin("POST", "/api/v1/connections/" + attempt + "/decline-issuer", null)
                .ok()
                .json();

        assertThat(declined.path("next").asString()).isEqualTo("failed");
        assertThat(declined.path("failure").path("code").asString()).isEqualTo("CLV-109");
        assertThat(approve(attempt, provider.issuer().toString()).status()).isEqualTo(409);
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(409);

        provider.knobs().issuerPath = "";
        assertThat(claviger.connect(connector).path("next").asString()).isEqualTo("authorization_required");

        assertThat(claviger.authorization(agent, connector)).isEqualTo(old);
    }

    @Test
    void whatOneAgentsConnectionFindsHoldsForTheOthersToo() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "per_agent");
        Agent first = claviger.agent("First");
        Agent second = claviger.agent("Second");
        claviger.connectWithConsent(provider, connector, first);
        assertThat(claviger.credential(first, connector).status()).isEqualTo(200);
        provider.knobs().issuerPath = "/moved";

        JsonNode asked = claviger.connect(connector, second);

        assertThat(asked.path("next").asString()).isEqualTo("approval_required");
        assertThat(claviger.credential(first, connector).status()).isEqualTo(409);

        JsonNode approved = approve(Claviger.attempt(asked), provider.issuer().toString())
                .ok()
                .json();
        claviger.callback(provider.approve(Claviger.authorizationUrl(approved)));
        claviger.decided(Claviger.attempt(asked));

        assertThat(claviger.credential(second, connector).status()).isEqualTo(200);
        // Its token is still the former issuer's; but nobody has to approve the same again.
        assertThat(claviger.credential(first, connector).status()).isEqualTo(409);
        claviger.connectWithConsent(provider, connector, first);
        assertThat(claviger.credential(first, connector).status()).isEqualTo(200);
    }

    @Test
    void aCallThatIsRefusedByAServerThatMovedGoesThroughOnceThatIsApproved() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        claviger.awaitTools(connector, 4);
        provider.revokeGrants();
        provider.knobs().issuerPath = "/moved";

        JsonNode refused = call(connector).ok().json();
        String attempt = Claviger.attempt(refused);

        assertThat(refused.path("state").asString()).isEqualTo("approval_required");
        assertThat(call(connector).status()).isEqualTo(409);

        JsonNode approved = approve(attempt, provider.issuer().toString()).ok().json();
        claviger.callback(provider.approve(Claviger.authorizationUrl(approved)));
        assertThat(claviger.decided(attempt).path("next").asString()).isEqualTo("connected");

        assertThat(call(connector).ok().json().path("state").asString()).isEqualTo("completed");
    }

    @Test
    void theWaitPageShowsBothIssuersAndGoesOnWhenOneIsApproved() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        String former = provider.issuer().toString();
        provider.knobs().issuerPath = "/moved";
        Browser browser = claviger.signedIn();
        String attempt = newAttempt();
        clickConnect(browser, "/connectors/" + connector.id(), attempt);
        Claviger.until(
                "the page to ask",
                () -> browser.get("/connections/" + attempt).body().contains("Approve and go on"));

        assertThat(browser.get("/connections/" + attempt).body())
                .contains("<code>" + former + "</code>", "<code>" + provider.issuer() + "</code>")
                .doesNotContain("http-equiv=\"refresh\"");
        assertThat(location(browser.post(
                        "/connections/" + attempt + "/approve-issuer",
                        Map.of("issuer", provider.issuer().toString()))))
                .isEqualTo("/connections/" + attempt);

        waitForConsent(browser, attempt);
        assertThat(authorizationRequest(browser, attempt).toString()).startsWith("http://127.0.0.1");
    }

    @Test
    void aKnownMismatchOfIssuersIsAcceptedForExactlyThisPair() {
        provider.knobs().publishedIssuer = "https://cf.acme.example";
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");

        JsonNode failed = claviger.connect(connector);

        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-104");
        JsonNode pair = failed.path("issuerMismatch");
        assertThat(pair.path("expected").asString()).isEqualTo(provider.issuer().toString());
        assertThat(pair.path("published").asString()).isEqualTo("https://cf.acme.example");
        assertThat(provider.count("POST", "/register")).isZero();

        JsonNode asked = claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/issuer-exception", pair)
                .ok()
                .json();
        claviger.callback(provider.approve(Claviger.authorizationUrl(asked)));

        assertThat(claviger.decided(Claviger.attempt(asked)).path("next").asString())
                .isEqualTo("connected");
        assertThat(claviger.audit("connector=" + connector.id()))
                .anySatisfy(entry -> assertThat(entry.toString()).contains("accepting that the metadata asked for"));

        // The exception is for this pair and loosens nothing else.
        provider.knobs().publishedIssuer = "https://cf.acme.example/";
        assertThat(claviger.connect(connector).path("failure").path("code").asString())
                .isEqualTo("CLV-104");
        provider.knobs().publishedIssuer = "https://cf.acme.example";
        provider.knobs().noPkceMetadata = true;
        assertThat(claviger.connect(connector).path("failure").path("code").asString())
                .isEqualTo("CLV-105");
    }

    @Test
    void anIssuerIsFrozenWhateverItsMetadataCallsItself() {
        String published = "https://cf.acme.example/" + newAttempt();
        provider.knobs().publishedIssuer = published;
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        JsonNode pair = claviger.connect(connector).path("issuerMismatch");
        JsonNode asked = claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/issuer-exception", pair)
                .ok()
                .json();
        claviger.callback(provider.approve(Claviger.authorizationUrl(asked)));
        String connection = Claviger.attempt(asked);
        claviger.decided(connection);
        Agent agent = reader(connector);
        String named = provider.issuer().toString();

        assertThat(issuerOfCredential(connection)).isEqualTo(named);
        refusesWhileFrozen(named, agent, connector);

        // As credentials were kept that are older than this.
        database.sql("update credentials.credential set issuer = ? where id = cast(? as uuid)")
                .params(published, connection)
                .update();
        refusesWhileFrozen(named, agent, connector);
        refusesWhileFrozen(published, agent, connector);
    }

    @Test
    void whatEnteredEndpointsGaveIsListedAndFrozenByTheirOrigin() {
        RegisteredClient client = client();
        Connector connector = claviger.connector(withOAuth(Map.of(
                "clientId",
                client.clientId(),
                "clientSecret",
                String.valueOf(client.clientSecret()),
                "authorizationEndpoint",
                provider.issuer() + "/authorize",
                "tokenEndpoint",
                provider.issuer() + "/token")));
        claviger.connectWithConsent(provider, connector, null);

        refusesWhileFrozen(provider.issuer().toString(), reader(connector), connector);
    }

    private void refusesWhileFrozen(String issuer, Agent agent, Connector connector) {
        assertThat(claviger.signedIn().get("/emergency").body()).contains("issuer:" + issuer);
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(200);
        JsonNode freeze = claviger.admin(
                        "POST", "/api/v1/freezes", Map.of("subject", "issuer:" + issuer, "reason", "A test"))
                .ok()
                .json();
        assertThat(claviger.admin("GET", "/api/v1/freezes/affected?subject=issuer:" + issuer, null)
                        .ok()
                        .json()
                        .path("credentials")
                        .asInt())
                .isEqualTo(1);

        assertThat(claviger.credential(agent, connector).status()).isEqualTo(423);
        claviger.admin(
                        "POST",
                        "/api/v1/freezes/" + Claviger.uuid(freeze.path("id").asString()) + "/thaw",
                        Map.of("reason", "Over"))
                .ok();
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(200);
    }

    private String issuerOfCredential(String connection) {
        return database.sql("select issuer from credentials.credential where id = cast(? as uuid)")
                .param(connection)
                .query(String.class)
                .single();
    }

    @Test
    void thePageOfTheFailureOffersToAcceptThePair() {
        provider.knobs().publishedIssuer = "https://cf.acme.example/<b>";
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        String failed = Claviger.attempt(claviger.connect(connector));
        Browser browser = claviger.signedIn();

        assertThat(browser.get("/connections/" + failed).body())
                .contains("Accept this pair and connect again", "https://cf.acme.example/&lt;b&gt;")
                .doesNotContain("<b>");
        String attempt = newAttempt();
        assertThat(location(browser.post("/connections/" + failed + "/accept-issuers", Map.of("attempt", attempt))))
                .isEqualTo("/connections/" + attempt);

        waitForConsent(browser, attempt);
    }

    @Test
    void anEnteredClientIsShownToNoOtherAuthorizationServerThanItsOwn() {
        RegisteredClient client = client();
        Connector connector = claviger.connector(withOAuth(Map.of(
                "clientId",
                client.clientId(),
                "clientSecret",
                String.valueOf(client.clientSecret()),
                "issuer",
                "https://login.acme.example")));

        JsonNode failed = claviger.connect(connector);

        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-115");
        assertThat(provider.requests())
                .allMatch(request ->
                        !request.path().equals("/register") && !request.path().equals("/authorize"));
    }

    @Test
    void anEnteredClientDoesNotMoveAlongWithTheServer() {
        RegisteredClient client = client();
        Connector connector = claviger.connector(withOAuth(
                Map.of("clientId", client.clientId(), "clientSecret", String.valueOf(client.clientSecret()))));
        String first = Claviger.attempt(claviger.connect(connector));
        consent(approve(first, provider.issuer().toString()).ok().json());
        provider.knobs().issuerPath = "/moved";
        String attempt = Claviger.attempt(claviger.connect(connector));

        JsonNode failed = approve(attempt, provider.issuer().toString()).ok().json();

        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-115");
    }

    @Test
    void whatAnAdminEnteredGoesNowhereUntilAnIssuerIsNamedOrApproved() {
        RegisteredClient client = client();
        Map<String, String> entered =
                Map.of("clientId", client.clientId(), "clientSecret", String.valueOf(client.clientSecret()));
        Map<String, String> withoutPerson = new LinkedHashMap<>(entered);
        withoutPerson.put("grant", "client_credentials");

        for (Map<String, String> oauth : List.of(entered, withoutPerson)) {
            Connector connector = claviger.connector(withOAuth(oauth));

            JsonNode asked = claviger.connect(connector);

            assertThat(asked.path("next").asString()).isEqualTo("approval_required");
            assertThat(asked.path("formerIssuer").isNull()).isTrue();
            assertThat(asked.path("issuer").asString())
                    .isEqualTo(provider.issuer().toString());
            assertThat(provider.requests())
                    .allMatch(
                            request -> !List.of("/authorize", "/token", "/par").contains(request.path()));
            assertThat(claviger.admin(
                                    "POST", "/api/v1/connections/" + Claviger.attempt(asked) + "/decline-issuer", null)
                            .ok()
                            .json()
                            .path("failure")
                            .path("code")
                            .asString())
                    .isEqualTo("CLV-109");
        }
        assertThat(provider.requests())
                .allMatch(request -> !List.of("/authorize", "/token", "/par").contains(request.path()));
    }

    @Test
    void anIssuerThatWasApprovedForTheEnteredClientIsNotAskedAboutAgain() {
        RegisteredClient client = client();
        Connector connector = claviger.connector(withOAuth(Map.of(
                "grant",
                "client_credentials",
                "clientId",
                client.clientId(),
                "clientSecret",
                String.valueOf(client.clientSecret()))));
        String attempt = Claviger.attempt(claviger.connect(connector));
        assertThat(claviger.signedIn().get("/connections/" + attempt).body())
                .contains("May your client be shown", "<code>" + provider.issuer() + "</code>");

        approve(attempt, provider.issuer().toString()).ok();

        assertThat(claviger.decided(attempt).path("next").asString()).isEqualTo("connected");
        assertThat(claviger.events("attempt=" + attempt))
                .containsSubsequence("MetadataDiscovered", "EnteredClientHeld", "IssuerApproved", "ClientObtained");
        assertThat(claviger.decided(Claviger.attempt(claviger.connect(connector)))
                        .path("next")
                        .asString())
                .isEqualTo("connected");
    }

    @Test
    void aPushedRequestLeavesNothingButItsNameInTheBrowser() {
        provider.knobs().requirePushedRequests = true;
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");

        JsonNode asked = claviger.connect(connector);

        URI url = Claviger.authorizationUrl(asked);
        assertThat(UriComponentsBuilder.fromUri(url).build().getQueryParams())
                .containsOnlyKeys("client_id", "request_uri");
        claviger.callback(provider.approve(url));
        assertThat(claviger.decided(Claviger.attempt(asked)).path("next").asString())
                .isEqualTo("connected");
        assertThat(provider.requests().stream().filter(request -> request.path().equals("/par")))
                .singleElement()
                .satisfies(request -> assertThat(request.formParameters())
                        .containsEntry("resource", provider.mcpUrl().toString())
                        .containsEntry("code_challenge_method", "S256")
                        .containsKeys("state", "redirect_uri", "scope"));
    }

    @Test
    void aPushedRequestThatIsRefusedOrVoidEndsWhereItCanBeSeen() {
        provider.knobs().requirePushedRequests = true;
        provider.knobs().refusePushedRequests = "invalid_scope";
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");

        JsonNode failed = claviger.connect(connector);

        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-128");
        assertThat(failed.path("failure").path("detail").asString()).contains("invalid_scope");

        provider.knobs().refusePushedRequests = null;
        provider.knobs().pushedRequestLifetime = Duration.ofSeconds(2);
        String attempt = Claviger.attempt(claviger.connect(connector));
        Claviger.until(
                "the link to end with the pushed request",
                () -> claviger.connection(attempt, 0).path("authorizationUrl").isNull());
    }

    @Test
    void whatIsSaidOfTheResourceIsSaidAgainAtEveryRefresh() {
        provider.knobs().refuseResource = true;
        provider.knobs().accessTokenLifetime = Duration.ofSeconds(2);
        Connector connector = claviger.connector(
                withOAuth(Map.of("resource", Map.of("way", "audience", "value", "https://api.acme.example/?a=b&c#1"))));
        claviger.connectWithConsent(provider, connector, null);
        Agent agent = reader(connector);

        Claviger.until("a refresh", () -> {
            claviger.credential(agent, connector);
            return tokenRequests("refresh_token") > 0;
        });

        assertThat(provider.requests().stream().filter(IssuerJourneyTest::isOfTheGrant))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(request -> assertThat(parameters(request))
                        .containsEntry("audience", "https://api.acme.example/?a=b&c#1")
                        .doesNotContainKey("resource"));
    }

    @Test
    void aResourceThatIsLeftOutStaysOut() {
        provider.knobs().refuseResource = true;
        Connector connector = claviger.connector(withOAuth(Map.of("resource", Map.of("way", "omit"))));

        claviger.connectWithConsent(provider, connector, null);

        assertThat(provider.requests().stream().filter(IssuerJourneyTest::isOfTheGrant))
                .hasSize(2)
                .allSatisfy(request -> assertThat(parameters(request)).doesNotContainKeys("resource", "audience"));
    }

    @Test
    void aClientThatMayNotAskIsRegisteredAnew() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        provider.knobs().authorizationError = "unauthorized_client";
        JsonNode asked = claviger.connect(connector);
        claviger.callback(provider.approve(Claviger.authorizationUrl(asked)));

        JsonNode failed = claviger.decided(Claviger.attempt(asked));

        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-403");
        provider.knobs().authorizationError = null;
        claviger.connectWithConsent(provider, connector, null);
        assertThat(provider.count("POST", "/register")).isEqualTo(2);
    }

    @Test
    void anErrorFromAnotherIssuerIsNeitherBelievedNorShown() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        JsonNode asked = claviger.connect(connector);
        String state = String.valueOf(UriComponentsBuilder.fromUri(Claviger.authorizationUrl(asked))
                .build()
                .getQueryParams()
                .getFirst("state"));

        claviger.callback("/oauth/callback?error=shocking_lie&error_description=call+a+swindler&state=" + state
                + "&iss=https%3A%2F%2Fevil.example");
        JsonNode failed = claviger.decided(Claviger.attempt(asked));

        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-123");
        assertThat(failed.toString()).doesNotContain("shocking_lie", "swindler", "evil");
        assertThat(claviger.signedIn()
                        .get("/connections/" + Claviger.attempt(asked))
                        .body())
                .doesNotContain("shocking_lie", "swindler", "evil");
    }

    private void consent(JsonNode asked) {
        claviger.callback(provider.approve(Claviger.authorizationUrl(asked)));
        assertThat(claviger.decided(Claviger.attempt(asked)).path("next").asString())
                .isEqualTo("connected");
    }

    private Reply call(Connector connector) {
        return claviger.admin(
                "POST",
                "/api/v1/connectors/" + connector.id() + "/tools/list_notebooks/call",
                Map.of("arguments", Map.of()));
    }

    private Reply approve(String attempt, String issuer) {
        return claviger.admin("POST", "/api/v1/connections/" + attempt + "/approve-issuer", Map.of("issuer", issuer));
    }

    private RegisteredClient client() {
        return provider.registerClient(URI.create(base + "/oauth/callback"));
    }

    private Map<String, Object> withOAuth(Map<String, ?> oauth) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("name", Claviger.unique("Notes"));
        settings.put("url", provider.mcpUrl().toString());
        settings.put("authType", "oauth");
        settings.put("mode", "shared");
        settings.put("oauth", oauth);
        return settings;
    }

    private Agent reader(Connector connector) {
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "search_notes");
        claviger.awaitOffer(agent, connector, "search_notes");
        return agent;
    }

    private long tokenRequests(String grantType) {
        return provider.requests().stream()
                .filter(request -> request.path().equals("/token")
                        && grantType.equals(request.formParameters().get("grant_type")))
                .count();
    }

    private static boolean isOfTheGrant(Recorded request) {
        return List.of("/authorize", "/token").contains(request.path());
    }

    private static Map<String, String> parameters(Recorded request) {
        return request.method().equals("GET") ? request.queryParameters() : request.formParameters();
    }
}
