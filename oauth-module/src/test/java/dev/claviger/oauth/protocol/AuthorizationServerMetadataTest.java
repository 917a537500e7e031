package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationServerMetadataTest {

    private static final String ISSUER = "https://as.example";
    private static final String REST = "\"authorization_endpoint\":\"https://as.example/a\","
            + "\"token_endpoint\":\"https://as.example/t\",\"code_challenge_methods_supported\":[\"S256\"]}";

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

    @Test
    void takesTheOnePairOfIssuersThatWasAccepted() {
        String body = "{\"issuer\":\"https://cf.as.example\"," + REST;

        AuthorizationServerMetadata read = read(body, new IssuerException(ISSUER, "https://cf.as.example"));

        assertThat(read.issuer()).isEqualTo("https://cf.as.example");
        assertThat(read.askedIssuer()).isEqualTo(ISSUER);
    }

    @ParameterizedTest
    @CsvSource({
        "https://as.example, https://cf.as.example/",
        "https://as.example/, https://cf.as.example",
        "https://cf.as.example, https://as.example",
        "https://as.example, https://as.example"
    })
    void takesNoOtherPairThanTheAcceptedOne(String expected, String published) {
        String body = "{\"issuer\":\"https://cf.as.example\"," + REST;

        assertThatThrownBy(() -> read(body, new IssuerException(expected, published)))
                .isInstanceOfSatisfying(
                        IssuerMismatch.class,
                        e -> assertThat(e.pair()).isEqualTo(new IssuerException(ISSUER, "https://cf.as.example")))
                .hasMessageContaining("“https://as.example”")
                .hasMessageContaining("“https://cf.as.example”");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "null",
                "\"https://as.example\\u0000\"",
                "\"\"",
                "[\"https://as.example\"]",
                "\"https://\u0430s.example\""
            })
    void offersNoExceptionForWhatIsNoIssuer(String issuer) {
        assertThatThrownBy(() -> read("{\"issuer\":" + issuer + "," + REST))
                .isInstanceOfSatisfying(
                        IssuerMismatch.class, e -> assertThat(e.pair()).isNull());
    }

    /** Entra names another issuer and leaves out its PKCE; only the one of these can be accepted. */
    @Test
    void demandsPkceOfAnAcceptedPairToo() {
        assertThatThrownBy(() -> read(
                        "{\"issuer\":\"https://cf.as.example\",\"authorization_endpoint\":\"https://as.example/a\","
                                + "\"token_endpoint\":\"https://as.example/t\"}",
                        new IssuerException(ISSUER, "https://cf.as.example")))
                .isInstanceOfSatisfying(
                        Untrusted.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PKCE_NOT_SUPPORTED));
    }

    @Test
    void readsWhetherRequestsMustBePushed() {
        assertThat(read("{\"issuer\":\"https://as.example\",\"pushed_authorization_request_endpoint\":"
                        + "\"https://as.example/par\"," + REST))
                .extracting(
                        AuthorizationServerMetadata::pushedAuthorizationRequestEndpoint,
                        AuthorizationServerMetadata::requirePushedAuthorizationRequests)
                .containsExactly("https://as.example/par", false);
        assertThatThrownBy(() -> read("{\"issuer\":\"https://as.example\","
                        + "\"require_pushed_authorization_requests\":true," + REST))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.code()).isEqualTo(FailureCode.METADATA_MALFORMED));
    }

    @Test
    void needsNoAuthorizationEndpointWhereNobodyIsSentThere() {
        String body = "{\"issuer\":\"https://as.example\",\"token_endpoint\":\"https://as.example/token\","
                + "\"authorization_grant_profiles_supported\":[\"urn:ietf:params:oauth:grant-profile:id-jag\",\"a\\u0000\"]}";

        AuthorizationServerMetadata metadata = read(body, null, false);

        assertThat(metadata.authorizationEndpoint()).isNull();
        assertThat(metadata.grantProfiles()).containsExactly(TokenExchange.GRANT_PROFILE);
        assertThatThrownBy(() -> read(body)).isInstanceOf(Refused.class);
        assertThat(read(
                                "{\"issuer\":\"https://as.example\",\"token_endpoint\":\"https://as.example/token\"}",
                                null,
                                false)
                        .grantProfiles())
                .isNull();
        assertThatThrownBy(() -> read("{\"issuer\":\"https://as.example\"}", null, false))
                .isInstanceOf(Refused.class);
    }

    private static AuthorizationServerMetadata read(String body) {
        return read(body, null);
    }

    private static AuthorizationServerMetadata read(String body, @Nullable IssuerException exception) {
        return read(body, exception, true);
    }

    private static AuthorizationServerMetadata read(String body, @Nullable IssuerException exception, boolean consent) {
        return AuthorizationServerMetadata.read(
                new OutboundResponse(
                        200,
                        Map.of("content-type", List.of("application/json")),
                        body.getBytes(StandardCharsets.UTF_8)),
                ISSUER,
                URI.create(ISSUER),
                exception,
                consent);
    }
}
