package dev.claviger.toolsync.protocol;

import static dev.claviger.toolsync.protocol.OddServer.body;
import static dev.claviger.toolsync.protocol.OddServer.error;
import static dev.claviger.toolsync.protocol.OddServer.events;
import static dev.claviger.toolsync.protocol.OddServer.forEver;
import static dev.claviger.toolsync.protocol.OddServer.initialized;
import static dev.claviger.toolsync.protocol.OddServer.json;
import static dev.claviger.toolsync.protocol.OddServer.result;
import static dev.claviger.toolsync.protocol.OddServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.outbound.LoopbackClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.Tool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Against servers that break the specification, byte by byte. */
@Timeout(30)
class OddServersTest {

    private static final String TOOL = "{\"name\":\"a\",\"inputSchema\":{\"type\":\"object\"}}";
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[" + TOOL + "]}}";

    private final OddServer server = new OddServer();
    private final McpTransport transport = new DualEraTransport(LoopbackClient.create());
    private Limits limits = Limits.within(Duration.ofSeconds(10));

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2025-06-18", "2025-03-26"})
    void speaksTheRevisionTheServerChooses(String version) {
        server.on("initialize", initialized(version)).on("tools/list", json(LIST));
        assertThat(list()).hasSize(1);
        assertThat(server.received("tools/list").get(0).header("Mcp-protocol-version"))
                .isEqualTo(version);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = "=>", textBlock = """
                    no JSON            => <!doctype html>
                    cut off            => {"jsonrpc":"2.0","id":ID,"result":{"tools":[
                    two values         => {"jsonrpc":"2.0","id":ID,"result":{"tools":[]}} {}
                    other id           => {"jsonrpc":"2.0","id":4711,"result":{"tools":[]}}
                    id as text         => {"jsonrpc":"2.0","id":"ID","result":{"tools":[]}}
                    no result          => {"jsonrpc":"2.0","id":ID}
                    result is text     => {"jsonrpc":"2.0","id":ID,"result":"tools"}
                    no list            => {"jsonrpc":"2.0","id":ID,"result":{}}
                    list is an object  => {"jsonrpc":"2.0","id":ID,"result":{"tools":{}}}
                    cursor is a number => {"jsonrpc":"2.0","id":ID,"result":{"tools":[],"nextCursor":7}}
                    error              => {"jsonrpc":"2.0","id":ID,"error":{"code":-32603,"message":"boom"}}
                    empty batch        => []
                    nothing            => ''
                    """)
    void saysThatTheServerDoesNotKeepToTheProtocol(String name, String answer) {
        server.on("tools/list", json(answer));
        refuses(FailureCode.MCP_PROTOCOL_ERROR);
    }

    @Test
    void saysThatAKeyIsThereTwice() {
        server.on("tools/list", json("{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[],\"tools\":[]}}"));
        assertThat(refuses(FailureCode.MCP_PROTOCOL_ERROR)).hasMessageContaining("the same key twice");
    }

    @Test
    void ignoresWhatIsNotMeantForIt() {
        server.on("tools/list", events("""
                        : hello

                        event: other
                        data: not for us

                        data: {"jsonrpc":"2.0","id":4711,"result":{"tools":[]}}

                        data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}

                        data: %s

                        """.formatted(LIST)));
        assertThat(list()).extracting(Tool::name).containsExactly("a");
    }

    @Test
    void doesNotWaitForTheEndOfTheStream() {
        server.on("tools/list", (exchange, id) -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody()
                    .write(("data: " + LIST.replace("ID", id) + "\n\n").getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            OddServer.pause(20_000);
        });
        long start = System.nanoTime();
        assertThat(list()).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void answersPingAndDeclinesTheRest() {
        server.on("tools/list", events("""
                        data: {"jsonrpc":"2.0","id":"p","method":"ping"}

                        data: [{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}},%s]

                        """.formatted(LIST)));
        assertThat(list()).hasSize(1);
        List<JsonNode> answers = server.received("response").stream()
                .map(OddServer.Received::message)
                .toList();
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0).toString()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}");
        assertThat(answers.get(1).path("id").intValue()).isEqualTo(9);
        assertThat(answers.get(1).path("error").path("code").intValue()).isEqualTo(-32601);
    }

    @Test
    void stopsAnsweringAServerThatOnlyAsks() {
        server.on("tools/list", forEver("text/event-stream", "data: {\"id\":1,\"method\":\"ping\"}\n\n", 0));
        exceeds();
    }

    @Test
    void saysThatAStreamEndedWithoutAnAnswer() {
        server.on("tools/list", events("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n"));
        assertThatExceptionOfType(Unreachable.class).isThrownBy(this::list).withMessageContaining("closed its stream");
    }

    @Test
    void stopsReadingAStreamThatNeverEnds() {
        limits = new Limits(Duration.ofSeconds(10), 100_000, 10, 10);
        server.on("tools/list", forEver("text/event-stream", "data: " + "x".repeat(5_000) + "\n", 0));
        exceeds();
    }

    @Test
    void refusesEndlessPagesToolsAndDepth() {
        limits = new Limits(Duration.ofSeconds(10), 1_000_000, 3, 2);
        server.on(
                "tools/list",
                (exchange, id) ->
                        result("{\"tools\":[],\"nextCursor\":\"" + id + "\"}").write(exchange, id));
        exceeds();
        server.on(
                "tools/list",
                result("{\"tools\":[" + TOOL + "," + TOOL.replace("\"a\"", "\"b\"") + ","
                        + TOOL.replace("\"a\"", "\"c\"") + "]}"));
        exceeds();
        server.on("tools/list", result("{\"tools\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"));
        exceeds();
    }

    @Test
    void noticesPagesThatGoRoundInCircles() {
        server.on("tools/list", result("{\"tools\":[],\"nextCursor\":\"again\"}"));
        refuses(FailureCode.MCP_PROTOCOL_ERROR);
    }

    @Test
    void keepsDefinitionsWhole() {
        String definition = """
                {"name":"z","title":"Z","inputSchema":{"$defs":{"b":{},"a":{"const":12345678901234567890,"multipleOf":0.10000000000000000000000000001,"minimum":1.50}},"type":"object"},\
                "outputSchema":{"type":"object"},"annotations":{"readOnlyHint":true},"_meta":{"x/y":null},"icons":[]}""";
        server.on("tools/list", result("{\"tools\":[" + definition + "]}"));
        assertThat(list().get(0).definition().toString()).isEqualTo(definition);
    }

    @ParameterizedTest
    @CsvSource({
        "301, redirects are not followed",
        "404, check its path",
        "405, check its path",
        "400, MCP endpoint",
        "406, MCP endpoint"
    })
    void advisesOnAWrongUrl(int status, String advice) {
        server.on("initialize", status(status, "Location", "http://127.0.0.1/secret-place"));
        assertThat(refuses(FailureCode.MCP_PROTOCOL_ERROR))
                .hasMessageContaining(advice)
                .hasMessageNotContaining("secret-place");
    }

    @Test
    void advisesOnAWebPage() {
        server.on("initialize", body(200, "text/html; charset=utf-8", "<html>"));
        assertThat(refuses(FailureCode.MCP_PROTOCOL_ERROR)).hasMessageContaining("\"text/html\" instead of JSON");
    }

    @ParameterizedTest
    @CsvSource({"408", "429", "500", "502", "504"})
    void waitsWhereWaitingMayHelp(int status) {
        server.on("tools/list", status(status, "Retry-After", "7"));
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(this::list)
                .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
    }

    @Test
    void recognisesServersOfAnotherTime() {
        server.on(
                "initialize",
                body(400, "application/json", "{\"error\":{\"code\":-32022,\"message\":\"no\"},\"id\":null}"));
        refuses(FailureCode.MCP_VERSION_UNSUPPORTED);
        server.on("initialize", error(-32602, "Unsupported protocol version"));
        refuses(FailureCode.MCP_VERSION_UNSUPPORTED);
    }

    @Test
    void doesNotCountARefusalAsAMissingCredential() {
        server.on("tools/list", status(403, "WWW-Authenticate", "Bearer error=\"insufficient_scope\""));
        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(this::list)
                .satisfies(e -> assertThat(e.challenges()).containsExactly("Bearer error=\"insufficient_scope\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":\"invalid_token\",\"error_description\":\"The token expired\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32001,\"message\":\"Unauthorized\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"Invalid API key\"}]}}"
            })
    void recognisesADeadTokenInWhateverForm(String answer) {
        server.on("tools/list", json(answer));
        assertThatExceptionOfType(Unauthorized.class).isThrownBy(this::list);
    }

    @Test
    void neverRepeatsTheSecretAServerEchoes() {
        server.on(
                "tools/list",
                error(-32603, "boom for Authorization: Bearer s3cr3t-t0ken\n\u001b[2J" + "x".repeat(1_000)));
        FreshCredential credential = StreamableHttpTest.credential("Authorization", "Bearer s3cr3t-t0ken");
        Throwable thrown = catchThrowable(() -> list(Map.of(), credential));
        assertThat(thrown)
                .isInstanceOf(Refused.class)
                .hasMessageContaining("boom")
                .hasMessageNotContainingAny("s3cr3t-t0ken", "\n", "\u001b");
        assertThat(thrown.getMessage()).hasSizeLessThan(300);
    }

    @Test
    void letsNoCustomHeaderPoseAsTheProtocols() {
        server.on("tools/list", json(LIST));
        list(Map.of("X-Team", "blue", "accept", "text/html", "Content-Type", "text/plain", "X-Empty", ""), null);
        assertThat(server.received).isNotEmpty().allSatisfy(request -> {
            assertThat(request.header("X-team")).isEqualTo("blue");
            assertThat(request.headers().get("Accept")).containsExactly("application/json, text/event-stream");
            assertThat(request.headers().get("Content-type")).isIn(null, List.of("application/json"));
        });
    }

    @Test
    void refusesASessionIdThatIsNoHeader() {
        server.on("initialize", (exchange, id) -> {
            exchange.getResponseHeaders().add("Mcp-Session-Id", "a b");
            initialized("2025-11-25").write(exchange, id);
        });
        refuses(FailureCode.MCP_PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404})
    void givesUpOnAServerThatKeepsLosingSessions(int status) {
        server.on("initialize", (exchange, id) -> {
                    exchange.getResponseHeaders().add("Mcp-Session-Id", "session-" + id);
                    initialized("2025-11-25").write(exchange, id);
                })
                .on("tools/list", status(status));
        assertThatExceptionOfType(Unreachable.class).isThrownBy(this::list).withMessageContaining("session twice");
        assertThat(server.received("initialize")).hasSize(2);
        assertThat(server.received("DELETE")).hasSize(1);
    }

    @Test
    void neverUsesARequestIdTwice() {
        server.on(
                "tools/list",
                (exchange, id) -> result(
                                id.equals("5") ? "{\"tools\":[]}" : "{\"tools\":[],\"nextCursor\":\"" + id + "\"}")
                        .write(exchange, id));
        assertThat(list()).isEmpty();
        assertThat(server.received.stream()
                        .map(each -> each.message().path("id"))
                        .filter(JsonNode::isNumber)
                        .map(JsonNode::intValue))
                .containsExactly(1, 2, 3, 4, 5);
    }

    private void exceeds() {
        assertThatExceptionOfType(Untrusted.class)
                .isThrownBy(this::list)
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.LIMIT_EXCEEDED));
    }

    private Throwable refuses(FailureCode code) {
        Throwable thrown = catchThrowable(this::list);
        assertThat(thrown).isInstanceOf(Refused.class);
        assertThat(((Refused) thrown).code()).isEqualTo(code);
        return thrown;
    }

    private List<Tool> list() {
        return list(Map.of(), null);
    }

    private List<Tool> list(Map<String, String> headers, FreshCredential credential) {
        try (McpConnection connection =
                transport.connect(new McpTarget(server.url(), headers, credential), limits, null)) {
            connection.open();
            return connection.listTools().tools();
        }
    }
}
