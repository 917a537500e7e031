package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.demoprovider.HostileInput;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a server answers, reading it ends soon and with a failure of ours, or with nothing that could not be stored. */
@Timeout(120)
class HostileAnswersTest {

    private static final int MANY = 2_000;
    private static final URI FROM = URI.create("https://as.example/x");
    private static final ClientAuthentication CLIENT = new ClientAuthentication("client", null, "none");

    private static final String RESOURCE = """
            {"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example"],\
            "scopes_supported":["a","b"],"bearer_methods_supported":["header"]}""";
    private static final String SERVER = """
            {"issuer":"https://as.example","authorization_endpoint":"https://as.example/a",\
            "token_endpoint":"https://as.example/t","registration_endpoint":"https://as.example/r",\
            "revocation_endpoint":"https://as.example/v","pushed_authorization_request_endpoint":"https://as.example/p",\
            "code_challenge_methods_supported":["S256"],"scopes_supported":["a"],\
            "token_endpoint_auth_methods_supported":["none"],"grant_types_supported":["authorization_code"],\
            "authorization_response_iss_parameter_supported":true}""";
    private static final String CLIENT_ANSWER = """
            {"client_id":"c","client_secret":"s","client_secret_expires_at":0,"redirect_uris":["https://c.example/cb"],\
            "registration_access_token":"r","registration_client_uri":"https://as.example/r/c",\
            "token_endpoint_auth_method":"client_secret_basic"}""";
    private static final String TOKENS = """
            {"access_token":"a","token_type":"Bearer","expires_in":3600,"refresh_token":"r","scope":"a b",\
            "issued_token_type":"urn:ietf:params:oauth:token-type:id-jag"}""";
    private static final String ERROR = """
            {"error":"invalid_grant","error_description":"no","error_uri":"https://as.example/e"}""";
    private static final String PUSHED = """
            {"request_uri":"urn:ietf:params:oauth:request_uri:x","expires_in":60}""";

    private static final List<String> MEMBERS = List.of(
            "resource",
            "authorization_servers",
            "scopes_supported",
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "registration_endpoint",
            "revocation_endpoint",
            "pushed_authorization_request_endpoint",
            "code_challenge_methods_supported",
            "token_endpoint_auth_methods_supported",
            "client_id",
            "client_secret",
            "client_secret_expires_at",
            "registration_access_token",
            "registration_client_uri",
            "redirect_uris",
            "token_endpoint_auth_method",
            "access_token",
            "refresh_token",
            "token_type",
            "expires_in",
            "scope",
            "error",
            "error_description",
            "request_uri",
            "issued_token_type",
            "jwks",
            "grant_types_supported");

    @Test
    void challenges() {
        String valid = "Bearer realm=\"x\", resource_metadata=\"https://mcp.example/m\", error=\"insufficient_scope\","
                + " scope=\"a b\", DPoP algs=\"ES256\", Basic abc==";
        HostileInput.forSeeds(1, MANY, input -> {
            List<String> headers = List.of(
                    new String(input.damaged(valid), StandardCharsets.ISO_8859_1),
                    input.text(),
                    "Bearer " + input.text() + "=\"" + input.text());
            WwwAuthenticate.parse(headers);
            WwwAuthenticate.oauth(headers);
            WwwAuthenticate.insufficientScope(headers).ifPresent(HostileAnswersTest::storable);
        });
    }

    @Test
    void protectedResourceMetadata() {
        HostileInput.forSeeds(1, MANY, input -> {
            OutboundResponse response = response(input, RESOURCE);
            ours(() -> {
                ProtectedResourceMetadata read = ProtectedResourceMetadata.read(response, FROM);
                storable(String.valueOf(read));
            });
        });
    }

    @Test
    void authorizationServerMetadata() {
        HostileInput.forSeeds(1, MANY, input -> {
            OutboundResponse response = response(input, SERVER);
            ours(() -> storable(
                    AuthorizationServerMetadata.read(response, "https://as.example", FROM, null, input.perhaps())
                            .toString()));
        });
    }

    @Test
    void issuersThatAreHardlyUrls() {
        HostileInput.forSeeds(1, MANY, input -> {
            String issuer = input.perhaps()
                    ? new String(input.damaged("https://as.example/tenant"), StandardCharsets.UTF_8)
                    : input.text();
            ours(() -> AuthorizationServerMetadata.wellKnown(issuer));
        });
    }

    @Test
    void registrations() {
        HostileInput.forSeeds(1, MANY, input -> {
            OutboundResponse response = response(input, CLIENT_ANSWER);
            ours(() -> storable(ClientRegistration.read(response, "none", FROM).clientId()));
        });
    }

    @Test
    void tokens() {
        TokenEndpoint endpoint = new TokenEndpoint(FROM, CLIENT, new RequestProfile(null, null));
        HostileInput.forSeeds(1, MANY, input -> {
            OutboundResponse response = response(input, input.perhaps() ? TOKENS : ERROR);
            ours(() -> storable(String.valueOf(endpoint.read(response, List.of(Secret.of("sent"))))));
        });
    }

    @Test
    void exchangedTokens() {
        TokenExchange endpoint = new TokenExchange(FROM, CLIENT);
        HostileInput.forSeeds(1, MANY, input -> {
            OutboundResponse response = response(input, input.perhaps() ? TOKENS : ERROR);
            ours(() -> endpoint.read(response, Secret.of("subject")));
        });
    }

    @Test
    void pushedRequests() {
        PushedAuthorizationRequest endpoint = new PushedAuthorizationRequest(FROM, CLIENT);
        HostileInput.forSeeds(1, MANY, input -> {
            OutboundResponse response = response(input, input.perhaps() ? PUSHED : ERROR);
            ours(() -> endpoint.read(response, List.of(Secret.of("sent"))));
        });
    }

    /** What a browser brings back is anybody's. */
    @Test
    void authorizationResponses() {
        HostileInput.forSeeds(1, MANY, input -> {
            Map<String, String[]> parameters = new HashMap<>();
            for (String name : List.of("state", "code", "iss", "error", "error_description", "x")) {
                if (input.number(3) > 0) {
                    String[] values = new String[input.number(3)];
                    Arrays.setAll(values, i -> input.text());
                    parameters.put(name, values);
                }
            }
            ours(() -> {
                AuthorizationResponse response = AuthorizationResponse.of(parameters);
                response.requireIssuer("https://as.example", input.perhaps());
                response.requireCode("as.example");
            });
        });
    }

    @Test
    void scopesAndOtherWords() {
        HostileInput.forSeeds(1, MANY, input -> {
            String text = input.text();
            List<String> words = List.of(text.split(" "));
            String scope = Remote.scope(words);
            storable(scope == null ? "" : scope);
            Remote.words(words).forEach(HostileAnswersTest::storable);
            Remote.urls(words).forEach(HostileAnswersTest::storable);
            assertThat(RemoteText.shown(text, List.of(Secret.of("abc")))).doesNotContain("abc", "\0", "\n");
            storable(RemoteText.errorCode(text, List.of()));
        });
    }

    /** A whole discovery, in which every answer is another damage. */
    @Test
    void discoveries() {
        AtomicInteger found = new AtomicInteger();
        HostileInput.forSeeds(1, MANY, input -> {
            Answering server = new Answering(request -> {
                String path = String.valueOf(request.uri().getPath());
                if (path.contains("oauth-protected-resource")) {
                    return response(input, RESOURCE);
                }
                if (path.contains(".well-known")) {
                    return response(input, SERVER);
                }
                String challenge = new String(
                        input.damaged(
                                "Bearer resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource\""),
                        StandardCharsets.ISO_8859_1);
                return new OutboundResponse(
                        input.number(5) > 0 ? 401 : 100 + input.number(500),
                        Map.of("www-authenticate", List.of(challenge, input.text())),
                        new byte[0]);
            });
            ours(() -> {
                storable(String.valueOf(new Discovery(server).discover("https://mcp.example/mcp")));
                found.incrementAndGet();
            });
        });
        assertThat(found).as("some came to their end").hasPositiveValue();
    }

    private static OutboundResponse response(HostileInput input, String valid) {
        byte[] body = switch (input.number(4)) {
            case 0 -> input.json(MEMBERS);
            case 1 -> input.text().getBytes(StandardCharsets.UTF_8);
            default -> input.damaged(valid);
        };
        Map<String, List<String>> headers = new LinkedHashMap<>();
        if (input.number(4) > 0) {
            headers.put("content-type", List.of(input.perhaps() ? "application/json" : input.text()));
        }
        if (input.number(6) == 0) {
            headers.put("retry-after", List.of(input.text()));
            headers.put("location", List.of(input.text()));
        }
        int status = input.number(3) > 0 ? 200 + input.number(2) : 100 + input.number(500);
        return new OutboundResponse(status, headers, body);
    }

    /** Runs it; only our own failures may come out, short and fit to be stored. */
    private static void ours(Runnable reading) {
        try {
            reading.run();
        } catch (Refused | Untrusted | Unreachable e) {
            storable(String.valueOf(e.getMessage()));
            assertThat(e.getMessage()).hasSizeLessThan(2_000);
        }
    }

    /** The database refuses a NUL and half a character. */
    private static void storable(String text) {
        assertThat(text).doesNotContain("\0");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text))
                .as("whole characters")
                .isTrue();
    }
}
