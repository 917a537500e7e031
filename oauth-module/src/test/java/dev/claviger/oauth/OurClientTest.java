package dev.claviger.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OurClientTest {

    private static final String PUBLIC = "https://claviger.acme.com";

    @Test
    void describesItselfUnderItsOwnUrl() {
        OurClient ours = new OurClient(PUBLIC, "", "private_key_jwt");

        assertThat(ours.documentProblem()).isEmpty();
        assertThat(ours.document().members())
                .containsEntry("client_id", PUBLIC + "/oauth/client-metadata.json")
                .containsEntry("client_name", "Claviger")
                .containsEntry("redirect_uris", List.of(PUBLIC + "/oauth/callback"))
                .containsEntry("grant_types", List.of("authorization_code", "refresh_token"))
                .containsEntry("token_endpoint_auth_method", "private_key_jwt")
                .containsEntry("jwks_uri", PUBLIC + "/oauth/jwks.json")
                .containsEntry("application_type", "web");
    }

    @Test
    void publishesNoSharedSecretAndNoKeysItDoesNotUse() {
        for (String method : List.of("private_key_jwt", "none")) {
            Map<String, Object> members =
                    new OurClient(PUBLIC, "", method).document().members();
            assertThat(members)
                    .doesNotContainKeys("client_secret", "client_secret_expires_at")
                    .containsEntry("token_endpoint_auth_method", method);
            assertThat(members.containsKey("jwks_uri")).isEqualTo(method.equals("private_key_jwt"));
        }
        assertThatThrownBy(() -> new OurClient(PUBLIC, "", "client_secret_basic"))
                .hasMessageContaining("private_key_jwt or none");
    }

    @Test
    void isNativeWhereItComesBackToThisMachine() {
        assertThat(new OurClient("http://localhost:8080", "", "none").document().members())
                .containsEntry("application_type", "native");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8080",
                "https://localhost",
                "https://127.0.0.1",
                "https://[::1]:8443",
                "https://10.1.2.3",
                "https://192.168.0.7",
                "https://claviger",
                "https://claviger.local",
                "https://claviger.corp.internal",
                "http://claviger.acme.com"
            })
    void saysSoWhenNobodyOutsideCanReachIt(String publicUrl) {
        assertThat(new OurClient(publicUrl, "", "private_key_jwt").documentProblem())
                .hasValueSatisfying(
                        problem -> assertThat(problem).contains(publicUrl).contains("claviger.public-url"));
    }

    @Test
    void takesTheUrlThatIsConfigured() {
        OurClient ours = new OurClient(
                "http://localhost:8080", "https://conformance-test.local/client-metadata.json", "private_key_jwt");

        assertThat(ours.documentProblem()).isEmpty();
        assertThat(ours.notReachable()).isPresent();
        assertThat(ours.document().clientId()).isEqualTo("https://conformance-test.local/client-metadata.json");
        assertThat(ours.document().members())
                .containsEntry("client_id", ours.document().clientId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://acme.com/client.json",
                "https://acme.com",
                "https://acme.com/",
                "https://acme.com/a#b",
                "https://user@acme.com/a",
                "https://acme.com/a/../b",
                "https://acme.com/./b",
                "https://acme.com/%2E%2e/b",
                "not a url"
            })
    void refusesToStartWithAUrlThatIsNoClientId(String metadataUrl) {
        assertThatThrownBy(() -> new OurClient(PUBLIC, metadataUrl, "none"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("claviger.oauth.client-metadata-url");
    }

    @Test
    void authenticatesAsTheDocumentSaysUnlessTheServerListsSomethingElse() {
        var document = new OurClient(PUBLIC, "", "private_key_jwt").document();
        assertThat(document.methodAt(List.of())).isEqualTo("private_key_jwt");
        assertThat(document.methodAt(List.of("client_secret_basic", "private_key_jwt")))
                .isEqualTo("private_key_jwt");
        assertThat(document.methodAt(List.of("none"))).isEqualTo("none");
        assertThat(new OurClient(PUBLIC, "", "none").document().methodAt(List.of("private_key_jwt")))
                .isEqualTo("none");
    }
}
