package dev.claviger.toolsync.protocol;

import static dev.claviger.toolsync.protocol.OddServer.status;
import static dev.claviger.toolsync.protocol.OddServer.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.Tool;
import java.io.IOException;
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

/** The oldest transport: a stream that names the address to post to. */
@Timeout(30)
class HttpSseTest {

    private static final String WELCOME = """
            {"protocolVersion":"2024-11-05","capabilities":{"tools":{}},"serverInfo":{"name":"old","version":"0"}}""";
    private static final String END = "end of stream";

    private final OddServer server = new OddServer();
    private final Talk talk = new Talk(server);
    /** What the open stream says next. */
    private volatile BlockingQueue<String> says = new LinkedBlockingQueue<>();

    private String endpoint = "/messages?sessionId=1%2F2";

    @BeforeEach
    void begin() {
        server.on("server/discover", status(404)).on("GET", stream((events, id) -> {
            BlockingQueue<String> mine = new LinkedBlockingQueue<>();
            says = mine;
            events.send("event: endpoint\ndata: " + endpoint + "\n\n");
            while (true) {
                String next = next(mine);
                if (next.equals(END)) {
                    return;
                }
                events.send("event: message\ndata: " + next + "\n\n");
            }
        }));
        onPost("initialize", WELCOME);
        server.on("notifications/initialized", accepted());
        onPost("tools/list", "{\"tools\":[" + Talk.TOOL + "]}");
        onPost("tools/call", "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}");
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
        SessionsTest.assertNoThreadIsLost();
    }

    @Test
    void listsAndCalls() {
        String text = talk.open(connection -> {
            assertThat(connection.listTools().tools()).extracting(Tool::name).containsExactly("a");
            return Talk.text(connection.callTool(Talk.tool("a"), Talk.object("{}"), Talk.declining()));
        });
        assertThat(text).isEqualTo("done");
        assertThat(server.received.stream().filter(each -> each.method().startsWith("tools/")))
                .allSatisfy(each -> assertThat(each.uri()).isEqualTo("/messages?sessionId=1%2F2"));
    }

    @Test
    void saysHowItSpeaks() {
        assertThat(talk.greet()).isEqualTo(new ServerInfo("2024-11-05", "old", "0", true, Era.LEGACY, Wire.HTTP_SSE));
        assertThat(server.received)
                .extracting(OddServer.Received::method)
                .containsExactly("server/discover", "initialize", "GET", "initialize", "notifications/initialized");
        server.received.clear();
        talk.knowing(new KnownWay(Era.LEGACY, Wire.HTTP_SSE)).greet();
        assertThat(server.received.get(0).method()).isEqualTo("GET");
    }

    @Test
    void answersWhatTheServerAsks() {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        server.on("tools/call", (exchange, id) -> {
                    says.add("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}");
                    says.add("""
                            {"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"message":"?","requestedSchema":{}}}""");
                    status(202).write(exchange, id);
                    next(answers);
                    next(answers);
                    says.add("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"content\":[]}}");
                })
                .on("response", (exchange, id) -> {
                    status(202).write(exchange, id);
                    answers.add(id);
                });
        talk.call("a", "{}", talk.accepting("{}"));
        assertThat(server.received("response"))
                .extracting(each -> each.message().path("result").toString())
                .containsExactly("{}", "{\"action\":\"accept\",\"content\":{}}");
        assertThat(talk.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/messages",
                "//evil.example/messages",
                "http://127.0.0.1:1/messages",
                "http://user@127.0.0.1/messages",
                "javascript:alert(1)",
                "http://[broken"
            })
    void postsNothingToAnotherOrigin(String elsewhere) {
        endpoint = elsewhere;
        assertThatExceptionOfType(Untrusted.class)
                .isThrownBy(talk::greet)
                .withMessageNotContaining("evil")
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.UNSAFE_ADDRESS));
        assertThat(server.received("initialize")).hasSize(1);
    }

    @Test
    void listsAgainInANewSessionWhenTheStreamEnds() {
        server.on("tools/list", (exchange, id) -> {
            status(202).write(exchange, id);
            onPost("tools/list", "{\"tools\":[" + Talk.TOOL + "]}");
            says.add(END);
        });
        assertThat(talk.list().tools()).hasSize(1);
        assertThat(server.received("GET")).hasSize(2);
    }

    @Test
    void takesAnAnswerThatComesWithTheEndOfTheStream() {
        server.on("tools/call", (exchange, id) -> {
            for (int i = 0; i < 50; i++) {
                says.add("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}");
            }
            says.add("{\"jsonrpc\":\"2.0\",\"id\":" + id
                    + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"last word\"}]}}");
            says.add(END);
            OddServer.pause(300);
            status(202).write(exchange, id);
        });
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("last word");
    }

    @Test
    void hearsThatTheToolsChanged() {
        onPost("initialize", WELCOME.replace("{\"tools\":{}}", "{\"tools\":{\"listChanged\":true}}"));
        AtomicInteger heard = new AtomicInteger();
        boolean listened = talk.open(connection -> {
            says.add("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
            connection.listen(Duration.ofMillis(500), heard::incrementAndGet);
            says.add(END);
            connection.listen(Duration.ofMillis(500), heard::incrementAndGet);
            return connection.listen(Duration.ofMillis(500), heard::incrementAndGet);
        });
        assertThat(listened).isTrue();
        assertThat(heard).hasValue(1);
        assertThat(server.received("GET")).hasSizeBetween(2, 3);
    }

    @Test
    void neverCallsAgainWhenTheStreamEnds() {
        server.on("tools/call", (exchange, id) -> {
            status(202).write(exchange, id);
            says.add(END);
        });
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> talk.call("a", "{}"))
                .satisfies(e -> assertThat(e.answerMayBeLost()).isTrue());
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @Test
    void callsOnceMoreWhenTheServerKnewNoSuchSession() {
        OddServer.Answer normal = server.answer("tools/call");
        server.on("tools/call", OddServer.inTurn(status(404), normal));
        assertThat(Talk.text(talk.call("a", "{}"))).isEqualTo("done");
        assertThat(server.received("tools/call")).hasSize(2);
    }

    @Test
    void givesUpOnAStreamThatSaysNothing() {
        server.on("GET", stream((events, id) -> OddServer.pause(20_000)));
        long start = System.nanoTime();
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(talk.within(Duration.ofSeconds(2))::greet)
                .isInstanceOfAny(Refused.class, Unreachable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));

        onPost("initialize", WELCOME);
        server.on("GET", stream((events, id) -> {
            events.send("event: endpoint\ndata: /messages\n\n");
            OddServer.pause(20_000);
        }));
        assertThatExceptionOfType(Unreachable.class).isThrownBy(talk::greet);
    }

    @Test
    void stopsReadingAStreamThatNeverEnds() {
        server.on("GET", stream((events, id) -> {
            events.send("event: endpoint\ndata: /messages\n\n");
            while (true) {
                events.send("data: " + "x".repeat(100_000) + "\n");
            }
        }));
        assertThatExceptionOfType(Untrusted.class)
                .isThrownBy(talk::greet)
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.LIMIT_EXCEEDED));
    }

    @Test
    void asksForACredential() {
        server.on("GET", status(401, "WWW-Authenticate", "Bearer a=\"b\""));
        assertThatExceptionOfType(Unauthorized.class)
                .isThrownBy(talk::greet)
                .satisfies(e -> assertThat(e.challenges()).isEqualTo(List.of("Bearer a=\"b\"")));
    }

    private void onPost(String method, String result) {
        server.on(method, (exchange, id) -> {
            if (!exchange.getRequestURI().getPath().equals("/messages")) {
                status(405).write(exchange, id);
                return;
            }
            status(202).write(exchange, id);
            says.add("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
        });
    }

    private static OddServer.Answer accepted() {
        return status(202);
    }

    private static String next(BlockingQueue<String> queue) throws IOException {
        try {
            String next = queue.poll(20, TimeUnit.SECONDS);
            return next == null ? END : next;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
