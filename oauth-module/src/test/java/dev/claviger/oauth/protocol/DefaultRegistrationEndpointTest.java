package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultRegistrationEndpointTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);
    private static final URI REDIRECT = URI.create("http://localhost:8080/oauth/callback");

    private HttpServer server;
    private volatile int status;
    private volatile String body = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/register", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | <html>Welcome</html>",
                "200 | {\"status\":\"ok\"}",
                "302 | ''",
                "400 | <html>Bad request</html>",
                "401 | {\"error\":\"Unauthorized\"}",
                "401 | {\"error\":\"invalid_token\"}",
                "403 | <html>Forbidden</html>",
                "404 | {\"error\":\"not_found\"}",
                "405 | ''",
                "429 | ''",
                "500 | {\"error\":\"access_denied\"}",
                "503 | ''"
            })
    void seesNoAuthorizationServerInWhatIsNotRfc7591(int status, String body) {
        answer(status, body);
        assertRefused(FailureCode.NO_AUTHORIZATION_SERVER);
    }

    @Test
    void seesNoAuthorizationServerWhereNobodyAnswers() {
        URI gone = uri();
        server.stop(0);
        assertThatThrownBy(() -> new DefaultRegistrationEndpoint(gone).register(CLIENT, REDIRECT, "none"))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NO_AUTHORIZATION_SERVER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\":\"invalid_client_metadata\"} | REGISTRATION_REFUSED",
                "403 | {\"error\":\"access_denied\"} | REGISTRATION_REFUSED",
                "400 | {\"error\":\"invalid_redirect_uri\"} | REDIRECT_URI_REFUSED"
            })
    void takesARefusalInTheWordsOfRfc7591ForOne(int status, String body, FailureCode code) {
        answer(status, body);
        assertRefused(code);
    }

    @Test
    void registersWhereItCan() {
        answer(201, "{\"client_id\":\"c1\"}");
        assertThat(new DefaultRegistrationEndpoint(uri())
                        .register(CLIENT, REDIRECT, "none")
                        .clientId())
                .isEqualTo("c1");
    }

    private void assertRefused(FailureCode code) {
        assertThatThrownBy(() -> new DefaultRegistrationEndpoint(uri()).register(CLIENT, REDIRECT, "none"))
                .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void answer(int status, String body) {
        this.status = status;
        this.body = body;
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/register");
    }
}
