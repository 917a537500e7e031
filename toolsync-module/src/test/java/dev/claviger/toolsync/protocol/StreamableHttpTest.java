package dev.claviger.toolsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.LoopbackClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Recorded;
import dev.claviger.toolsync.api.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server that keeps to the specification, and its knobs. */
@Timeout(30)
class StreamableHttpTest {

    private final DemoProvider provider = DemoProvider.start();
    private final McpTransport transport = new DualEraTransport(LoopbackClient.create());

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void listsToolsAndSaysGoodBye() {
        List<Tool> tools = list(provider.openMcpUrl());

        assertThat(tools)
                .extracting(Tool::name)
                .hasSameSizeAs(provider.knobs().tools)
                .doesNotHaveDuplicates();
        assertThat(tools)
                .allSatisfy(
                        tool -> assertThat(tool.definition().path("inputSchema").isObject())
                                .isTrue());
        assertThat(provider.requests().get(0).body()).contains("server/discover");
        List<Recorded> requests =
                provider.requests().subList(1, provider.requests().size());
        assertThat(requests).extracting(Recorded::method).containsExactly("POST", "POST", "POST", "DELETE");
        assertThat(requests.get(0).header("MCP-Protocol-Version")).isNull();
        assertThat(requests.get(0).header("Mcp-Session-Id")).isNull();
        assertThat(requests.get(0).body()).contains("\"protocolVersion\":\"2025-11-25\"");
        assertThat(requests.get(1).body()).contains("notifications/initialized");
        assertThat(requests.subList(1, 4)).allSatisfy(request -> {
            assertThat(request.header("MCP-Protocol-Version")).isEqualTo("2025-11-25");
            assertThat(request.header("Mcp-Session-Id")).isNotNull();
        });
        assertThat(requests)
                .allSatisfy(request ->
                        assertThat(request.header("Accept")).contains("application/json", "text/event-stream"));
    }

    @Test
    void tellsWhoTheServerIs() {
        try (McpConnection connection = connect(provider.openMcpUrl(), null)) {
            assertThat(connection.open())
                    .isEqualTo(new ServerInfo(
                            "2025-11-25", "acme-notes", "1.4.0", true, Era.LEGACY, Wire.STREAMABLE_HTTP));
        }
    }

    @Test
    void readsAnswersFromEventStreams() {
        List<Tool> plain = list(provider.openMcpUrl());
        provider.knobs().sse = true;
        assertThat(list(provider.openMcpUrl())).isEqualTo(plain);
        provider.knobs().serverPing = true;
        assertThat(list(provider.openMcpUrl())).isEqualTo(plain);
        assertThat(provider.requests())
                .anySatisfy(request -> assertThat(request.body()).contains("\"id\":\"ping-", "\"result\":{}"));
    }

    @Test
    void readsBatches() {
        provider.knobs().batchAnswers = true;
        assertThat(list(provider.openMcpUrl())).hasSameSizeAs(provider.knobs().tools);
        provider.knobs().sse = true;
        assertThat(list(provider.openMcpUrl())).hasSameSizeAs(provider.knobs().tools);
    }

    @Test
    void takesTheEmptyCursorForACursor() {
        provider.knobs().pageSize = 1;
        assertThat(list(provider.openMcpUrl())).hasSameSizeAs(provider.knobs().tools);
        assertThat(provider.requests())
                .anySatisfy(request -> assertThat(request.body()).contains("\"cursor\":\"\""));
    }

    @Test
    void beginsANewSessionWhenTheServerLostOurs() {
        try (McpConnection connection = connect(provider.openMcpUrl(), null)) {
            connection.open();
            provider.knobs().sessionLostOnce = true;
            assertThat(connection.listTools().tools()).hasSameSizeAs(provider.knobs().tools);
        }
        assertThat(provider.requests().stream().filter(request -> request.body().contains("\"initialize\"")))
                .hasSize(2)
                .allSatisfy(request -> {
                    assertThat(request.header("Mcp-Session-Id")).isNull();
                    assertThat(request.header("MCP-Protocol-Version")).isNull();
                });
    }

    @Test
    void needsNoSession() {
        provider.knobs().noSession = true;
        assertThat(list(provider.openMcpUrl())).isNotEmpty();
        assertThat(provider.count("DELETE", "/")).isZero();
    }

    @Test
    void doesNotMindThatAServerKeepsItsSessions() {
        provider.knobs().refuse405Delete = true;
        assertThat(list(provider.openMcpUrl())).isNotEmpty();
    }

    @Test
    void showsTheCredential() {
        assertThat(list(provider.apiKeyMcpUrl(), credential("X-Api-Key", provider.apiKey())))
                .isNotEmpty();
        assertThat(list(provider.bearerMcpUrl(), credential("Authorization", "Bearer " + provider.bearerToken())))
                .isNotEmpty();
        assertThat(list(provider.openListMcpUrl())).isNotEmpty();
    }

    @Test
    void speaksToAStrictModernServer() {
        provider.knobs().modern = true;
        provider.knobs().pageSize = 1;
        try (McpConnection connection = connect(provider.openMcpUrl(), null)) {
            assertThat(connection.open())
                    .isEqualTo(new ServerInfo(
                            "2026-07-28", "acme-notes", "2.0.0", true, Era.MODERN, Wire.STREAMABLE_HTTP));
            ToolListing listing = connection.listTools();
            assertThat(listing.tools()).hasSameSizeAs(provider.knobs().tools);
            assertThat(listing.ttl()).isEqualTo(Duration.ofMinutes(1));
            Tool search = listing.tools().get(0);
            CallResult found = connection.callTool(search, Talk.object("{\"query\":\"cake\"}"), Talk.declining());
            assertThat(Talk.text(found)).contains("Apple cake");

            provider.knobs().asksForInput = true;
            assertThat(connection.callTool(search, Talk.object("{}"), Talk.declining()))
                    .isInstanceOf(CallResult.InputRequired.class);
            Talk talk = new Talk(provider.openMcpUrl());
            assertThat(Talk.text(connection.callTool(
                            search, Talk.object("{\"query\":\"tram\"}"), talk.accepting("{\"sure\":true}"))))
                    .contains("Lisbon");
            assertThat(talk.asked).hasSize(1);
        }
        assertThat(provider.requests())
                .noneSatisfy(request -> assertThat(request.body()).contains("\"initialize\""));
        assertThat(provider.count("DELETE", "/")).isZero();
    }

    @Test
    void tellsTheChallenge() {
        assertThatExceptionOfType(Unauthorized.class)
                .isThrownBy(() -> list(provider.mcpUrl()))
                .satisfies(e ->
                        assertThat(e.challenges()).singleElement().asString().contains("resource_metadata="));
        assertThatExceptionOfType(Unauthorized.class)
                .isThrownBy(() -> list(provider.bearerMcpUrl(), credential("Authorization", "Bearer wrong")))
                .withMessage("The server answered HTTP 401 to server/discover");
    }

    @Test
    void recognisesADeadTokenUnderStatus200() {
        provider.knobs().deadTokenOver200 = true;
        assertThatExceptionOfType(Unauthorized.class)
                .isThrownBy(() -> list(provider.mcpUrl(), credential("Authorization", "Bearer dead")))
                .satisfies(e -> assertThat(e.challenges()).isEmpty());
    }

    @Test
    void namesWhatIsMissing() {
        refuses(FailureCode.MCP_VERSION_UNSUPPORTED, knobs -> provider.knobs().unsupportedVersion = true);
        provider.knobs().unsupportedVersion = false;
        refuses(FailureCode.NO_TOOLS_CAPABILITY, knobs -> provider.knobs().noToolsCapability = true);
        assertThat(provider.requests())
                .noneSatisfy(request -> assertThat(request.body()).contains("tools/list"));
    }

    @Test
    void waitsForAServerThatIsDown() {
        provider.knobs().mcp503 = true;
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> list(provider.openMcpUrl()))
                .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
    }

    @Test
    void stopsReadingAHugeList() {
        provider.knobs().mcpHuge = true;
        assertThatExceptionOfType(Untrusted.class)
                .isThrownBy(() -> list(provider.openMcpUrl()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.LIMIT_EXCEEDED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"drips", "drips events", "sends comments for ever", "keeps silent"})
    void givesUpOnAServerThat(String habit) {
        provider.knobs().mcpSlow = habit.startsWith("drips");
        provider.knobs().sse = habit.equals("drips events");
        provider.knobs().sseEndless = habit.contains("comments");
        provider.knobs().mcpDelay = habit.equals("keeps silent") ? Duration.ofSeconds(20) : Duration.ZERO;
        McpTarget target = new McpTarget(provider.openMcpUrl(), Map.of(), null);
        long start = System.nanoTime();
        try (McpConnection connection = transport.connect(target, Limits.within(Duration.ofMillis(600)), null)) {
            assertThatExceptionOfType(Unreachable.class).isThrownBy(connection::open);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    private void refuses(FailureCode code, Consumer<DemoProvider> knob) {
        knob.accept(provider);
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> list(provider.openMcpUrl()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private List<Tool> list(URI url) {
        return list(url, null);
    }

    private List<Tool> list(URI url, FreshCredential credential) {
        try (McpConnection connection = connect(url, credential)) {
            connection.open();
            return connection.listTools().tools();
        }
    }

    private McpConnection connect(URI url, FreshCredential credential) {
        return transport.connect(new McpTarget(url, Map.of(), credential), Limits.within(Duration.ofSeconds(10)), null);
    }

    static FreshCredential credential(String header, String value) {
        return new FreshCredential(new CredentialId(UUID.randomUUID()), header, Secret.of(value), 1, null);
    }
}
