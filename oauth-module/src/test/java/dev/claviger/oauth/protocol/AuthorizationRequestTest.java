package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.claviger.credentials.api.Secret;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice.Way;
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
                "-, -, c offline_access, -, c",
                "-, -, offline_access, -, -",
                "-, -, offline_access c, offline_access, c offline_access",
                "-, a offline_access, -, -, a offline_access",
                "mine offline_access, a, c, -, mine offline_access",
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

    /** C56: what was asked for before, in its order, and what is wanted beyond it. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "a b, c, -, a b c",
                "a b, b c a, -, a b c",
                "-, c, -, c",
                "a offline_access, c, x, a c",
                "a offline_access, c, offline_access, a offline_access c",
                "a, c offline_access, -, a c offline_access",
                "a, c, offline_access, a c offline_access",
                "' a  b ', c, -, a b c"
            })
    void asksForTheUnionWhenItStepsUp(
            @Nullable String before, String challenged, @Nullable String server, String expected) {
        assertThat(AuthorizationRequest.stepUp(before, challenged, words(server)))
                .isEqualTo(expected);
    }

    @Test
    void sendsAnAudienceWhereThatIsChosen() {
        ResourceChoice audience = new ResourceChoice(Way.AUDIENCE, "https://api.example/?x=ü&y");

        assertThat(parameters(RequestProfile.of(audience, "https://mcp.example/mcp")))
                .containsEntry("audience", List.of("https://api.example/?x=ü&y"))
                .doesNotContainKey("resource");
    }

    @Test
    void sendsAnotherResourceOrNoneWhereThatIsChosen() {
        ResourceChoice other = new ResourceChoice(Way.OVERRIDE, "https://MCP.example:443/mcp/");

        assertThat(parameters(RequestProfile.of(other, "https://mcp.example/mcp")))
                .containsEntry("resource", List.of("https://MCP.example:443/mcp/"));
        assertThat(parameters(RequestProfile.of(new ResourceChoice(Way.OMIT, null), "https://mcp.example/mcp")))
                .doesNotContainKeys("resource", "audience");
        assertThat(parameters(RequestProfile.of(ResourceChoice.AS_PUBLISHED, "https://mcp.example/mcp/")))
                .containsEntry("resource", List.of("https://mcp.example/mcp/"));
    }

    /** RFC 9126 section 4. */
    @Test
    void namesOnlyThePushedRequestWhereItWasPushed() {
        URI url = new AuthorizationRequest(
                        URI.create("https://as.example/authorize?tenant=a"),
                        "client one",
                        URI.create("https://claviger.example/oauth/callback"),
                        "notes:read",
                        new RequestProfile("https://mcp.example/mcp", null))
                .url(Secret.of("urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c"));

        assertThat(URLUtils.parseParameters(url.getRawQuery()))
                .isEqualTo(Map.of(
                        "tenant", List.of("a"),
                        "client_id", List.of("client one"),
                        "request_uri", List.of("urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c")));
    }

    private static Map<String, List<String>> parameters(RequestProfile profile) {
        return URLUtils.parseParameters(new AuthorizationRequest(
                        URI.create("https://as.example/authorize"),
                        "id",
                        URI.create("https://claviger.example/oauth/callback"),
                        null,
                        profile)
                .url(AuthorizationRequest.newState(), AuthorizationRequest.newCodeVerifier())
                .getRawQuery());
    }

    @Test
    void carriesEverythingByteForByte() {
        URI url = new AuthorizationRequest(
                        URI.create("https://as.example/authorize?tenant=a%20b"),
                        "client one",
                        URI.create("https://claviger.example/oauth/callback"),
                        "notes:read offline_access",
                        new RequestProfile("https://MCP.example:443/mcp/", null))
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
                        new RequestProfile(null, null))
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
