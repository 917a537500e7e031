package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WwwAuthenticateTest {

    private static final String METADATA = "https://mcp.example/.well-known/oauth-protected-resource";

    @Test
    void findsBearerBehindOtherSchemesInOneHeader() {
        var challenge = WwwAuthenticate.oauth(List.of("Basic realm=\"a, \\\"b\\\" c\", Negotiate YWJj==, Bearer"
                + " realm=x, resource_metadata=\"" + METADATA + "\", scope=\"a b\", Digest nonce=\"1\""));

        assertThat(challenge).get().satisfies(found -> {
            assertThat(found.scheme()).isEqualTo("Bearer");
            assertThat(found.parameters())
                    .isEqualTo(Map.of("realm", "x", "resource_metadata", METADATA, "scope", "a b"));
        });
    }

    @Test
    void findsTheBearerThatNamesMetadataAmongSeveralHeaders() {
        var challenge =
                WwwAuthenticate.oauth(List.of("Bearer realm=\"old\"", "bearer resource_metadata=\"" + METADATA + "\""));

        assertThat(challenge.orElseThrow().parameter("resource_metadata")).isEqualTo(METADATA);
    }

    @Test
    void takesSchemesWithoutParameters() {
        assertThat(WwwAuthenticate.parse(List.of("Basic, Bearer , Negotiate")))
                .extracting(WwwAuthenticate.Challenge::scheme)
                .containsExactly("Basic", "Bearer", "Negotiate");
    }

    @Test
    void allowsSpaceAroundTheEqualsSignAndAnyCase() {
        var challenge = WwwAuthenticate.oauth(List.of("BEARER Scope = \"x\" ,\tError=invalid_token"));

        assertThat(challenge.orElseThrow().parameters()).isEqualTo(Map.of("scope", "x", "error", "invalid_token"));
    }

    @Test
    void keepsTheFirstOfARepeatedParameter() {
        assertThat(WwwAuthenticate.oauth(List.of("Bearer scope=a, scope=b"))
                        .orElseThrow()
                        .parameter("scope"))
                .isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ",,,", "\"", "Bearer =", "Bearer scope=\"never closed", "= = =", "Bearer a=b=c, \u0000", "é"
            })
    void survivesNonsense(String header) {
        assertThat(WwwAuthenticate.parse(List.of(header))).hasSizeLessThan(3);
    }
}
