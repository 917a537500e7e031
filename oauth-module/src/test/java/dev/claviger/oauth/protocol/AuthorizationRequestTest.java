package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.claviger.credentials.api.Secret;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizationRequestTest {

    // RFC 7636 appendix B
    private static final Secret VERIFIER = Secret.of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    @ParameterizedTest(name = "entered {0}, challenged {1}, resource {2}, server {3}: {4}")
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -, -, -",
                "-, -, -, offline_access, -",
                "-, a b, -, -, a b",
                "-, a b, c d, -, a b",
                "-, -, c d, -, c d",
                "-, a, c, x offline_access, a offline_access",
                "-, -, c, offline_access, c offline_access",
                "-, offline_access a, c, offline_access, offline_access a",
                "-, a, -, x, a",
                "mine, a, c, offline_access, mine",
                "' ', a, c, -, a"
            })
    void choosesTheScope(
            @Nullable String entered,
            @Nullable String challenged,
            @Nullable String resource,
            @Nullable String server,
            @Nullable String expected) {
        assertThat(AuthorizationRequest.chooseScope(entered, challenged, words(resource), words(server)))
                .isEqualTo(expected);
    }

    @Test
    void carriesEverythingByteForByte() {
        URI url = new AuthorizationRequest(
                        URI.create("https://as.example/authorize?tenant=a%20b"),
                        "client one",
                        URI.create("https://claviger.example/oauth/callback"),
                        "notes:read offline_access",
                        "https://MCP.example:443/mcp/")
                .url(Secret.of("the-state"), VERIFIER);

        assertThat(url.toString()).startsWith("https://as.example/authorize?");
        assertThat(URLUtils.parseParameters(url.getRawQuery()))
                .isEqualTo(Map.of(
                        "tenant", List.of("a b"),
                        "response_type", List.of("code"),
                        "client_id", List.of("client one"),
                        "redirect_uri", List.of("https://claviger.example/oauth/callback"),
                        "scope", List.of("notes:read offline_access"),
                        "prompt", List.of("consent"),
                        "state", List.of("the-state"),
                        "code_challenge", List.of(CHALLENGE),
                        "code_challenge_method", List.of("S256"),
                        "resource", List.of("https://MCP.example:443/mcp/")));
    }

    @Test
    void leavesOutWhatThereIsNot() {
        URI url = new AuthorizationRequest(
                        URI.create("https://as.example/authorize"),
                        "id",
                        URI.create("http://localhost:8080/oauth/callback"),
                        null,
                        null)
                .url(AuthorizationRequest.newState(), AuthorizationRequest.newCodeVerifier());

        assertThat(URLUtils.parseParameters(url.getRawQuery())).doesNotContainKeys("scope", "resource", "prompt");
    }

    @Test
    void drawsStatesOf256Bits() {
        assertThat(AuthorizationRequest.newState().reveal()).hasSize(43).matches("[A-Za-z0-9_-]+");
        assertThat(AuthorizationRequest.newState()).isNotEqualTo(AuthorizationRequest.newState());
    }

    private static List<String> words(@Nullable String text) {
        return text == null ? List.of() : Arrays.asList(text.split(" "));
    }
}
