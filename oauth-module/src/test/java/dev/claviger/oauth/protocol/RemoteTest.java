package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteTest {

    private static final URI FROM = URI.create("https://as.example/x");

    @ParameterizedTest
    @ValueSource(strings = {"c\\u0000", "c\\r\\nd", "ü"})
    void registersNoClientWithAnUnusableId(String id) {
        assertThatThrownBy(() -> ClientRegistration.read(response("{\"client_id\":\"" + id + "\"}"), "none", FROM))
                .isInstanceOf(Refused.class);
    }

    @Test
    void keepsAClientAndDropsWhatIsMalformedBesideIt() {
        ClientRegistration client = ClientRegistration.read(
                response("{\"client_id\":\"c\",\"registration_access_token\":\"\\u0000\","
                        + "\"registration_client_uri\":\"https://as.example/\\u0000\"}"),
                "none",
                FROM);
        assertThat(client.clientId()).isEqualTo("c");
        assertThat(client.registrationAccessToken()).isNull();
        assertThat(client.registrationClientUri()).isNull();
    }

    @Test
    void keepsMetadataOfAResourceWithinBounds() {
        String many = String.join(",", Collections.nCopies(600, "\"read\""));
        ProtectedResourceMetadata metadata = ProtectedResourceMetadata.read(
                response(
                        "{\"resource\":\"https://h.example/\",\"authorization_servers\":[\"https://as.example\\u0000\","
                                + "\"https://as.example\"],\"scopes_supported\":[\"a\\u0000\",\"" + "x".repeat(300)
                                + "\"," + many
                                + "]}"),
                FROM);
        assertThat(metadata.authorizationServers()).isEqualTo(List.of("https://as.example"));
        assertThat(metadata.scopesSupported()).hasSize(500).containsOnly("read");
        assertThatThrownBy(() -> ProtectedResourceMetadata.read(response("{\"resource\":\"\\u0000\"}"), FROM))
                .isInstanceOf(Refused.class);
    }

    @Test
    void keepsMetadataOfAnAuthorizationServerWithinBounds() {
        AuthorizationServerMetadata metadata = AuthorizationServerMetadata.read(
                response("{\"issuer\":\"https://as.example\",\"authorization_endpoint\":\"https://as.example/a\","
                        + "\"token_endpoint\":\"https://as.example/t\",\"code_challenge_methods_supported\":[\"S256\"],"
                        + "\"registration_endpoint\":\"https://as.example/\\u0000\","
                        + "\"revocation_endpoint\":\"https://as.example/" + "r".repeat(3000) + "\","
                        + "\"scopes_supported\":[\"a\\u0000\",\"b\"],"
                        + "\"token_endpoint_auth_methods_supported\":[\"none\\u0000\",\"none\"]}"),
                "https://as.example",
                FROM,
                null,
                true);
        assertThat(metadata.registrationEndpoint()).isNull();
        assertThat(metadata.revocationEndpoint()).isNull();
        assertThat(metadata.scopesSupported()).containsExactly("b");
        assertThat(metadata.tokenEndpointAuthMethods()).containsExactly("none");
    }

    private static OutboundResponse response(String json) {
        return new OutboundResponse(200, Map.of(), json.getBytes(StandardCharsets.UTF_8));
    }
}
