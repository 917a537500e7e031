package dev.claviger.demoprovider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The well-behaved provider, from the first 401 to revocation. */
class WholeFlowTest {

    private final DemoProvider provider = DemoProvider.start();
    private final TestClient client = new TestClient();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void leadsFromAChallengeToToolsAndOnToRevocation() throws Exception {
        HttpResponse<String> refused = client.rpc(provider.mcpUrl(), "initialize", Map.of());
        assertThat(refused.statusCode()).isEqualTo(401);
        String challenge = refused.headers().firstValue("WWW-Authenticate").orElseThrow();
        assertThat(challenge).startsWith("Bearer ").contains("scope=\"notes:read notes:write\"");
        String metadataUrl = challenge.replaceAll(".*resource_metadata=\"([^\"]+)\".*", "$1");

        JsonNode resource = client.json(metadataUrl);
        assertThat(resource.path("resource").asString())
                .isEqualTo(provider.mcpUrl().toString());
        String issuer = resource.path("authorization_servers").path(0).asString();
        assertThat(issuer).isEqualTo(provider.issuer().toString());

        JsonNode metadata = client.json(issuer + "/.well-known/oauth-authorization-server");
        assertThat(metadata.path("issuer").asString()).isEqualTo(issuer);
        assertThat(metadata.path("code_challenge_methods_supported").path(0).asString())
                .isEqualTo("S256");

        String clientId = client.register(provider.issuer());
        String location = provider.approve(client.authorizationUrl(provider, clientId));
        assertThat(location).startsWith(TestClient.CALLBACK + "?");
        Map<String, String> response = TestClient.parameters(location);
        assertThat(response).containsEntry("state", "s1").containsEntry("iss", issuer);

        JsonNode tokens = TestClient.JSON.readTree(
                client.redeem(provider, clientId, response.get("code")).body());
        assertThat(tokens.path("expires_in").asInt()).isEqualTo(3600);
        assertThat(tokens.path("scope").asString()).isEqualTo("notes:read");

        String[] session = client.session(provider.mcpUrl(), bearer(tokens));
        HttpResponse<String> accepted = client.postJson(
                provider.mcpUrl().toString(), Map.of("jsonrpc", "2.0", "method", "notifications/initialized"), session);
        assertThat(accepted.statusCode()).isEqualTo(202);
        JsonNode tools = result(client.rpc(provider.mcpUrl(), "tools/list", Map.of(), session))
                .path("tools");
        assertThat(tools).hasSize(4);
        assertThat(tools.path(0).path("inputSchema").path("$defs").has("notebook"))
                .isTrue();
        JsonNode found = result(client.rpc(
                provider.mcpUrl(),
                "tools/call",
                Map.of("name", "search_notes", "arguments", Map.of("query", "cake")),
                session));
        assertThat(found.path("structuredContent")
                        .path("notes")
                        .path(0)
                        .path("id")
                        .asString())
                .isEqualTo("note-2");

        JsonNode second = refreshed(clientId, tokens);
        JsonNode third = refreshed(clientId, second);
        assertThat(client.refresh(
                                provider, clientId, second.path("refresh_token").asString())
                        .body())
                .contains("invalid_grant");
        assertThat(status(third)).as("reuse ends the family").isEqualTo(401);

        JsonNode again = client.tokens(provider, clientId);
        assertThat(status(again)).isEqualTo(200);
        HttpResponse<String> revoked = client.postForm(
                provider.issuer(),
                "/revoke",
                Map.of("token", again.path("refresh_token").asString(), "client_id", clientId));
        assertThat(revoked.statusCode()).isEqualTo(200);
        assertThat(status(again)).isEqualTo(401);
    }

    @Test
    void marksEverySecret() throws Exception {
        JsonNode tokens = client.tokens(provider, client.register(provider.issuer()));
        assertThat(provider.secretsHandedOut())
                .contains(
                        tokens.path("access_token").asString(),
                        tokens.path("refresh_token").asString())
                .allMatch(secret -> secret.contains("dEmOsEcReT"));
    }

    @Test
    void recordsWhatArrives() throws Exception {
        client.get(provider.issuer() + "/.well-known/oauth-authorization-server?x=1");
        assertThat(provider.count("GET", "/.well-known/")).isEqualTo(1);
        assertThat(provider.requests().get(0).queryParameters()).containsEntry("x", "1");
        assertThat(provider.requests().get(0).header("HOST")).isNotNull();
    }

    @Test
    void tellsTheApplicationThatThePersonRefused() throws Exception {
        String location = provider.deny(client.authorizationUrl(provider, client.register(provider.issuer())));
        assertThat(TestClient.parameters(location))
                .containsEntry("error", "access_denied")
                .containsEntry("state", "s1")
                .doesNotContainKey("code");
    }

    @Test
    void neverRedirectsToAnAddressThatIsNotRegistered() throws Exception {
        String clientId = client.register(provider.issuer());
        String url = client.authorizationUrl(provider, clientId).toString().replace("callback", "elsewhere");
        assertThat(client.get(url).statusCode()).isEqualTo(400);
    }

    @Test
    void escapesTheNameOfTheApplication() throws Exception {
        URI url = client.authorizationUrl(provider, client.register(provider.issuer()));
        assertThat(client.get(url.toString()).body())
                .contains("<title>Acme Notes</title>")
                .contains("Test &lt;client&gt;")
                .doesNotContain("<client>");
    }

    @Test
    void takesACodeOnceAndOnlyWithItsVerifier() throws Exception {
        String clientId = client.register(provider.issuer());
        String code = TestClient.parameters(provider.approve(client.authorizationUrl(provider, clientId)))
                .get("code");
        JsonNode tokens =
                TestClient.JSON.readTree(client.redeem(provider, clientId, code).body());
        assertThat(client.redeem(provider, clientId, code).body()).contains("invalid_grant");
        assertThat(status(tokens)).as("the second use takes back the first").isEqualTo(401);

        String other = TestClient.parameters(provider.approve(client.authorizationUrl(provider, clientId)))
                .get("code");
        Map<String, String> form = TestClient.codeForm(provider, clientId, other);
        form.put("code_verifier", "x".repeat(64));
        assertThat(client.postForm(provider.issuer(), "/token", form).body()).contains("code_verifier");
    }

    @Test
    void insistsOnTheResource() throws Exception {
        String url = client.authorizationUrl(provider, client.register(provider.issuer()))
                .toString()
                .replaceAll("resource=[^&]+", "resource=http%3A%2F%2Fother.example");
        assertThat(TestClient.parameters(provider.approve(URI.create(url)))).containsEntry("error", "invalid_target");
    }

    @Test
    void letsClientsManageTheirRegistration() throws Exception {
        JsonNode registered = TestClient.JSON.readTree(client.postJson(
                        provider.issuer() + "/register",
                        Map.of("redirect_uris", new String[] {"https://claviger.example/oauth/callback"}))
                .body());
        String url = registered.path("registration_client_uri").asString();
        String token = registered.path("registration_access_token").asString();
        assertThat(registered.path("client_secret").asString()).contains(Mint.MARK);
        assertThat(client.get(url).statusCode()).isEqualTo(401);
        assertThat(managed(url, token, "GET", "").statusCode()).isEqualTo(200);
        String change = """
                {"client_id": "%s", "redirect_uris": ["https://claviger.example/new"]}""".formatted(registered.path("client_id").asString());
        assertThat(managed(url, token, "PUT", change).body()).contains("claviger.example/new");
        assertThat(managed(url, token, "DELETE", "").statusCode()).isEqualTo(204);
        assertThat(managed(url, token, "GET", "").statusCode()).isEqualTo(401);
    }

    @Test
    void checksTheApplicationType() throws Exception {
        Map<String, Object> web =
                Map.of("application_type", "web", "redirect_uris", new String[] {TestClient.CALLBACK});
        HttpResponse<String> refused = client.postJson(provider.issuer() + "/register", web);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("invalid_redirect_uri");
    }

    @Test
    void takesAClientRegisteredByHandWithBasicAuthentication() throws Exception {
        DemoProvider.RegisteredClient known = provider.registerClient(URI.create(TestClient.CALLBACK));
        String location = provider.approve(client.authorizationUrl(provider, known.clientId()));
        Map<String, String> form = TestClient.codeForm(
                provider, known.clientId(), TestClient.parameters(location).get("code"));
        assertThat(client.postForm(provider.issuer(), "/token", form).statusCode())
                .isEqualTo(401);
        String basic = java.util.Base64.getEncoder()
                .encodeToString((known.clientId() + ":" + known.clientSecret()).getBytes());
        HttpResponse<String> tokens =
                client.send(HttpRequest.newBuilder(provider.issuer().resolve("/token"))
                        .header("Authorization", "Basic " + basic)
                        .POST(HttpRequest.BodyPublishers.ofString(Form.encode(form))));
        assertThat(tokens.statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> managed(String url, String token, String method, String body) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode refreshed(String clientId, JsonNode tokens) throws Exception {
        HttpResponse<String> answer =
                client.refresh(provider, clientId, tokens.path("refresh_token").asString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return TestClient.JSON.readTree(answer.body());
    }

    private int status(JsonNode tokens) throws Exception {
        return client.rpc(provider.mcpUrl(), "initialize", Map.of(), bearer(tokens))
                .statusCode();
    }

    private static String[] bearer(JsonNode tokens) {
        return new String[] {
            "Authorization", "Bearer " + tokens.path("access_token").asString()
        };
    }

    private static JsonNode result(HttpResponse<String> answer) {
        return TestClient.JSON.readTree(answer.body()).path("result");
    }
}
