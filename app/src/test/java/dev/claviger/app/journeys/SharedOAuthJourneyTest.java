package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.Recorded;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;

/** From a URL to its tools, with one credential for everybody. */
@ClavigerTest
class SharedOAuthJourneyTest extends OAuthJourney {

    @Test
    void leadsFromTheUrlToToolsAnAgentAndTheAuditTrail() {
        // The authorization server is another host than the MCP server.
        assertThat(provider.issuer().getAuthority())
                .isNotEqualTo(provider.mcpUrl().getAuthority());
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");

        String attempt = claviger.connectWithConsent(provider, connector, null);

        assertThat(claviger.tools(connector)).hasSize(4).contains("search_notes");
        JsonNode line = claviger.line(connector);
        assertThat(line.path("status").asString()).isEqualTo("configured");
        assertThat(line.path("tools").asInt()).isEqualTo(4);

        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "search_notes");
        Claviger.until(
                "the agent to be offered the tool",
                () -> claviger.offered(agent)
                        .getOrDefault(connector.serverKey(), List.of())
                        .equals(List.of("mcp__" + connector.serverKey() + "__search_notes")));
        String authorization = claviger.authorization(agent, connector);
        assertThat(claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", authorization)))
                .isEqualTo(200);

        Claviger.until(
                "the audit trail to tell it",
                () -> claviger.events("attempt=" + attempt).contains("ConnectionEstablished"));
        assertThat(claviger.events("attempt=" + attempt))
                .containsSubsequence(
                        "ConnectionRequested",
                        "AuthorizationStarted",
                        "MetadataDiscovered",
                        "ClientObtained",
                        "ConsentRequested",
                        "AuthorizationResponseReceived",
                        "TokenIssued",
                        "ConnectionEstablished");
        Claviger.until(
                "the history of the connector",
                () -> claviger.events("connector=" + connector.id())
                        .containsAll(List.of("ConnectorCreated", "ToolsSynced")));
        assertThat(claviger.admin("GET", "/api/v1/credentials/" + attempt + "/uses", null)
                        .ok()
                        .json()
                        .path("items")
                        .toString())
                .contains("tools/list");
        assertThat(claviger.audit("attempt=" + attempt))
                .allSatisfy(entry -> assertThat(entry.toString()).doesNotContain(provider.secretsHandedOut()));
    }

    @Test
    void sendsTheSameResourceAndAVerifierAllTheWay() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);

        Recorded authorize = received("/authorize");
        Recorded token = received("/token");
        assertThat(authorize.queryParameters())
                .containsEntry("resource", provider.mcpUrl().toString())
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "code_challenge", "scope");
        assertThat(token.formParameters())
                .containsEntry("resource", provider.mcpUrl().toString())
                .containsEntry("redirect_uri", authorize.queryParameters().get("redirect_uri"))
                .containsKeys("code", "code_verifier");
    }

    @Test
    void saysWhatIsMissingWhenNothingIsFound() {
        provider.knobs().noProtectedResourceMetadata = true;
        provider.knobs().noWellKnown = true;
        failsWith("CLV-102", "bearer token or an API key");
    }

    @Test
    void refusesAnAuthorizationServerWithoutPkce() {
        provider.knobs().noPkceMetadata = true;
        failsWith("CLV-105", "S256");
        assertThat(provider.count("POST", "/register")).isZero();
    }

    @Test
    void asksForAClientByHandWhereNoneCanBeRegistered() {
        provider.knobs().noRegistrationEndpoint = true;
        // The redirect URI that must be entered at the provider is on the page.
        failsWith("CLV-111", "/oauth/callback");
    }

    @Test
    void refusesMetadataOfAnotherIssuer() {
        provider.knobs().wrongMetadataIssuer = true;
        failsWith("CLV-104", "Edit the connector");
    }

    /** The API and the wait page say the code, the page says it in words, and nobody was sent anywhere. */
    private void failsWith(String code, String words) {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        JsonNode answer = claviger.connect(connector);

        assertThat(answer.path("next").asString()).as(answer.toString()).isEqualTo("failed");
        assertThat(answer.path("failure").path("code").asString()).isEqualTo(code);
        assertThat(provider.count("GET", "/authorize")).isZero();

        Browser browser = claviger.signedIn();
        HttpResponse<String> page = browser.get("/connections/" + Claviger.attempt(answer));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("could not be connected", "What to do:", "/help/" + code, "Connect again", words)
                .doesNotContain("Exception");
        assertThat(browser.get("/help/" + code).statusCode()).isEqualTo(200);
        assertThat(claviger.line(connector).path("failure").path("code").asString())
                .isEqualTo(code);
    }

    @Test
    void takesADoubleClickForOne() {
        provider.knobs().registrationDelay = Duration.ofMillis(500);
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        Map<String, String> attempt = Map.of("connectionId", newAttempt());

        List<URI> urls = Stream.of(1, 2, 3)
                .map(click -> CompletableFuture.supplyAsync(() -> claviger.connect(connector, attempt)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .map(Claviger::authorizationUrl)
                .toList();
        URI again = Claviger.authorizationUrl(claviger.connect(connector, attempt));

        assertThat(urls).containsOnly(again);
        assertThat(provider.count("POST", "/register")).isEqualTo(1);
        Claviger.until(
                "the audit trail to tell it",
                () -> claviger.events("attempt=" + attempt.get("connectionId")).contains("ConsentRequested"));
        assertThat(claviger.events("attempt=" + attempt.get("connectionId")))
                .containsOnlyOnce("ConnectionRequested", "AuthorizationStarted", "ConsentRequested");

        claviger.callback(provider.approve(again));
        assertThat(claviger.decided(attempt.get("connectionId")).path("next").asString())
                .isEqualTo("connected");
        // And once more, after all is done.
        assertThat(claviger.connect(connector, attempt).path("next").asString()).isEqualTo("connected");
        assertThat(exchanges()).isEqualTo(1);
    }

    @Test
    void twoConnectsAtOnceEndWithOneClient() {
        provider.knobs().registrationDelay = Duration.ofMillis(700);
        Connector first = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        Connector second = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");

        List<JsonNode> both = Stream.of(first, second)
                .map(connector -> CompletableFuture.supplyAsync(() -> claviger.connect(connector)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        Connector third = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        long registrations = provider.count("POST", "/register");
        JsonNode later = claviger.connect(third);

        assertThat(both.stream().map(Claviger::authorizationUrl).map(SharedOAuthJourneyTest::clientId))
                .containsOnly(clientId(Claviger.authorizationUrl(later)));
        assertThat(provider.count("POST", "/register")).isEqualTo(registrations);
        for (JsonNode answer : List.of(both.get(0), both.get(1), later)) {
            Reply back = claviger.callback(provider.approve(Claviger.authorizationUrl(answer)));
            assertThat(back.status()).isEqualTo(303);
            assertThat(claviger.decided(Claviger.attempt(answer)).path("next").asString())
                    .isEqualTo("connected");
        }
    }

    private static String clientId(URI authorizationUrl) {
        return String.valueOf(UriComponentsBuilder.fromUri(authorizationUrl)
                .build()
                .getQueryParams()
                .getFirst("client_id"));
    }

    private Recorded received(String path) {
        return provider.requests().stream()
                .filter(request -> request.path().equals(path))
                .findFirst()
                .orElseThrow();
    }
}
