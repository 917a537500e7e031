package dev.claviger.toolsync.protocol;

import static dev.claviger.toolsync.protocol.OddServer.body;
import static dev.claviger.toolsync.protocol.OddServer.events;
import static dev.claviger.toolsync.protocol.OddServer.inTurn;
import static dev.claviger.toolsync.protocol.OddServer.initialized;
import static dev.claviger.toolsync.protocol.OddServer.json;
import static dev.claviger.toolsync.protocol.OddServer.result;
import static dev.claviger.toolsync.protocol.OddServer.session;
import static dev.claviger.toolsync.protocol.OddServer.status;
import static dev.claviger.toolsync.protocol.OddServer.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.toolsync.api.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The conversation with a handshake: sessions, streams that break off, and what a server asks meanwhile. */
@Timeout(30)
class SessionsTest {

    private static final String DONE = "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
    private static final String ANSWER = "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":" + DONE + "}";
    private static final String QUESTION = """
            {"jsonrpc":"2.0","id":"q-1","method":"elicitation/create","params":{"message":"Name?",\
            "requestedSchema":{"type":"object","properties":{"name":{"type":"string"}}}}}""";

    private final OddServer server = new OddServer();
    private final Talk talk = new Talk(server);

    @BeforeEach
    void begin() {
        server.on("initialize", session("s-1", initialized("2025-11-25")));
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
        assertNoThreadIsLost();
    }

    static void assertNoThreadIsLost() throws InterruptedException {
        for (int i = 0; i < 40 && readers() > 0; i++) {
            Thread.sleep(50);
        }
        assertThat(readers()).isZero();
    }

    private static long readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(Background.THREAD))
                .count();
    }

    @Test
    void declaresElicitationOnlyForACall() {
        server.on("tools/list", result("{\"tools\":[" + Talk.TOOL + "]}")).on("tools/call", result(DONE));
        talk.list();
        assertThat(capabilities()).containsExactly("{}");
        server.received.clear();
        talk.call("a", "{}");
        assertThat(capabilities()).containsExactly("{}", "{\"elicitation\":{\"form\":{},\"url\":{}}}");
        // The first session is ended in order, not left behind.
        assertThat(server.received("DELETE")).hasSize(2);
    }

    @Test
    void needsNoSecondHandshakeWhereThereIsNoSession() {
        server.on("initialize", initialized("2025-06-18")).on("tools/call", result(DONE));
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("done");
        assertThat(server.received("initialize")).hasSize(1);
        assertThat(server.received("GET")).isEmpty();
    }

    @Test
    void answersWhatIsAskedOnTheStreamOfTheCall() {
        BlockingQueue<JsonNode> answers = answers();
        server.on("tools/call", stream((events, id) -> {
            events.data(QUESTION);
            events.data(ANSWER.formatted(id).replace("done", "hello " + name(answers)));
        }));
        assertThat(Talk.text(talk.call("a", "{}", talk.accepting("{\"name\":\"Ada\"}"))))
                .isEqualTo("hello Ada");
        assertThat(talk.asked).singleElement().satisfies(question -> {
            assertThat(question.message()).isEqualTo("Name?");
            assertThat(question.key()).matches("[0-9a-f]{32}");
        });
    }

    @Test
    void answersWhatIsAskedOnTheServersOwnStream() {
        BlockingQueue<JsonNode> answers = answers();
        BlockingQueue<String> questions = new LinkedBlockingQueue<>();
        server.on("GET", stream((events, id) -> {
                    events.data(take(questions));
                    OddServer.pause(20_000);
                }))
                .on("tools/call", stream((events, id) -> {
                    questions.add(QUESTION);
                    events.data(ANSWER.formatted(id).replace("done", "hello " + name(answers)));
                }));
        Thread caller = Thread.currentThread();
        Elicitor elicitor = question -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            return talk.accepting("{\"name\":\"Ada\"}").answer(question);
        };
        long start = System.nanoTime();
        assertThat(Talk.text(talk.call("a", "{}", elicitor))).isEqualTo("hello Ada");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(server.received("GET").get(0).header("Mcp-session-id")).isEqualTo("s-1");
    }

    @Test
    void followsTheServersOwnStreamWhenItBreaksOff() {
        BlockingQueue<JsonNode> answers = answers();
        BlockingQueue<String> questions = new LinkedBlockingQueue<>();
        server.on(
                        "GET",
                        inTurn(
                                stream((events, id) -> events.send("id: g-1\nretry: 100\ndata:\n\n")),
                                stream((events, id) -> {
                                    events.data(take(questions));
                                    OddServer.pause(20_000);
                                })))
                .on("tools/call", stream((events, id) -> {
                    OddServer.pause(500);
                    questions.add(QUESTION);
                    events.data(ANSWER.formatted(id).replace("done", "hello " + name(answers)));
                }));
        assertThat(Talk.text(talk.call("a", "{}", talk.accepting("{\"name\":\"Ada\"}"))))
                .isEqualTo("hello Ada");
        assertThat(server.received("GET").get(1).header("Last-event-id")).isEqualTo("g-1");
    }

    @Test
    void doesNotSayThatAToolMayHaveRunThatWasNeverCalled() {
        server.on(
                "initialize",
                inTurn(session("s-1", initialized("2025-11-25")), (exchange, id) -> OddServer.pause(20_000)));
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> talk.within(Duration.ofSeconds(2)).call("a", "{}"))
                .satisfies(e -> assertThat(e.answerMayBeLost()).isFalse());
        assertThat(server.received("tools/call")).isEmpty();
    }

    @Test
    void declinesWhatNobodyAnswers() {
        BlockingQueue<JsonNode> answers = answers();
        server.on("tools/call", stream((events, id) -> {
            events.data(QUESTION);
            JsonNode answer = poll(answers);
            events.data(ANSWER.formatted(id)
                    .replace("done", answer.path("result").toString().replace('"', '\'')));
        }));
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("{'action':'decline'}");
    }

    @Test
    void passesOnWhatStopsTheElicitor() {
        server.on("tools/call", stream((events, id) -> {
            events.data(QUESTION);
            OddServer.pause(20_000);
        }));
        long start = System.nanoTime();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> talk.call("a", "{}", question -> {
                    throw new IllegalStateException("no more");
                }));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 400})
    void callsOnceMoreWhenTheServerKnewNoSuchSession(int status) {
        server.on("tools/call", inTurn(status(status), result(DONE)));
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("done");
        assertThat(server.received("initialize")).hasSize(3);
        assertThat(server.received("initialize"))
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("Mcp-session-id"));
        assertThat(server.received("tools/call")).hasSize(2);

        server.received.clear();
        server.on("tools/call", status(status));
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> talk.call("a", "{}"))
                .withMessageContaining("session twice")
                .satisfies(e -> assertThat(e.answerMayBeLost()).isFalse());
        assertThat(server.received("tools/call")).hasSize(2);
    }

    @Test
    void neverCallsAgainWhatMayHaveRun() {
        server.on("tools/call", events("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n"));
        lost(() -> talk.call("a", "{}"));
        server.on("tools/call", status(500));
        lost(() -> talk.call("a", "{}"));
        // A session that is lost while the stream is resumed says nothing about the call.
        server.on("tools/call", events("id: 1\nretry: 1\ndata:\n\n")).on("GET", status(404));
        lost(() -> talk.call("a", "{}"));
        assertThat(server.received("tools/call")).hasSize(3);
    }

    @Test
    void tellsTheServerThatItNoLongerWaits() {
        server.on("tools/call", (exchange, id) -> OddServer.pause(20_000));
        talk.within(Duration.ofSeconds(2));
        lost(() -> talk.call("a", "{}"));
        JsonNode call = server.received("tools/call").get(0).message();
        assertThat(server.received("notifications/cancelled"))
                .singleElement()
                .satisfies(cancelled -> assertThat(
                                cancelled.message().path("params").path("requestId"))
                        .isEqualTo(call.path("id")));
    }

    @Test
    void takesUpAStreamWhereItEndedAfterThePauseThatTheServerWants() {
        long[] closed = new long[1];
        server.on("initialize", initialized("2025-11-25"))
                .on("tools/call", stream((events, id) -> {
                    events.send("id: e-" + id + "\nretry: 500\ndata: \n\n");
                    closed[0] = System.nanoTime();
                }))
                .on(
                        "GET",
                        inTurn(
                                stream((events, id) -> events.send("id: e-next\nretry: 10\ndata:\n\n")),
                                status(503),
                                stream((events, id) -> events.data(ANSWER.formatted(lastId())))));
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("done");

        List<OddServer.Received> gets = server.received("GET");
        assertThat(Duration.ofNanos(gets.get(0).at() - closed[0]))
                .isBetween(Duration.ofMillis(480), Duration.ofMillis(1_500));
        assertThat(gets)
                .extracting(get -> get.header("Last-event-id"))
                .containsExactly("e-" + lastId(), "e-next", "e-next");
        assertThat(gets).allSatisfy(get -> assertThat(get.header("Accept")).isEqualTo("text/event-stream"));
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @Test
    void takesUpAStreamThatBrokeOff() {
        server.on("initialize", initialized("2025-11-25"))
                .on("tools/list", (exchange, id) -> {
                    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
                    exchange.sendResponseHeaders(200, 10_000);
                    exchange.getResponseBody().write("id: 7\nretry: 0\ndata:\n\ndata: {\"jsonrpc\"".getBytes());
                    exchange.getResponseBody().flush();
                    exchange.close();
                })
                .on(
                        "GET",
                        stream((events, id) -> events.data(
                                "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"tools\":[]}}".formatted(lastId()))));
        assertThat(talk.list().tools()).isEmpty();
        assertThat(server.received("GET")).hasSize(1);
        assertThat(server.received("tools/list")).hasSize(1);
    }

    @Test
    void doesNotResumeForEver() {
        server.on("initialize", initialized("2025-11-25"))
                .on("tools/call", events("id: 1\nretry: 0\ndata:\n\n"))
                .on("GET", events("retry: 0\ndata:\n\n"));
        talk.within(Duration.ofSeconds(2));
        lost(() -> talk.call("a", "{}"));
        assertThat(server.received("GET")).hasSizeBetween(2, 60);

        server.on("tools/call", events("id: 1\nretry: 60000\ndata:\n\n"));
        long start = System.nanoTime();
        lost(() -> talk.call("a", "{}"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void readsBatches() {
        server.on("initialize", initialized("2025-03-26"))
                .on("tools/list", json("""
                        [{"jsonrpc":"2.0","method":"notifications/message","params":{}},\
                        {"jsonrpc":"2.0","id":4711,"result":{"tools":[]}},\
                        {"jsonrpc":"2.0","id":"p","method":"ping"},\
                        {"jsonrpc":"2.0","id":ID,"result":{"tools":[%s],"nextCursor":""}}]""".formatted(Talk.TOOL)))
                .on("tools/call", events("data: [{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" + DONE + "}]\n\n"));
        server.on("tools/list", inTurn(server.answer("tools/list"), result("{\"tools\":[]}")));
        assertThat(talk.list().tools()).extracting(Tool::name).containsExactly("a");
        assertThat(server.received("tools/list")
                        .get(1)
                        .message()
                        .path("params")
                        .path("cursor")
                        .stringValue())
                .isEmpty();
        assertThat(server.received("response"))
                .singleElement()
                .satisfies(pong ->
                        assertThat(pong.message().path("id").stringValue()).isEqualTo("p"));
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("done");
    }

    @Test
    void usesOnlyWhatWasNegotiated() {
        server.on("initialize", result("{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{}}"));
        assertThat(talk.greet().offersTools()).isFalse();
        for (Runnable use : List.<Runnable>of(talk::list, () -> talk.call("a", "{}"))) {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(use::run)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.NO_TOOLS_CAPABILITY));
        }
        assertThat(talk.<Boolean>open(connection -> connection.listen(Duration.ofSeconds(9), () -> {})))
                .isFalse();
        assertThat(server.received)
                .noneMatch(request -> request.method().startsWith("tools/")
                        || request.method().equals("GET"));
    }

    @Test
    void hearsThatTheToolsChanged() {
        server.on("initialize", session("s", result("""
                {"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}},"serverInfo":{}}"""))).on("GET", stream((events, id) -> {
            events.data("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
            events.data("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
            OddServer.pause(5_000);
        }));
        AtomicInteger heard = new AtomicInteger();
        assertThat(talk.<Boolean>open(connection -> connection.listen(Duration.ofMillis(600), heard::incrementAndGet)))
                .isTrue();
        assertThat(heard).hasValue(1);
        server.on("GET", status(405));
        assertThat(talk.<Boolean>open(connection -> connection.listen(Duration.ofSeconds(9), () -> {})))
                .isFalse();
    }

    @Test
    void doesNotHangOnAServerThatAsksForWhatWeNeverOffered() {
        BlockingQueue<JsonNode> answers = answers();
        server.on("tools/list", stream((events, id) -> {
            events.data(QUESTION);
            JsonNode answer = poll(answers);
            events.data("{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"tools\":[%s]}}"
                    .formatted(
                            id,
                            Talk.TOOL.replace(
                                    "\"a\"",
                                    answer.path("error").path("code").toString().replace("-32601", "\"refused\""))));
        }));
        assertThat(talk.list().tools()).extracting(Tool::name).containsExactly("refused");
    }

    @Test
    void namesARefusedCall() {
        server.on("tools/call", body(200, "application/json", """
                {"jsonrpc":"2.0","id":ID,"error":{"code":-32602,"message":"city is missing"}}"""));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> talk.call("a", "{}"))
                .withMessageContaining("city is missing")
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.TOOL_CALL_REFUSED));
        server.on("tools/call", status(403, "WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"x\""));
        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> talk.call("a", "{}"))
                .satisfies(e -> assertThat(e.challenges()).hasSize(1));
    }

    private List<String> capabilities() {
        return server.received("initialize").stream()
                .map(request ->
                        request.message().path("params").path("capabilities").toString())
                .toList();
    }

    /** What we answer to the server's requests. */
    private BlockingQueue<JsonNode> answers() {
        BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
        server.on("response", (exchange, id) -> {
            answers.add(server.received("response")
                    .get(server.received("response").size() - 1)
                    .message());
            status(202).write(exchange, id);
        });
        return answers;
    }

    private static String name(BlockingQueue<JsonNode> answers) {
        JsonNode answer = poll(answers);
        assertThat(answer.path("id").stringValue()).isEqualTo("q-1");
        return answer.path("result").path("content").path("name").stringValue("nobody");
    }

    private static JsonNode poll(BlockingQueue<JsonNode> answers) {
        try {
            JsonNode answer = answers.poll(10, TimeUnit.SECONDS);
            return answer == null ? new JsonMapper().createObjectNode() : answer;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String take(BlockingQueue<String> questions) {
        try {
            return questions.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String lastId() {
        List<OddServer.Received> requests = server.received.stream()
                .filter(each -> each.method().startsWith("tools/"))
                .toList();
        return requests.get(requests.size() - 1).message().path("id").toString();
    }

    private static void lost(Runnable call) {
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(call::run)
                .satisfies(e -> assertThat(e.answerMayBeLost()).isTrue());
    }
}
