package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationServerMetadataTest {

    private static final String ISSUER = "https://as.example";

    @Test
    void asksInTheOrderOfTheSpecification() {
        assertThat(AuthorizationServerMetadata.wellKnown("https://as.example/t"))
                .extracting(URI::toString)
                .containsExactly(
                        "https://as.example/.well-known/oauth-authorization-server/t",
                        "https://as.example/.well-known/openid-configuration/t",
                        "https://as.example/t/.well-known/openid-configuration");
        assertThat(AuthorizationServerMetadata.wellKnown("https://as.example/"))
                .extracting(URI::toString)
                .containsExactly(
                        "https://as.example/.well-known/oauth-authorization-server",
                        "https://as.example/.well-known/openid-configuration");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "as.example",
                "https://as.example?x",
                "https://as.example#x",
                "https://",
                "::",
                "data:text/html,x"
            })
    void refusesIssuersThatAreNone(String issuer) {
        assertThatThrownBy(() -> AuthorizationServerMetadata.wellKnown(issuer)).isInstanceOf(Untrusted.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://as.example/",
                "https://AS.example",
                "https://as.example:443",
                "https://other.example",
                ""
            })
    void refusesAnIssuerThatDiffersInOneByte(String issuer) {
        assertThatThrownBy(
                        () -> read(
                                "{\"issuer\":\"" + issuer + "\",\"authorization_endpoint\":\"https://as.example/a\","
                                        + "\"token_endpoint\":\"https://as.example/t\",\"code_challenge_methods_supported\":[\"S256\"]}"))
                .isInstanceOfSatisfying(
                        Untrusted.class, e -> assertThat(e.code()).isEqualTo(FailureCode.ISSUER_MISMATCH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"plain\"]", "[]", "null", "[\"s256\"]"})
    void refusesToGoOnWithoutS256(String methods) {
        assertThatThrownBy(() ->
                        read("{\"issuer\":\"https://as.example\",\"authorization_endpoint\":\"https://as.example/a\","
                                + "\"token_endpoint\":\"https://as.example/t\",\"code_challenge_methods_supported\":"
                                + methods + "}"))
                .isInstanceOfSatisfying(
                        Untrusted.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PKCE_NOT_SUPPORTED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"issuer\":\"https://as.example\",\"issuer\":\"https://as.example\"}",
                "{\"issuer\":\"https://as.example\"} {}",
                "{\"issuer\":\"https://as.example\",\"authorization_endpoint\":7}"
            })
    void refusesWhatIsNotOneCleanDocument(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.code()).isEqualTo(FailureCode.METADATA_MALFORMED));
    }

    private static AuthorizationServerMetadata read(String body) {
        return AuthorizationServerMetadata.read(
                new OutboundResponse(
                        200,
                        Map.of("content-type", List.of("application/json")),
                        body.getBytes(StandardCharsets.UTF_8)),
                ISSUER,
                URI.create(ISSUER));
    }
}
