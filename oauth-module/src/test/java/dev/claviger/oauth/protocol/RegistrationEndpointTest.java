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
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistrationEndpointTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);
    private static final String REDIRECT_REFUSED = "{\"error\":\"invalid_redirect_uri\"}";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;

    /** The kind of application that is registered; every other is refused with {@link #refusal}. */
    private volatile String taken = "";

    private volatile String refusal = REDIRECT_REFUSED;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/register", exchange -> {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String kind = request.contains("\"application_type\":\"native\"") ? "native" : "web";
            asked.add(kind);
            boolean good = kind.equals(taken);
            byte[] answer = (good ? "{\"client_id\":\"c1\"}" : refusal).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(good ? 201 : 400, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void registersAsWhatFitsTheRedirectUri() {
        taken = "web";
        assertThat(register("https://claviger.acme.com/oauth/callback").clientId())
                .isEqualTo("c1");
        taken = "native";
        assertThat(register("http://localhost:8080/oauth/callback").clientId()).isEqualTo("c1");
        assertThat(asked).containsExactly("web", "native");
    }

    /** C23. */
    @Test
    void triesOnceAsTheOtherKindWhereTheRedirectUriIsRefused() {
        taken = "web";
        assertThat(register("http://localhost:8080/oauth/callback").clientId()).isEqualTo("c1");
        assertThat(asked).containsExactly("native", "web");
    }

    @Test
    void saysThatBothKindsWereRefused() {
        assertThatThrownBy(() -> register("https://claviger.acme.com/oauth/callback"))
                .isInstanceOfSatisfying(Refused.class, e -> {
                    assertThat(e.code()).isEqualTo(FailureCode.REDIRECT_URI_REFUSED);
                    assertThat(e.getMessage())
                            .contains("https://claviger.acme.com/oauth/callback", "native application", "on the web");
                });
        assertThat(asked).containsExactly("web", "native");
    }

    @Test
    void takesAnyOtherRefusalForTheLastWord() {
        refusal = "{\"error\":\"invalid_client_metadata\"}";
        assertThatThrownBy(() -> register("http://localhost:8080/oauth/callback"))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.code()).isEqualTo(FailureCode.REGISTRATION_REFUSED));
        assertThat(asked).containsExactly("native");
    }

    private ClientRegistration register(String redirectUri) {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/register");
        return new RegistrationEndpoint(uri).register(CLIENT, URI.create(redirectUri), "none");
    }
}
