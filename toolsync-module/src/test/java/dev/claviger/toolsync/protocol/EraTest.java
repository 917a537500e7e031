package dev.claviger.toolsync.protocol;

import static dev.claviger.toolsync.protocol.OddServer.body;
import static dev.claviger.toolsync.protocol.OddServer.error;
import static dev.claviger.toolsync.protocol.OddServer.inTurn;
import static dev.claviger.toolsync.protocol.OddServer.initialized;
import static dev.claviger.toolsync.protocol.OddServer.json;
import static dev.claviger.toolsync.protocol.OddServer.result;
import static dev.claviger.toolsync.protocol.OddServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Telling the two eras apart, without being told. */
@Timeout(30)
class EraTest {

    private static final KnownWay LEGACY = new KnownWay(Era.LEGACY, Wire.STREAMABLE_HTTP);

    private final OddServer server = new OddServer();
    private final Talk talk = new Talk(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
                    404, nothing           => 404 => ''
                    404, unknown method    => 404 => {"jsonrpc":"2.0","id":ID,"error":{"code":-32601,"message":"Method not found"}}
                    405                    => 405 => ''
                    403, a fire wall       => 403 => ''
                    400, no session        => 400 => {"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: Server not initialized"}}
                    400, empty             => 400 => ''
                    422                    => 422 => {"detail":"nonsense"}
                    500                    => 500 => {"error":"unhandled"}
                    200, unknown method    => 200 => {"jsonrpc":"2.0","id":ID,"error":{"code":-32601,"message":"Method not found"}}
                    200, anything goes     => 200 => {"jsonrpc":"2.0","id":ID,"result":{}}
                    200, session wanted    => 200 => {"jsonrpc":"2.0","id":ID,"error":{"code":-32001,"message":"Missing session token"}}
                    200, empty             => 200 => ''
                    200, text              => 200 => OK
                    202                    => 202 => ''
                    """)
    void greetsAServerThatDoesNotDiscoverItself(String name, int status, String answer) {
        server.on("server/discover", body(status, "application/json", answer == null ? "" : answer));
        ServerInfo info = talk.greet();
        assertThat(info.era()).isEqualTo(Era.LEGACY);
        assertThat(info.wire()).isEqualTo(Wire.STREAMABLE_HTTP);
        assertThat(server.received)
                .extracting(OddServer.Received::method)
                .startsWith("server/discover", "initialize", "notifications/initialized");
    }

    @Test
    void seesThatAServerIsModernBehindItsRefusal() {
        server.modern();
        OddServer.Answer refused = body(400, "application/json", """
                {"jsonrpc":"2.0","id":ID,"error":{"code":-32022,"message":"no","data":{"supported":["2026-07-28","2025-11-25"]}}}""");
        server.on("server/discover", inTurn(refused, result("""
                {"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{},"serverInfo":{"name":"old style"}}""")));
        ServerInfo info = talk.greet();
        assertThat(info)
                .isEqualTo(new ServerInfo("2026-07-28", "old style", null, false, Era.MODERN, Wire.STREAMABLE_HTTP));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(talk::list)
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.NO_TOOLS_CAPABILITY));
        assertThat(server.received("initialize")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"2025-06-18\"]", "[\"2025-11-25\",\"2031-01-01\"]"})
    void greetsAServerThatDiscoversOnlyRevisionsWithAHandshake(String versions) {
        server.on("server/discover", result("{\"supportedVersions\":" + versions + ",\"capabilities\":{}}"));
        assertThat(talk.greet().era()).isEqualTo(Era.LEGACY);
        server.on("server/discover", body(400, "application/json", """
                {"jsonrpc":"2.0","id":ID,"error":{"code":-32022,"message":"no","data":{"supported":%s}}}""".formatted(versions)));
        assertThat(talk.greet().era()).isEqualTo(Era.LEGACY);
    }

    @Test
    void saysWhichRevisionsAServerOfTheFutureOffers() {
        server.on("server/discover", result("{\"supportedVersions\":[\"2031-01-01\"],\"capabilities\":{}}"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(talk::greet)
                .withMessageContaining("\"2031-01-01\"")
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.MCP_VERSION_UNSUPPORTED));
        assertThat(server.received("initialize")).isEmpty();
    }

    @Test
    void doesNotWaitLongForAServerThatKeepsSilentToWhatItDoesNotKnow() {
        server.on("server/discover", (exchange, id) -> OddServer.pause(20_000));
        long start = System.nanoTime();
        assertThat(talk.within(Duration.ofSeconds(3)).greet().era()).isEqualTo(Era.LEGACY);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void asksForTheCredentialBeforeItGreets() {
        server.on("server/discover", status(401, "WWW-Authenticate", "Bearer a=\"b\""));
        assertThatExceptionOfType(Unauthorized.class)
                .isThrownBy(talk::greet)
                .satisfies(e -> assertThat(e.challenges()).containsExactly("Bearer a=\"b\""));
        server.on("server/discover", status(403, "WWW-Authenticate", "Bearer error=\"insufficient_scope\""));
        assertThatExceptionOfType(Forbidden.class).isThrownBy(talk::greet);
        server.on("server/discover", status(429, "Retry-After", "3"));
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(talk::greet)
                .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(3)));
        assertThat(server.received("initialize")).isEmpty();
    }

    @Test
    void goesTheKnownWayFirst() {
        assertThat(talk.knowing(LEGACY).greet().era()).isEqualTo(Era.LEGACY);
        assertThat(server.received("server/discover")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 200})
    void findsTheWayAnewWhenTheKnownOneFails(int status) {
        server.modern().on("initialize", status == 200 ? error(-32601, "Method not found") : status(status));
        assertThat(talk.knowing(LEGACY).greet().era()).isEqualTo(Era.MODERN);
        server.on("server/discover", status(404)).on("initialize", initialized("2025-06-18"));
        assertThat(talk.knowing(new KnownWay(Era.MODERN, Wire.STREAMABLE_HTTP))
                        .greet()
                        .protocolVersion())
                .isEqualTo("2025-06-18");
        assertThat(talk.knowing(new KnownWay(Era.LEGACY, Wire.HTTP_SSE)).greet().wire())
                .isEqualTo(Wire.STREAMABLE_HTTP);
    }

    @Test
    void doesNotLookForAnotherWayWhenTheServerIsDown() {
        server.on("initialize", status(503));
        assertThatExceptionOfType(Unreachable.class).isThrownBy(talk.knowing(LEGACY)::greet);
        assertThat(server.received("server/discover")).isEmpty();
    }

    @Test
    void keepsTheFirstRefusalWhenNothingIsSpoken() {
        server.on("initialize", status(404));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(talk::greet)
                .withMessageContaining("HTTP 404 to initialize")
                .withMessageContaining("check its path");
        assertThat(server.received)
                .extracting(OddServer.Received::method)
                .containsExactly("server/discover", "initialize", "GET");
        server.on("initialize", json("{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32602,\"message\":\"no\"}}"));
        assertThatExceptionOfType(Refused.class).isThrownBy(talk::greet).withMessageContaining("-32602");
        assertThat(server.received("GET")).hasSize(1);
    }

    @Test
    void shakesNoHandsOverARevisionWithoutAHandshake() {
        server.on("initialize", initialized("2026-07-28"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(talk::greet)
                .withMessageContaining("in a handshake that this revision does not have");
    }

    @Test
    void speaksToServersOfEachRevision() {
        for (String version : List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")) {
            server.on("initialize", initialized(version));
            assertThat(talk.greet().protocolVersion()).isEqualTo(version);
        }
    }
}
