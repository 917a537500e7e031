package dev.claviger.demoprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each knob of discovery, registration, consent and token endpoint does what it says. */
class AuthorizationKnobsTest {

    private static final String WELL_KNOWN = "/.well-known/oauth-authorization-server";
    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String RESOURCE = "/.well-known/oauth-protected-resource";

    private final DemoProvider provider = DemoProvider.start();
    private final Knobs knobs = provider.knobs();
    private final TestClient client = new TestClient();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void hidesTheResourceMetadata() throws Exception {
        knobs.noProtectedResourceMetadata = true;
        assertThat(client.get(mcp(RESOURCE)).statusCode()).isEqualTo(404);
        assertThat(challenge()).doesNotContain("resource_metadata");
    }

    @Test
    void keepsOnlyTheRootResourceMetadata() throws Exception {
        knobs.rootResourceMetadataOnly = true;
        assertThat(client.get(mcp(RESOURCE + "/mcp")).statusCode()).isEqualTo(404);
        assertThat(client.get(mcp(RESOURCE)).statusCode()).isEqualTo(200);
    }

    @Test
    void challengesInUnusualWays() throws Exception {
        knobs.severalChallenges = true;
        assertThat(challenge()).startsWith("Basic realm=").contains(", Bearer resource_metadata=");
        knobs.noChallengeScope = true;
        assertThat(challenge()).doesNotContain("scope");
        knobs.noChallengeHeader = true;
        assertThat(client.rpc(provider.mcpUrl(), "initialize", Map.of())
                        .headers()
                        .map())
                .doesNotContainKey("www-authenticate");
    }

    @Test
    void publishesAnotherResource() throws Exception {
        knobs.resourceOverride = "https://evil.example/mcp";
        knobs.noAuthorizationServers = true;
        JsonNode document = client.json(mcp(RESOURCE + "/mcp"));
        assertThat(document.path("resource").asString()).isEqualTo("https://evil.example/mcp");
        assertThat(document.path("authorization_servers")).isEmpty();
    }

    @Test
    void namesOtherAuthorizationServersFirstAndAnotherScope() throws Exception {
        knobs.moreAuthorizationServers = List.of("https://other.example");
        knobs.challengeScope = "notes:admin";
        assertThat(client.json(mcp(RESOURCE + "/mcp"))
                        .path("authorization_servers")
                        .get(0)
                        .asString())
                .isEqualTo("https://other.example");
        assertThat(challenge()).contains("scope=\"notes:admin\"");
    }

    @Test
    void callsItselfOtherwiseThanItIsFound() throws Exception {
        knobs.publishedIssuer = "https://cf.acme.example";
        assertThat(client.json(provider.issuer() + WELL_KNOWN).path("issuer").asString())
                .isEqualTo("https://cf.acme.example");
        assertThat(provider.approve(client.authorizationUrl(provider, client.register(provider.issuer()))))
                .contains("iss=https%3A%2F%2Fcf.acme.example");
    }

    @Test
    void namesItsTokenEndpointTwice() throws Exception {
        knobs.duplicateMetadataKeys = true;
        assertThat(client.get(provider.issuer() + WELL_KNOWN).body().split("\"token_endpoint\"", -1))
                .hasSize(3);
    }

    @Test
    void takesOnlyRequestsThatWerePushedAndEachOnce() throws Exception {
        knobs.requirePushedRequests = true;
        String id = client.register(provider.issuer());
        URI carried = client.authorizationUrl(provider, id);
        assertThat(client.get(carried.toString()).statusCode()).isEqualTo(400);

        Map<String, String> form = new HashMap<>(Form.decode(carried.getRawQuery()));
        HttpResponse<String> pushed = client.postForm(provider.issuer(), "/par", form);
        assertThat(pushed.statusCode()).isEqualTo(201);
        String requestUri =
                JsonMapper.shared().readTree(pushed.body()).path("request_uri").asString();
        URI named = URI.create(
                provider.issuer() + "/authorize?" + Form.encode(Map.of("client_id", id, "request_uri", requestUri)));
        assertThat(provider.approve(named)).contains("code=");
        assertThat(client.get(named.toString()).statusCode()).isEqualTo(400);

        knobs.refusePushedRequests = "invalid_scope";
        assertThat(client.postForm(provider.issuer(), "/par", form).body()).contains("invalid_scope");
    }

    @Test
    void refusesAtTheAuthorizationEndpoint() throws Exception {
        String id = client.register(provider.issuer());
        knobs.refuseResource = true;
        assertThat(provider.approve(client.authorizationUrl(provider, id))).contains("error=invalid_target");
        knobs.authorizationError = "unauthorized_client";
        assertThat(provider.approve(client.authorizationUrl(provider, id))).contains("error=unauthorized_client");
    }

    @Test
    void hidesTheServerMetadata() throws Exception {
        knobs.oidcOnly = true;
        assertThat(client.get(provider.issuer() + WELL_KNOWN).statusCode()).isEqualTo(404);
        assertThat(client.get(provider.issuer() + OPENID).statusCode()).isEqualTo(200);
        knobs.noWellKnown = true;
        assertThat(client.get(provider.issuer() + OPENID).statusCode()).isEqualTo(404);
    }

    @Test
    void putsTheIssuerUnderAPath() throws Exception {
        URI origin = provider.issuer();
        knobs.issuerPath = "/tenant";
        assertThat(client.get(origin + WELL_KNOWN).statusCode()).isEqualTo(404);
        assertThat(client.json(origin + WELL_KNOWN + "/tenant").path("issuer").asString())
                .isEqualTo(provider.issuer().toString());
        assertThat(client.get(origin + OPENID + "/tenant").statusCode()).isEqualTo(200);
        assertThat(client.get(origin + "/tenant" + OPENID).statusCode()).isEqualTo(200);
    }

    @Test
    void isAnAuthorizationServerOnTheOriginOfTheMcpServer() throws Exception {
        assertThat(client.get(mcp(WELL_KNOWN)).statusCode()).isEqualTo(404);
        knobs.authorizationServerOnMcpOrigin = true;
        assertThat(client.json(mcp(WELL_KNOWN)).path("token_endpoint").asString())
                .isEqualTo(mcp("/token"));
    }

    @Test
    void leavesThingsOutOfTheMetadata() throws Exception {
        knobs.noPkceMetadata = true;
        knobs.noRegistrationEndpoint = true;
        knobs.noRevocationEndpoint = true;
        knobs.advertiseIss = false;
        JsonNode metadata = metadata();
        assertThat(metadata.has("code_challenge_methods_supported")).isFalse();
        assertThat(metadata.has("registration_endpoint")).isFalse();
        assertThat(metadata.has("revocation_endpoint")).isFalse();
        assertThat(metadata.has("authorization_response_iss_parameter_supported"))
                .isFalse();
    }

    @Test
    void liesInTheMetadata() throws Exception {
        knobs.wrongMetadataIssuer = true;
        assertThat(metadata().path("issuer").asString()).isNotEqualTo(provider.issuer() + "");
        knobs.javascriptEndpoints = true;
        assertThat(metadata().path("authorization_endpoint").asString()).startsWith("javascript:");
        knobs.httpEndpointsOnOtherHost = true;
        assertThat(metadata().path("token_endpoint").asString()).isEqualTo("http://attacker.example/token");
        knobs.metadataServiceEndpoints = true;
        assertThat(metadata().path("token_endpoint").asString()).startsWith("http://169.254.169.254/");
    }

    @Test
    void sendsMetadataThatIsNone() throws Exception {
        knobs.metadataHuge = true;
        assertThat(client.get(provider.issuer() + WELL_KNOWN).body()).hasSizeGreaterThan(8 * 1024 * 1024);
        knobs.metadataRedirect = true;
        assertThat(client.get(provider.issuer() + WELL_KNOWN).statusCode()).isEqualTo(302);
        knobs.metadataHtml = true;
        assertThat(client.get(provider.issuer() + WELL_KNOWN).body()).startsWith("<!doctype html>");
    }

    @Test
    void sendsMetadataThatNeverEnds() throws Exception {
        knobs.metadataEndless = true;
        HttpResponse<InputStream> endless = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(provider.issuer() + WELL_KNOWN))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = endless.body()) {
            assertThat(body.readNBytes(300)).hasSize(300);
        }
    }

    @Test
    void refusesRegistration() throws Exception {
        knobs.refuseRedirectUri = true;
        assertThat(register().body()).contains("invalid_redirect_uri");
        knobs.refuseRegistration = true;
        assertThat(register().statusCode()).isEqualTo(403);
        knobs.noRegistrationEndpoint = true;
        assertThat(register().statusCode()).isEqualTo(404);
    }

    @Test
    void choosesTheClientAuthentication() throws Exception {
        knobs.tokenEndpointAuthMethod = "client_secret_post";
        JsonNode registered = TestClient.JSON.readTree(register().body());
        assertThat(registered.path("token_endpoint_auth_method").asString()).isEqualTo("client_secret_post");
        String id = registered.path("client_id").asString();
        String code = TestClient.parameters(provider.approve(client.authorizationUrl(provider, id)))
                .get("code");
        Map<String, String> form = TestClient.codeForm(provider, id, code);
        assertThat(client.postForm(provider.issuer(), "/token", form).body()).contains("invalid_client");
        form.put("client_secret", registered.path("client_secret").asString());
        assertThat(client.postForm(provider.issuer(), "/token", form).statusCode())
                .isEqualTo(200);
    }

    @Test
    void forgetsClients() throws Exception {
        String id = client.register(provider.issuer());
        provider.forgetClients();
        assertThat(client.refresh(provider, id, "any").body()).contains("invalid_client");
    }

    @Test
    void consentsWithoutAPage() throws Exception {
        knobs.consentPage = false;
        String id = client.register(provider.issuer());
        assertThat(client.get(client.authorizationUrl(provider, id).toString()).statusCode())
                .isEqualTo(302);
        assertThat(provider.approve(client.authorizationUrl(provider, id))).contains("code=");
    }

    @Test
    void answersWithAnotherIssuerOrNone() throws Exception {
        URI url = client.authorizationUrl(provider, client.register(provider.issuer()));
        knobs.wrongIss = true;
        assertThat(TestClient.parameters(provider.approve(url))).containsEntry("iss", "https://login.attacker.example");
        knobs.omitIss = true;
        assertThat(TestClient.parameters(provider.approve(url))).doesNotContainKey("iss");
    }

    @Test
    void takesRequestsWithoutAResource() throws Exception {
        knobs.requireResource = false;
        String url = client.authorizationUrl(provider, client.register(provider.issuer()))
                .toString()
                .replaceAll("&resource=[^&]+", "");
        assertThat(TestClient.parameters(provider.approve(URI.create(url)))).containsKey("code");
    }

    @Test
    void givesShortTokensOrNoRefreshToken() throws Exception {
        knobs.accessTokenLifetime = Duration.ofSeconds(7);
        knobs.noRefreshToken = true;
        JsonNode tokens = tokens();
        assertThat(tokens.path("expires_in").asInt()).isEqualTo(7);
        assertThat(tokens.has("refresh_token")).isFalse();
        knobs.omitExpiresIn = true;
        assertThat(tokens().has("expires_in")).isFalse();
    }

    @Test
    void keepsTheRefreshTokenWhenItDoesNotRotate() throws Exception {
        knobs.rotateRefreshTokens = false;
        Session session = new Session();
        assertThat(session.refresh().body()).doesNotContain("refresh_token");
        assertThat(session.refresh().statusCode()).isEqualTo(200);
    }

    @Test
    void honoursARotatedTokenWithoutReuseDetection() throws Exception {
        knobs.reuseDetection = false;
        Session session = new Session();
        assertThat(session.refresh().body()).contains("refresh_token");
        assertThat(session.refresh().statusCode()).isEqualTo(200);
    }

    @Test
    void endsGrants() throws Exception {
        Session session = new Session();
        knobs.refreshInvalidGrant = true;
        assertThat(session.refresh().body()).contains("invalid_grant");
        knobs.refreshInvalidGrant = false;
        provider.revokeGrants();
        assertThat(session.refresh().body()).contains("invalid_grant");
    }

    @Test
    void breaksTheTokenEndpoint() throws Exception {
        Session session = new Session();
        knobs.tokenEndpointHtml = true;
        assertThat(session.refresh().body()).startsWith("<!doctype html>");
        knobs.tokenEndpoint503 = true;
        assertThat(session.refresh().statusCode()).isEqualTo(503);
    }

    @Test
    void losesTheAnswerAfterRotating() throws Exception {
        Session session = new Session();
        knobs.tokenEndpointDropsAnswer = true;
        assertThatThrownBy(session::refresh).isInstanceOf(java.io.IOException.class);
        knobs.tokenEndpointDropsAnswer = false;
        assertThat(session.refresh().body()).contains("used before");
    }

    @Test
    void answersTokensLate() throws Exception {
        Session session = new Session();
        knobs.tokenEndpointDelay = Duration.ofMillis(300);
        long start = System.nanoTime();
        session.refresh();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
    }

    @Test
    void cannotRevokeNow() throws Exception {
        knobs.revocation503 = true;
        assertThat(client.postForm(provider.issuer(), "/revoke", Map.of("token", "x"))
                        .statusCode())
                .isEqualTo(503);
    }

    /** One client with its first tokens. */
    private final class Session {
        private final String clientId = client.register(provider.issuer());
        private final String refreshToken =
                client.tokens(provider, clientId).path("refresh_token").asString();

        Session() throws Exception {}

        HttpResponse<String> refresh() throws Exception {
            return client.refresh(provider, clientId, refreshToken);
        }
    }

    private JsonNode tokens() throws Exception {
        return client.tokens(provider, client.register(provider.issuer()));
    }

    private JsonNode metadata() throws Exception {
        return client.json(provider.issuer() + WELL_KNOWN);
    }

    private String challenge() throws Exception {
        return client.rpc(provider.mcpUrl(), "initialize", Map.of())
                .headers()
                .firstValue("WWW-Authenticate")
                .orElseThrow();
    }

    private HttpResponse<String> register() throws Exception {
        return client.postJson(
                provider.issuer() + "/register",
                Map.of("application_type", "native", "redirect_uris", List.of(TestClient.CALLBACK)));
    }

    private String mcp(String path) {
        return provider.mcpUrl().resolve(path).toString();
    }
}
