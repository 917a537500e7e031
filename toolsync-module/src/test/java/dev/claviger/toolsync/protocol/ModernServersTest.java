package dev.claviger.toolsync.protocol;

import static dev.claviger.toolsync.protocol.OddServer.body;
import static dev.claviger.toolsync.protocol.OddServer.error;
import static dev.claviger.toolsync.protocol.OddServer.events;
import static dev.claviger.toolsync.protocol.OddServer.inTurn;
import static dev.claviger.toolsync.protocol.OddServer.result;
import static dev.claviger.toolsync.protocol.OddServer.status;
import static dev.claviger.toolsync.protocol.OddServer.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.DroppedTool;
import dev.claviger.toolsync.api.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The conversation without a handshake, against servers that speak it well and badly. */
@Timeout(30)
class ModernServersTest {

    private static final String DONE =
            "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
    private static final String CONFIRM = """
            {"method":"elicitation/create","params":{"mode":"form","message":"Sure?",\
            "requestedSchema":{"type":"object","properties":{"ok":{"type":"boolean"}}}}}""";

    private final OddServer server = new OddServer().modern();
    private final Talk talk = new Talk(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void saysOnEveryRequestWhatItIsAbout() {
        server.on("tools/list", result("{\"tools\":[" + Talk.TOOL + "]}")).on("tools/call", result(DONE));
        talk.open(connection -> {
            connection.listTools();
            return connection.callTool(Talk.tool("a"), Talk.object("{\"x\":1}"), Talk.declining());
        });
        assertThat(server.received)
                .extracting(OddServer.Received::method)
                .containsExactly("server/discover", "tools/list", "tools/call");
        assertThat(server.received).allSatisfy(request -> {
            JsonNode meta = request.message().path("params").path("_meta");
            assertThat(request.header("Mcp-protocol-version")).isEqualTo("2026-07-28");
            assertThat(meta.path("io.modelcontextprotocol/protocolVersion").stringValue())
                    .isEqualTo("2026-07-28");
            assertThat(meta.path("io.modelcontextprotocol/clientInfo")
                            .path("name")
                            .stringValue())
                    .isEqualTo("claviger");
            assertThat(meta.path("io.modelcontextprotocol/clientCapabilities").isObject())
                    .isTrue();
            assertThat(request.header("Mcp-method")).isEqualTo(request.method());
            assertThat(request.header("Accept")).contains("application/json", "text/event-stream");
            assertThat(request.headers()).doesNotContainKey("Mcp-session-id");
        });
        assertThat(server.received.get(1).message().toString()).doesNotContain("elicitation");
        assertThat(server.received.get(2).message().toString()).contains("\"elicitation\":{\"form\":{},\"url\":{}}");
        assertThat(server.received.get(2).header("Mcp-name")).isEqualTo("a");
        assertThat(server.received.get(1).headers()).doesNotContainKey("Mcp-name");
    }

    @Test
    void tellsWhoTheServerIs() {
        assertThat(talk.greet())
                .isEqualTo(new ServerInfo("2026-07-28", "odd", "2", true, Era.MODERN, Wire.STREAMABLE_HTTP));
    }

    @Test
    void triesTheRevisionThatTheServerSupports() {
        String refusal = """
                {"jsonrpc":"2.0","id":ID,"error":{"code":-32022,"message":"no","data":{"supported":["2026-07-28"]}}}""";
        server.on("tools/list", inTurn(body(400, "application/json", refusal), result("{\"tools\":[]}")));
        assertThat(talk.list().tools()).isEmpty();
        assertThat(server.received("tools/list")).hasSize(2);

        server.on("tools/list", body(400, "application/json", refusal.replace("2026-07-28", "2031-01-01")));
        refuses(FailureCode.MCP_VERSION_UNSUPPORTED, talk::list).withMessageContaining("2031-01-01");
    }

    @Test
    void keepsWhatTheServerSaysOfFreshness() {
        server.on("tools/list", inTurn(result("""
                                {"tools":[],"nextCursor":"","ttlMs":60000,"cacheScope":"public"}"""), result("""
                                {"tools":[],"ttlMs":5000,"cacheScope":"public"}""")));
        ToolListing listing = talk.list();
        assertThat(listing.ttl()).isEqualTo(Duration.ofSeconds(5));
        assertThat(listing.isPrivate()).isFalse();

        server.on("tools/list", result("{\"tools\":[],\"ttlMs\":-1,\"cacheScope\":\"odd\"}"));
        assertThat(talk.list()).isEqualTo(new ToolListing(List.of(), List.of(), Duration.ZERO, true));
    }

    @Test
    void beginsAgainWhenACursorIsNoLongerTaken() {
        server.on(
                "tools/list",
                inTurn(
                        result("{\"tools\":[" + Talk.TOOL + "],\"nextCursor\":\"x\"}"),
                        error(-32602, "Invalid cursor"),
                        result("{\"tools\":[" + Talk.TOOL + "]}")));
        assertThat(talk.list().tools()).extracting(Tool::name).containsExactly("a");
        assertThat(server.received("tools/list").get(2).message().path("params").has("cursor"))
                .isFalse();
    }

    @Test
    void asksAgainForAPageWhoseStreamBroke() {
        server.on("tools/list", inTurn(events(": nothing\n\n"), result("{\"tools\":[" + Talk.TOOL + "]}")));
        assertThat(talk.list().tools()).hasSize(1);
    }

    @Test
    void neverRepeatsACallWhoseStreamBroke() {
        server.on("tools/call", events("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n"));
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> talk.call("a", "{}"))
                .satisfies(e -> assertThat(e.answerMayBeLost()).isTrue());
        server.on("tools/call", status(502));
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> talk.call("a", "{}"))
                .satisfies(e -> assertThat(e.answerMayBeLost()).isTrue());
        assertThat(server.received("tools/call")).hasSize(2);
        server.on("tools/call", status(503));
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> talk.call("a", "{}"))
                .satisfies(e -> assertThat(e.answerMayBeLost()).isFalse());
    }

    @Test
    void mirrorsArgumentsIntoHeaders() {
        server.on("tools/call", result(DONE));
        talk.call("""
                {"name":"größe","inputSchema":{"type":"object","properties":{
                "region":{"type":"string","x-mcp-header":"Region"},"n":{"type":"integer","x-mcp-header":"N"},
                "b":{"type":"boolean","x-mcp-header":"B"},"none":{"type":"string","x-mcp-header":"None"},
                "plain":{"type":"string"},"empty":{"type":"string","x-mcp-header":"Empty"},
                "deep":{"type":"object","properties":{"er":{"type":"string","x-mcp-header":"Deep"}}}}}}""", """
                {"region":" padded ","n":42.0,"b":false,"none":null,"empty":"","plain":"x","deep":{"er":"Hello, 世界"}}""");
        OddServer.Received call = server.received("tools/call").get(0);
        assertThat(call.header("Mcp-param-region")).isEqualTo("=?base64?IHBhZGRlZCA=?=");
        assertThat(call.header("Mcp-param-n")).isEqualTo("42");
        assertThat(call.header("Mcp-param-b")).isEqualTo("false");
        assertThat(call.header("Mcp-param-deep")).isEqualTo("=?base64?SGVsbG8sIOS4lueVjA==?=");
        assertThat(call.headers().get("Mcp-param-empty")).containsExactly("");
        assertThat(call.header("Mcp-name")).isEqualTo("=?base64?Z3LDtsOfZQ==?=");
        assertThat(call.headers().keySet()).doesNotContain("Mcp-param-none", "Mcp-param-plain");
    }

    @Test
    void listsAgainWhenTheHeadersDoNotMatch() {
        server.on("tools/call", inTurn(body(400, "application/json", """
                                        {"jsonrpc":"2.0","id":ID,"error":{"code":-32020,"message":"Mcp-Param-R is missing"}}"""), result(DONE)))
                .on("tools/list", result("""
                        {"tools":[{"name":"a","inputSchema":{"properties":{"r":{"type":"string","x-mcp-header":"R"}}}}]}"""));
        assertThat(Talk.text(talk.call("a", "{\"r\":\"eu\"}"))).isEqualTo("done");
        assertThat(server.received("tools/call").get(0).headers()).doesNotContainKey("Mcp-param-r");
        assertThat(server.received("tools/call").get(1).header("Mcp-param-r")).isEqualTo("eu");

        server.on("tools/call", body(400, "application/json", """
                {"jsonrpc":"2.0","id":ID,"error":{"code":-32020,"message":"still not"}}"""));
        refuses(FailureCode.TOOL_CALL_REFUSED, () -> talk.call("a", "{}")).withMessageContaining("still not");
        server.on("tools/list", result("{\"tools\":[]}"));
        refuses(FailureCode.TOOL_CALL_REFUSED, () -> talk.call("a", "{}")).withMessageContaining("no longer lists");
    }

    @Test
    void dropsOnlyTheToolsWithBadHeaders() {
        server.on("tools/list", result("{\"tools\":[%s,%s]}".formatted(Talk.TOOL, """
                {"name":"bad","inputSchema":{"properties":{"x":{"type":"number","x-mcp-header":"X"}}}}""")));
        ToolListing listing = talk.list();
        assertThat(listing.tools()).extracting(Tool::name).containsExactly("a");
        assertThat(listing.dropped()).extracting(DroppedTool::name).containsExactly("bad");
        assertThat(listing.dropped().get(0).reason()).contains("x-mcp-header \"X\"");
    }

    @Test
    void callsAgainWithTheInputThatWasAskedFor() {
        String state = "{\"b\" : 1,\\\"a\\\":\\u00e9}  ".replace("\"b\"", "\\\"b\\\"");
        server.on(
                "tools/call",
                inTurn(
                        result(
                                "{\"resultType\":\"input_required\",\"inputRequests\":{\"confirm\":%s},\"requestState\":\"%s\"}"
                                        .formatted(CONFIRM, state)),
                        result("{\"resultType\":\"input_required\",\"inputRequests\":{\"again\":%s}}"
                                .formatted(CONFIRM)),
                        result(DONE)));
        assertThat(Talk.text(talk.call("a", "{\"x\":1}", talk.accepting("{\"ok\":true}"))))
                .isEqualTo("done");

        List<JsonNode> calls = server.received("tools/call").stream()
                .map(OddServer.Received::message)
                .toList();
        assertThat(calls).extracting(call -> call.path("id").intValue()).doesNotHaveDuplicates();
        assertThat(calls)
                .allSatisfy(
                        call -> assertThat(call.path("params").path("arguments").toString())
                                .isEqualTo("{\"x\":1}"));
        assertThat(calls.get(1).path("params").path("requestState").stringValue())
                .isEqualTo("{\"b\" : 1,\"a\":é}  ");
        assertThat(calls.get(1).path("params").path("inputResponses").toString())
                .isEqualTo("{\"confirm\":{\"action\":\"accept\",\"content\":{\"ok\":true}}}");
        assertThat(calls.get(2).path("params").has("requestState")).isFalse();
        assertThat(calls.get(2).path("params").path("inputResponses").has("again"))
                .isTrue();
        assertThat(talk.asked).hasSize(2).allSatisfy(question -> {
            assertThat(question.message()).isEqualTo("Sure?");
            assertThat(question.requestedSchema()).isNotNull();
        });
    }

    @Test
    void triesAgainAtOnceWhenNothingButStateCame() {
        server.on(
                "tools/call",
                inTurn(result("{\"resultType\":\"input_required\",\"requestState\":\"s\"}"), result(DONE)));
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("done");
        assertThat(server.received("tools/call").get(1).message().path("params").has("inputResponses"))
                .isFalse();
    }

    @Test
    void saysWhatWasAskedWhenSomebodyDeclines() {
        server.on("tools/call", result("""
                {"resultType":"input_required","inputRequests":{"login":{"method":"elicitation/create",\
                "params":{"mode":"url","message":"Sign in","url":"https://id.example/x"}}}}"""));
        CallResult result = talk.call("a", "{}");
        assertThat(((CallResult.InputRequired) result).asked()).singleElement().satisfies(question -> {
            assertThat(question.key()).isEqualTo("login");
            assertThat(question.url()).isEqualTo("https://id.example/x");
            assertThat(question.requestedSchema()).isNull();
        });
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @Test
    void stopsAServerThatNeverHasEnough() {
        server.on(
                "tools/call", result("{\"resultType\":\"input_required\",\"inputRequests\":{\"c\":" + CONFIRM + "}}"));
        assertThatExceptionOfType(Untrusted.class)
                .isThrownBy(() -> talk.call("a", "{}", talk.accepting("{}")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.LIMIT_EXCEEDED));
        assertThat(server.received("tools/call")).hasSizeLessThan(20);
    }

    @Test
    void refusesWhatItCannotUnderstand() {
        server.on("tools/call", result("{\"resultType\":\"task\"}"));
        refuses(FailureCode.MCP_PROTOCOL_ERROR, () -> talk.call("a", "{}")).withMessageContaining("\"task\"");
        server.on("tools/call", result("{\"resultType\":7}"));
        refuses(FailureCode.MCP_PROTOCOL_ERROR, () -> talk.call("a", "{}")).withMessageContaining("do not know");
        for (String state : List.of("7", "{}", "\"\\ud800\"")) {
            server.on("tools/call", result("{\"resultType\":\"input_required\",\"requestState\":" + state + "}"));
            refuses(FailureCode.MCP_PROTOCOL_ERROR, () -> talk.call("a", "{}")).withMessageContaining("requestState");
        }
        server.on("tools/call", result("{\"resultType\":\"input_required\"}"));
        refuses(FailureCode.MCP_PROTOCOL_ERROR, () -> talk.call("a", "{}")).withMessageContaining("does not say what");
        server.on("tools/call", result("""
                {"resultType":"input_required","inputRequests":{"s":{"method":"sampling/createMessage"}}}"""));
        refuses(FailureCode.MCP_PROTOCOL_ERROR, () -> talk.call("a", "{}"))
                .withMessageContaining("sampling/createMessage");
        server.on("tools/list", result("{\"resultType\":\"input_required\",\"tools\":[]}"));
        refuses(FailureCode.MCP_PROTOCOL_ERROR, talk::list).withMessageContaining("input_required");
        server.on("tools/call", body(400, "application/json", """
                {"jsonrpc":"2.0","id":ID,"error":{"code":-32021,"message":"no","data":{"requiredCapabilities":{"sampling":{}}}}}"""));
        refuses(FailureCode.TOOL_CALL_REFUSED, () -> talk.call("a", "{}")).withMessageContaining("sampling");
        server.on("tools/list", body(404, "application/json", """
                {"jsonrpc":"2.0","id":ID,"error":{"code":-32601,"message":"Method not found"}}"""));
        refuses(FailureCode.MCP_PROTOCOL_ERROR, talk::list).withMessageContaining("-32601");
    }

    @Test
    void takesAMissingResultTypeForComplete() {
        server.on("tools/call", result("{\"content\":[{\"type\":\"text\",\"text\":\"plain\"}]}"));
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("plain");
    }

    @Test
    void answersNothingThatAServerAsksOnAStream() {
        server.on("tools/call", events("""
                : keep-alive

                data: {"jsonrpc":"2.0","id":7,"method":"ping"}

                data: {"jsonrpc":"2.0","id":ID,"result":%s}

                """.formatted(DONE)));
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("done");
        assertThat(server.received("response")).isEmpty();
    }

    @Test
    void leavesTheTextOfAToolAlone() {
        server.on("tools/call", result("""
                {"content":[{"type":"text","text":"The token expired"}],"isError":true}"""));
        CallResult.Result result = (CallResult.Result) talk.call("a", "{}");
        assertThat(result.findings()).containsExactly("The tool's error reads as if the credential were refused");
        server.on("tools/call", error(-32602, "Unknown tool"));
        refuses(FailureCode.TOOL_CALL_REFUSED, () -> talk.call("a", "{}")).withMessageContaining("Unknown tool");
    }

    @Test
    void takesNoErrorOfACallForARefusedCredential() {
        server.on("tools/call", error(-32603, "Upstream says: 401 Unauthorized, invalid token"));
        refuses(FailureCode.TOOL_CALL_REFUSED, () -> talk.call("a", "{}")).withMessageContaining("invalid token");
        server.on("tools/call", status(401, "WWW-Authenticate", "Bearer a=\"b\""));
        assertThatExceptionOfType(Unauthorized.class)
                .isThrownBy(() -> talk.call("a", "{}"))
                .satisfies(e -> assertThat(e.challenges()).containsExactly("Bearer a=\"b\""));
    }

    @Test
    void hearsThatTheToolsChanged() {
        AtomicInteger streams = new AtomicInteger();
        server.on("subscriptions/listen", stream((events, id) -> {
            streams.incrementAndGet();
            events.data(notification("tools/list_changed", id));
            events.data("""
                    {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":\
                    {"io.modelcontextprotocol/subscriptionId":%s},"notifications":{"toolsListChanged":true}}}""".formatted(id));
            events.send(": patience\n\n");
            events.data(notification("tools/list_changed", "4711"));
            events.data(notification("tools/list_changed", id));
        }));
        AtomicInteger heard = new AtomicInteger();
        assertThat(talk.<Boolean>open(
                        connection -> connection.listen(Duration.ofMillis(2_500), heard::incrementAndGet)))
                .isTrue();
        // The last stream may have been cut off by the time limit.
        assertThat(streams.get()).isGreaterThanOrEqualTo(2);
        assertThat(heard.get()).isBetween(streams.get() - 1, streams.get());
        assertThat(server.received("subscriptions/listen")
                        .get(0)
                        .message()
                        .path("params")
                        .path("notifications")
                        .toString())
                .isEqualTo("{\"toolsListChanged\":true}");
    }

    @Test
    void seesThatAServerTellsNoChanges() {
        server.on("subscriptions/listen", stream((events, id) -> events.data("""
                {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":\
                {"io.modelcontextprotocol/subscriptionId":%s},"notifications":{}}}""".formatted(id))));
        assertThat(talk.<Boolean>open(connection -> connection.listen(Duration.ofSeconds(9), () -> {})))
                .isFalse();
        server.on("subscriptions/listen", body(404, "application/json", """
                {"jsonrpc":"2.0","id":ID,"error":{"code":-32601,"message":"Method not found"}}"""));
        assertThat(talk.<Boolean>open(connection -> connection.listen(Duration.ofSeconds(9), () -> {})))
                .isFalse();
    }

    private static String notification(String name, String id) {
        return """
                {"jsonrpc":"2.0","method":"notifications/%s","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":%s}}}""".formatted(name, id);
    }

    private static org.assertj.core.api.ThrowableAssertAlternative<Refused> refuses(
            FailureCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return assertThatExceptionOfType(Refused.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
