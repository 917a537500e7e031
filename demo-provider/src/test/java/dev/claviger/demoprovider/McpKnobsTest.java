package dev.claviger.demoprovider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The doors of the MCP server, and each of its knobs. */
class McpKnobsTest {

    private final DemoProvider provider = DemoProvider.start();
    private final Knobs knobs = provider.knobs();
    private final TestClient client = new TestClient();
    private final URI open = provider.openMcpUrl();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void takesKeysAndBearerTokens() throws Exception {
        assertThat(initialize(provider.apiKeyMcpUrl()).statusCode()).isEqualTo(401);
        assertThat(initialize(provider.apiKeyMcpUrl(), "X-Api-Key", provider.apiKey())
                        .statusCode())
                .isEqualTo(200);
        assertThat(initialize(provider.bearerMcpUrl()).statusCode()).isEqualTo(401);
        assertThat(initialize(provider.bearerMcpUrl(), "Authorization", "Bearer " + provider.bearerToken())
                        .statusCode())
                .isEqualTo(200);
        assertThat(initialize(open).statusCode()).isEqualTo(200);
    }

    @Test
    void listsForEverybodyButCallsForTheKeyOnly() throws Exception {
        String[] session = client.session(provider.openListMcpUrl());
        assertThat(list(provider.openListMcpUrl(), session).statusCode()).isEqualTo(200);
        assertThat(client.rpc(provider.openListMcpUrl(), "tools/call", Map.of("name", "list_notebooks"), session)
                        .statusCode())
                .isEqualTo(401);
        knobs.openList = true;
        assertThat(initialize(provider.mcpUrl()).statusCode()).isEqualTo(200);
    }

    @Test
    void pagesWithAnEmptyCursorInTheMiddle() throws Exception {
        knobs.pageSize = 1;
        String[] session = client.session(open);
        List<String> cursors = new ArrayList<>();
        List<String> names = new ArrayList<>();
        JsonNode page = result(list(open, session));
        while (true) {
            page.path("tools").forEach(tool -> names.add(tool.path("name").asString()));
            if (!page.has("nextCursor")) {
                break;
            }
            cursors.add(page.path("nextCursor").asString());
            page = result(client.rpc(open, "tools/list", Map.of("cursor", cursors.get(cursors.size() - 1)), session));
        }
        assertThat(names).containsExactly("search_notes", "create_note", "list_notebooks", "get_weather");
        assertThat(cursors).hasSize(3).startsWith("");
        assertThat(client.rpc(open, "tools/list", Map.of("cursor", "made up"), session)
                        .body())
                .contains("-32602");
    }

    @Test
    void writesNotesAndFindsThem() throws Exception {
        String[] session = client.session(open);
        Map<String, ?> note = Map.of("notebook", "work", "title", "Keys", "text", "under the mat");
        client.rpc(open, "tools/call", Map.of("name", "create_note", "arguments", note), session);
        Map<String, ?> search = Map.of("name", "search_notes", "arguments", Map.of("query", "MAT"));
        assertThat(client.rpc(open, "tools/call", search, session).body()).contains("note-4");
    }

    @Test
    void keepsSessions() throws Exception {
        assertThat(list(open).statusCode()).as("no session").isEqualTo(400);
        String[] session = client.session(open);
        assertThat(list(open, session[0], session[1]).statusCode())
                .as("no version")
                .isEqualTo(400);
        assertThat(delete(session).statusCode()).isEqualTo(204);
        assertThat(list(open, session).statusCode()).as("session ended").isEqualTo(404);
        assertThat(client.get(open.toString()).statusCode()).isEqualTo(405);
    }

    @Test
    void speaksTheModernRevisionStrictly() throws Exception {
        knobs.modern = true;
        assertThat(initialize(open).statusCode()).isEqualTo(400);
        assertThat(initialize(open).body()).contains("2026-07-28");
        Map<String, ?> meta = Map.of(
                "io.modelcontextprotocol/protocolVersion",
                "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities",
                Map.of());
        String[] version = {"MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "server/discover"};
        assertThat(client.rpc(open, "server/discover", Map.of("_meta", meta), version)
                        .body())
                .contains("supportedVersions");
        assertThat(client.rpc(open, "tools/list", Map.of("_meta", meta), version)
                        .body())
                .contains("-32020");
        version[3] = "made/up";
        assertThat(client.rpc(open, "made/up", Map.of("_meta", meta), version).statusCode())
                .isEqualTo(404);
        version[1] = "1999-12-31";
        Map<String, ?> old = Map.of(
                "io.modelcontextprotocol/protocolVersion",
                "1999-12-31",
                "io.modelcontextprotocol/clientCapabilities",
                Map.of());
        assertThat(client.rpc(open, "made/up", Map.of("_meta", old), version).body())
                .contains("-32022", "2026-07-28");
    }

    @Test
    void losesASessionOnce() throws Exception {
        String[] session = client.session(open);
        knobs.sessionLostOnce = true;
        assertThat(list(open, session).statusCode()).isEqualTo(404);
        assertThat(list(open, client.session(open)).statusCode()).isEqualTo(200);
    }

    @Test
    void worksWithoutSessions() throws Exception {
        knobs.noSession = true;
        assertThat(initialize(open).headers().map()).doesNotContainKey("mcp-session-id");
        assertThat(list(open).statusCode()).isEqualTo(200);
        knobs.refuse405Delete = true;
        assertThat(delete("Mcp-Session-Id", "any").statusCode()).isEqualTo(405);
    }

    @Test
    void answersAsAnEventStream() throws Exception {
        knobs.sse = true;
        HttpResponse<String> answer = initialize(open);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(answer.body()).startsWith(": ").contains("data: {");
        knobs.serverPing = true;
        assertThat(initialize(open).body()).contains("\"method\":\"ping\"");
    }

    @Test
    void streamsForEver() throws Exception {
        knobs.sseEndless = true;
        HttpRequest request = HttpRequest.newBuilder(open)
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}"))
                .build();
        try (InputStream body = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            assertThat(new String(body.readNBytes(60))).doesNotContain("data");
        }
    }

    @Test
    void answersInBatches() throws Exception {
        knobs.batchAnswers = true;
        assertThat(initialize(open).body()).startsWith("{");
        assertThat(list(open, client.session(open)).body()).startsWith("[");
    }

    @Test
    void offersNothing() throws Exception {
        knobs.emptyToolList = true;
        assertThat(result(list(open, client.session(open))).path("tools")).isEmpty();
        knobs.noToolsCapability = true;
        assertThat(result(initialize(open)).path("capabilities")).isEmpty();
        assertThat(list(open, client.session(open)).body()).contains("-32601");
    }

    @Test
    void offersOtherTools() throws Exception {
        knobs.tools = List.of(Map.of("name", "only", "inputSchema", Map.of("type", "object")));
        assertThat(list(open, client.session(open)).body()).contains("only").doesNotContain("search_notes");
    }

    @Test
    void speaksAnUnknownVersion() throws Exception {
        knobs.unsupportedVersion = true;
        assertThat(result(initialize(open)).path("protocolVersion").asString()).isEqualTo("1999-12-31");
    }

    @Test
    void isDownOrSlowOrHuge() throws Exception {
        String[] session = client.session(open);
        knobs.mcpHuge = true;
        assertThat(list(open, session).body()).hasSizeGreaterThan(32 * 1024 * 1024);
        knobs.mcpHuge = false;
        knobs.mcpDelay = Duration.ofMillis(200);
        long start = System.nanoTime();
        client.rpc(open, "ping", Map.of(), session);
        knobs.mcpDelay = Duration.ZERO;
        knobs.mcpSlow = true;
        assertThat(client.rpc(open, "ping", Map.of(), session).statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(2));
        knobs.mcp503 = true;
        assertThat(initialize(open).statusCode()).isEqualTo(503);
    }

    @Test
    void hidesADeadTokenBehindStatus200() throws Exception {
        knobs.deadTokenOver200 = true;
        HttpResponse<String> answer = list(provider.mcpUrl(), "Authorization", "Bearer dead");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("error").contains("expired");
    }

    @Test
    void wantsMoreScope() throws Exception {
        String token = client.tokens(provider, client.register(provider.issuer()))
                .path("access_token")
                .asString();
        knobs.insufficientScope = true;
        HttpResponse<String> answer = initialize(provider.mcpUrl(), "Authorization", "Bearer " + token);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("insufficient_scope");
    }

    @Test
    void expiresAccessTokensAtOnce() throws Exception {
        String token = client.tokens(provider, client.register(provider.issuer()))
                .path("access_token")
                .asString();
        provider.expireAccessTokens();
        assertThat(initialize(provider.mcpUrl(), "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(401);
    }

    private HttpResponse<String> initialize(URI endpoint, String... headers) throws Exception {
        return client.rpc(endpoint, "initialize", Map.of("protocolVersion", "2025-11-25"), headers);
    }

    private HttpResponse<String> list(URI endpoint, String... headers) throws Exception {
        return client.rpc(endpoint, "tools/list", Map.of(), headers);
    }

    private HttpResponse<String> delete(String... headers) throws Exception {
        return client.send(HttpRequest.newBuilder(open).headers(headers).DELETE());
    }

    private static JsonNode result(HttpResponse<String> answer) {
        return TestClient.JSON.readTree(answer.body()).path("result");
    }
}
