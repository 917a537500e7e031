package dev.claviger.credentials.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.TraceQuery.Exchange;
import dev.claviger.credentials.api.TraceQuery.ExchangeFact;
import dev.claviger.credentials.api.TraceQuery.Part;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TracingClientTest {

    private static final UUID ATTEMPT = UUID.randomUUID();
    private static final String SECRET = "s3cret-value";

    private final List<Exchange> told = new ArrayList<>();
    private final List<UUID> attempts = new ArrayList<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private HttpServer server;
    private TracingClient client;
    private int status = 200;
    private String answer = "{}";
    private String type = "application/json";

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            headers.forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new TracingClient(
                new GuardedHttpClient(new OutboundSettings(List.of("127.0.0.1"), true)), (attempt, exchange) -> {
                    attempts.add(attempt);
                    told.add(exchange);
                });
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.stop(0);
    }

    @Test
    void writesDownNothingOutsideAnAttempt() {
        assertThat(client.send(OutboundRequest.get(at("/"))).text()).isEqualTo("{}");
        assertThat(told).isEmpty();
    }

    @Test
    void theInnerAttemptGoesBeforeTheOuter() {
        UUID inner = UUID.randomUUID();
        try (ExchangeScope outer = ExchangeScope.of(ATTEMPT)) {
            try (ExchangeScope scope = ExchangeScope.of(inner);
                    ExchangeScope unnamed = ExchangeScope.of(null)) {
                client.send(OutboundRequest.get(at("/")));
            }
            client.send(OutboundRequest.get(at("/")));
        }
        assertThat(attempts).containsExactly(inner, ATTEMPT);
        assertThat(ExchangeScope.current()).isNull();
    }

    @Test
    void aTokenRequestIsToldWithoutItsSecrets() {
        answer = "{\"access_token\":\"t0ken-one\",\"refresh_token\":\"t0ken-two\",\"token_type\":\"Bearer\","
                + "\"expires_in\":3600,\"scope\":\"a b\",\"error_description\":\"was t0ken-two and " + SECRET
                + " and client-pass\"}";
        String basic = Base64.getEncoder().encodeToString("client:client-pass".getBytes(StandardCharsets.UTF_8));
        Exchange exchange = exchange(OutboundRequest.post(
                        at("/token?key=" + SECRET + "#x"),
                        "application/x-www-form-urlencoded",
                        "grant_type=authorization_code&code=" + SECRET + "&resource=https%3A%2F%2Fmcp.example%2Fmcp"
                                + "&code_verifier=verifier-1&state=st4te-abc")
                .header("Authorization", Secret.of("Basic " + basic)));
        assertThat(exchange.purpose()).isEqualTo("Token request");
        assertThat(exchange.url()).isEqualTo(at("/token").toString());
        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.bytes()).isEqualTo(answer.length());
        assertThat(exchange.facts())
                .contains(
                        new ExchangeFact(Part.REQUEST_HEADER, "Authorization", "Basic …"),
                        new ExchangeFact(Part.REQUEST_HEADER, "Content-Type", "application/x-www-form-urlencoded"),
                        new ExchangeFact(Part.REQUEST_PARAMETER, "grant_type", "authorization_code"),
                        new ExchangeFact(Part.REQUEST_PARAMETER, "resource", "https://mcp.example/mcp"),
                        new ExchangeFact(Part.REQUEST_PARAMETER, "code", null),
                        new ExchangeFact(Part.REQUEST_PARAMETER, "code_verifier", null),
                        new ExchangeFact(Part.REQUEST_PARAMETER, "state", null),
                        new ExchangeFact(Part.ANSWER_MEMBER, "access_token", null),
                        new ExchangeFact(Part.ANSWER_MEMBER, "refresh_token", null),
                        new ExchangeFact(Part.ANSWER_MEMBER, "expires_in", "3600"),
                        new ExchangeFact(Part.ANSWER_MEMBER, "scope", "a b"),
                        new ExchangeFact(Part.ANSWER_MEMBER, "error_description", "was *** and *** and ***"));
        assertThat(exchange.toString()).doesNotContain(SECRET, "t0ken", "verifier-1", "st4te", "client-pass", basic);
    }

    @Test
    void aMetadataDocumentIsToldByItsAllowedFields() {
        answer = "{\"issuer\":\"https://as.example\",\"token_endpoint\":\"https://as.example/t?secret=1\","
                + "\"scopes_supported\":[\"a\",\"b\"],"
                + "\"token_endpoint_auth_signing_alg_values_supported\":[\"ES256\",\"RS256\"],"
                + "\"id_token_signing_alg_values_supported\":[\"RS256\"],\"signed_metadata\":\"eyJ\",\"nested\":{\"deep\":\"x\"}}";
        Exchange exchange = exchange(OutboundRequest.get(at("/.well-known/oauth-authorization-server/x"))
                .header("MCP-Protocol-Version", "2025-11-25")
                .header("X-Own", "own-value"));
        assertThat(exchange.purpose()).isEqualTo("Authorization server metadata");
        assertThat(exchange.facts())
                .contains(
                        new ExchangeFact(Part.REQUEST_HEADER, "MCP-Protocol-Version", "2025-11-25"),
                        new ExchangeFact(Part.REQUEST_HEADER, "X-Own", null),
                        new ExchangeFact(Part.ANSWER_HEADER, "content-type", "application/json"),
                        new ExchangeFact(Part.ANSWER_MEMBER, "issuer", "https://as.example"),
                        new ExchangeFact(Part.ANSWER_MEMBER, "token_endpoint", "https://as.example/t"),
                        new ExchangeFact(Part.ANSWER_MEMBER, "scopes_supported", "a b"),
                        new ExchangeFact(
                                Part.ANSWER_MEMBER, "token_endpoint_auth_signing_alg_values_supported", "ES256 RS256"),
                        new ExchangeFact(Part.ANSWER_MEMBER, "id_token_signing_alg_values_supported", null),
                        new ExchangeFact(Part.ANSWER_MEMBER, "signed_metadata", null),
                        new ExchangeFact(Part.ANSWER_MEMBER, "nested", null))
                .noneMatch(fact -> fact.name().contains("deep"));
    }

    @Test
    void aChallengeIsToldByItsAllowedParameters() {
        status = 401;
        headers.put(
                "WWW-Authenticate",
                "Bearer realm=\"x\", resource_metadata=\"https://mcp.example/m?t=1\", scope=\"a b\", nonce=\"n-once\"");
        headers.put("Location", "https://else.example/login?token=abc");
        headers.put("Set-Cookie", "sid=c00kie");
        Exchange exchange = exchange(OutboundRequest.post(
                at("/mcp"), "application/json", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"));
        assertThat(exchange.purpose()).isEqualTo("MCP tools/list");
        assertThat(exchange.facts())
                .contains(
                        new ExchangeFact(Part.CHALLENGE, "scheme", "Bearer"),
                        new ExchangeFact(Part.CHALLENGE, "realm", "x"),
                        new ExchangeFact(Part.CHALLENGE, "resource_metadata", "https://mcp.example/m"),
                        new ExchangeFact(Part.CHALLENGE, "scope", "a b"),
                        new ExchangeFact(Part.CHALLENGE, "nonce", null),
                        new ExchangeFact(Part.ANSWER_HEADER, "location", "https://else.example/login"),
                        new ExchangeFact(Part.ANSWER_HEADER, "set-cookie", null));
        assertThat(exchange.toString()).doesNotContain("n-once", "c00kie", "abc");
    }

    @Test
    void aToolCallIsToldWithoutArgumentsAndWithoutWhatRepeatsThem() {
        answer = "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32602,\"message\":\"no such person: Alice\"}}";
        type = "text/event-stream";
        answer = "event: message\ndata: " + answer + "\n\n";
        Exchange exchange = exchange(OutboundRequest.post(
                at("/mcp"),
                "application/json",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"find\","
                        + "\"arguments\":{\"person\":\"Alice\"}}}"));
        assertThat(exchange.purpose()).isEqualTo("MCP tools/call");
        assertThat(exchange.facts())
                .contains(
                        new ExchangeFact(Part.REQUEST_PARAMETER, "params.name", "find"),
                        new ExchangeFact(Part.REQUEST_PARAMETER, "params.arguments", null),
                        new ExchangeFact(Part.ANSWER_MEMBER, "error.code", "-32602"),
                        new ExchangeFact(Part.ANSWER_MEMBER, "error.message", null));
        assertThat(exchange.toString()).doesNotContain("Alice");
    }

    @Test
    void noAnswerIsToldAsSuch() {
        server.stop(0);
        try (ExchangeScope scope = ExchangeScope.of(ATTEMPT)) {
            assertThatExceptionOfType(Unreachable.class)
                    .isThrownBy(() -> client.send(OutboundRequest.get(at("/x")).timeout(Duration.ofSeconds(2))));
            assertThatExceptionOfType(Untrusted.class)
                    .isThrownBy(() -> client.send(
                            OutboundRequest.get(URI.create("https://user:pa55word@10.0.0.1/x?y=pa55word"))));
        }
        assertThat(told.get(0).status()).isNull();
        assertThat(told.get(0).failure()).contains("cannot be reached");
        assertThat(told.get(1).failure()).contains("user name or password");
        assertThat(told.get(1).url()).isEqualTo("https://10.0.0.1/x");
        assertThat(told.get(1).facts())
                .contains(new ExchangeFact(Part.FINDING, "code", FailureCode.UNSAFE_ADDRESS.code()));
        assertThat(told.toString()).doesNotContain("pa55word");
    }

    @Test
    void nothingThatAnUntrustedServerWroteIsKept() {
        status = 400;
        headers.put("WWW-Authenticate", "Bearer error_description=\"believe me\"");
        answer = "{\"error\":\"x\",\"error_description\":\"believe me\"}" + " ".repeat(2000);
        try (ExchangeScope scope = ExchangeScope.of(ATTEMPT)) {
            assertThatExceptionOfType(Untrusted.class)
                    .isThrownBy(() -> client.send(OutboundRequest.get(at("/x")).maxBytes(1000)));
        }
        assertThat(told.get(0).status()).isEqualTo(400);
        assertThat(told.get(0).failure()).contains("more than 1000 bytes");
        assertThat(told.toString()).doesNotContain("believe me");
    }

    @Test
    void whatTheReaderFindsIsToldByItsCode() {
        try (ExchangeScope scope = ExchangeScope.of(ATTEMPT)) {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> client.stream(OutboundRequest.get(at("/x")), (head, body) -> {
                        throw new Refused(FailureCode.MCP_PROTOCOL_ERROR, "nonsense");
                    }));
        }
        assertThat(told.get(0).facts())
                .contains(new ExchangeFact(Part.FINDING, "code", FailureCode.MCP_PROTOCOL_ERROR.code()));
    }

    @Test
    void remoteTextIsOneShortLineWithoutControlCharacters() {
        status = 400;
        answer = "{\"error\":\"a\\u0000b\\u202e\\nc\",\"error_description\":\"" + "x".repeat(5000) + "\"}";
        Exchange exchange = exchange(OutboundRequest.get(at("/x")));
        assertThat(exchange.facts()).contains(new ExchangeFact(Part.ANSWER_MEMBER, "error", "a b c"));
        assertThat(exchange.facts())
                .filteredOn(fact -> fact.name().equals("error_description"))
                .singleElement()
                .satisfies(fact -> assertThat(fact.value()).hasSize(301).endsWith("…"));
    }

    @Test
    void aSecretThatTheCutGoesThroughIsNotHalfShown() {
        String long1 = "k".repeat(90) + "SECRET-END";
        answer = "{\"error_description\":\"" + "x".repeat(8 * 300 - 50) + long1 + "\"}";
        Exchange exchange = exchange(OutboundRequest.get(at("/x")).header("X-Api-Key", Secret.of(long1)));
        assertThat(exchange.facts().toString()).doesNotContain("kkk");
    }

    @Test
    void aTraceThatBreaksBreaksNoRequest() {
        TracingClient clumsy = new TracingClient(
                new GuardedHttpClient(new OutboundSettings(List.of("127.0.0.1"), true)), (attempt, exchange) -> {
                    throw new IllegalStateException("full");
                });
        try (ExchangeScope scope = ExchangeScope.of(ATTEMPT)) {
            assertThat(clumsy.send(OutboundRequest.get(at("/"))).status()).isEqualTo(200);
        }
    }

    private Exchange exchange(OutboundRequest request) {
        try (ExchangeScope scope = ExchangeScope.of(ATTEMPT)) {
            client.send(request);
        }
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }
}
