package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Untrusted;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Whoever names a URL, it is held to the guard before anything is sent to it (C42, C43, C59, C62). */
class EveryUrlPassesTheGuardTest {

    static final List<String> FORBIDDEN = List.of(
            "https://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1/x",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://[2002:7f00:1::]/x",
            "https://[64:ff9b::7f00:1]/x",
            "https://[64:ff9b:1::1]/x",
            "https://[fd00::1]/x",
            "https://[fe80::1%25eth0]/x",
            "https://0177.0.0.1/x",
            "https://0x7f.1/x",
            "https://2130706433/x",
            "https://127.1/x",
            "https://user:pass@as.example/x",
            "https://as.example:0/x",
            "http://as.example/x",
            "http://127.0.0.1/x",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://as.example/x");

    private static final String SERVER = "https://mcp.example/mcp";
    private static final String AS = "https://as.example";

    private String resourceMetadata = "https://mcp.example/meta";
    private String issuer = AS;
    private String member = "service_documentation";
    private String named = AS + "/docs";

    private final Answering client = new Answering(this::answer);

    @Test
    void withoutAForbiddenUrlTheServerIsFound() {
        assertThat(new Discovery(client).discover(SERVER).server().issuer()).isEqualTo(AS);
    }

    @ParameterizedTest
    @FieldSource("FORBIDDEN")
    void theTypedUrl(String url) {
        refused(url, url);
    }

    @ParameterizedTest
    @FieldSource("FORBIDDEN")
    void theResourceMetadataOfAChallenge(String url) {
        resourceMetadata = url;
        refused(SERVER, url);
    }

    @ParameterizedTest
    @FieldSource("FORBIDDEN")
    void theAuthorizationServer(String url) {
        issuer = url;
        refused(SERVER, url);
    }

    @ParameterizedTest
    @FieldSource("FORBIDDEN")
    void everyEndpointThatMayBeCalledOrVisited(String url) {
        for (String endpoint : List.of(
                "authorization_endpoint",
                "token_endpoint",
                "registration_endpoint",
                "revocation_endpoint",
                "pushed_authorization_request_endpoint")) {
            member = endpoint;
            named = url;
            refused(SERVER, url);
        }
    }

    /** Also where the authorization server itself claims the same address. */
    @ParameterizedTest
    @FieldSource("FORBIDDEN")
    void theAddressAtWhichAClientIsManaged(String url) {
        Untrusted e = catchThrowableOfType(
                Untrusted.class, () -> ClientManagement.of(url, Secret.of("token"), List.of(AS, url), client));
        assertThat(e).isNotNull();
        assertThat(e.code()).isEqualTo(FailureCode.UNSAFE_ADDRESS);
        assertThat(client.asked).isEmpty();
    }

    /** What is never called may name anything. */
    @ParameterizedTest
    @FieldSource("FORBIDDEN")
    void nobodyAsksForWhatIsNotNeeded(String url) {
        for (String endpoint : List.of("jwks_uri", "userinfo_endpoint", "introspection_endpoint", "op_policy_uri")) {
            member = endpoint;
            named = url;
            new Discovery(client).discover(SERVER);
        }
        assertThat(client.asked).allMatch(asked -> asked.getHost().endsWith(".example"));
        assertThat(client.asked).doesNotContain(uri(url));
    }

    private void refused(String typed, String forbidden) {
        Untrusted e = catchThrowableOfType(Untrusted.class, () -> new Discovery(client).discover(typed));
        assertThat(e).as(member).isNotNull();
        assertThat(e.code()).isEqualTo(FailureCode.UNSAFE_ADDRESS);
        assertThat(client.asked).doesNotContain(uri(forbidden));
    }

    private static URI uri(String text) {
        return URI.create(text);
    }

    private OutboundResponse answer(OutboundRequest request) {
        String url = request.uri().toString();
        if (url.equals("https://mcp.example/meta")) {
            return json("{\"resource\":\"" + SERVER + "\",\"authorization_servers\":[\"" + issuer + "\"]}");
        }
        if (url.startsWith(AS + "/.well-known/")) {
            return json(metadata());
        }
        return new OutboundResponse(
                401,
                Map.of("www-authenticate", List.of("Bearer resource_metadata=\"" + resourceMetadata + "\"")),
                new byte[0]);
    }

    private String metadata() {
        String document = "{\"issuer\":\"" + AS + "\",\"authorization_endpoint\":\"" + AS + "/a\",\"token_endpoint\":\""
                + AS + "/t\",\"code_challenge_methods_supported\":[\"S256\"]}";
        String other = "\"" + member + "\":\"" + named + "\"";
        return document.contains("\"" + member + "\"")
                ? document.replaceAll("\"" + member + "\":\"[^\"]*\"", other)
                : document.replace("}", "," + other + "}");
    }

    private static OutboundResponse json(String body) {
        return new OutboundResponse(
                200, Map.of("content-type", List.of("application/json")), body.getBytes(StandardCharsets.UTF_8));
    }
}
