package dev.claviger.demoprovider;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The least an OAuth and MCP client must do, over real HTTP. */
final class TestClient {

    static final String CALLBACK = "http://localhost:8080/oauth/callback";
    static final String VERIFIER = "v".repeat(64);
    static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();

    HttpResponse<String> get(String url) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    JsonNode json(String url) throws Exception {
        return JSON.readTree(get(url).body());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> postJson(String url, Object body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    HttpResponse<String> postForm(URI server, String path, Map<String, String> form) throws Exception {
        return send(HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(Form.encode(form))));
    }

    String register(URI issuer) throws Exception {
        Map<String, Object> metadata = Map.of(
                "client_name", "Test <client>",
                "application_type", "native",
                "token_endpoint_auth_method", "none",
                "redirect_uris", new String[] {CALLBACK});
        return JSON.readTree(postJson(issuer.resolve("/register").toString(), metadata)
                        .body())
                .path("client_id")
                .asString();
    }

    URI authorizationUrl(DemoProvider provider, String clientId) throws Exception {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", clientId);
        query.put("redirect_uri", CALLBACK);
        query.put("state", "s1");
        query.put("scope", "notes:read");
        query.put("resource", provider.mcpUrl().toString());
        query.put("code_challenge", challenge());
        query.put("code_challenge_method", "S256");
        return provider.issuer().resolve("/authorize?" + Form.encode(query));
    }

    HttpResponse<String> redeem(DemoProvider provider, String clientId, String code) throws Exception {
        return postForm(provider.issuer(), "/token", codeForm(provider, clientId, code));
    }

    static Map<String, String> codeForm(DemoProvider provider, String clientId, String code) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", CALLBACK);
        form.put("client_id", clientId);
        form.put("code_verifier", VERIFIER);
        form.put("resource", provider.mcpUrl().toString());
        return form;
    }

    HttpResponse<String> refresh(DemoProvider provider, String clientId, String refreshToken) throws Exception {
        return postForm(
                provider.issuer(),
                "/token",
                Map.of(
                        "grant_type",
                        "refresh_token",
                        "refresh_token",
                        refreshToken,
                        "client_id",
                        clientId,
                        "resource",
                        provider.mcpUrl().toString()));
    }

    /** Registration, consent and exchange in one go. */
    JsonNode tokens(DemoProvider provider, String clientId) throws Exception {
        String code = parameters(provider.approve(authorizationUrl(provider, clientId)))
                .get("code");
        return JSON.readTree(redeem(provider, clientId, code).body());
    }

    HttpResponse<String> rpc(URI endpoint, String method, Map<String, ?> params, String... headers) throws Exception {
        return postJson(
                endpoint.toString(), Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", params), headers);
    }

    /** Opens a session and returns the headers for what follows. */
    String[] session(URI endpoint, String... credentials) throws Exception {
        HttpResponse<String> answer = rpc(endpoint, "initialize", Map.of("protocolVersion", "2025-11-25"), credentials);
        String[] headers = java.util.Arrays.copyOf(credentials, credentials.length + 4);
        headers[credentials.length] = "Mcp-Session-Id";
        headers[credentials.length + 1] =
                answer.headers().firstValue("Mcp-Session-Id").orElse("none");
        headers[credentials.length + 2] = "MCP-Protocol-Version";
        headers[credentials.length + 3] = "2025-11-25";
        return headers;
    }

    static Map<String, String> parameters(String location) {
        return Form.decode(URI.create(location).getRawQuery());
    }

    private static String challenge() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }
}
