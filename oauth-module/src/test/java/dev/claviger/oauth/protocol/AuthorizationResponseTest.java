package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationResponseTest {

    private static final String ISSUER = "https://as.example";

    @ParameterizedTest(name = "advertised {0}, iss {1}: good {2}")
    @CsvSource(
            nullValues = "-",
            value = {
                "true,  https://as.example,     true",
                "true,  -,                      false",
                "true,  https://evil.example,   false",
                "false, https://as.example,     true",
                "false, -,                      true",
                "false, https://evil.example,   false",
                "true,  '',                     false",
                "false, '',                     false",
                "false, https://as.example/,    false",
                "false, https://AS.example,     false",
                "false, https://as.example:443, false",
                "false, https://as%2Eexample,   false"
            })
    void comparesTheIssuerByTheTable(boolean advertised, @Nullable String iss, boolean good) {
        AuthorizationResponse response = response("iss", iss, "code", "c");
        if (good) {
            assertThatCode(() -> response.requireIssuer(ISSUER, advertised)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> response.requireIssuer(ISSUER, advertised))
                    .isInstanceOfSatisfying(
                            Untrusted.class, e -> assertThat(e.code()).isEqualTo(FailureCode.WRONG_ISSUER))
                    .hasMessageNotContaining("evil");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://login.example,      true",
        "https://login.example/t,    true",
        "https://token.example,      true",
        "https://login.example.evil, false",
        "https://evil.example,       false"
    })
    void wantsTheIssuerBesideEndpointsEnteredByHand(String iss, boolean good) {
        AuthorizationResponse response = response("iss", iss);
        URI login = URI.create("https://login.example/authorize");
        URI token = URI.create("https://token.example/token");
        if (good) {
            assertThatCode(() -> response.requireIssuerBeside(login, token)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> response.requireIssuerBeside(login, token)).isInstanceOf(Untrusted.class);
        }
    }

    @Test
    void tellsADenialFromOtherRefusals() {
        assertThat(refusal(response("error", "access_denied")).code()).isEqualTo(FailureCode.CONSENT_DENIED);
        assertThat(refusal(response("error", "server_error")).code()).isEqualTo(FailureCode.AUTHORIZATION_REFUSED);
        assertThat(refusal(response()).code()).isEqualTo(FailureCode.AUTHORIZATION_REFUSED);
    }

    @Test
    void showsRemoteTextShortAndOnOneLine() {
        Refused refused = refusal(response("error", "<b>x</b>", "error_description", "a\r\nb\u202e" + "c".repeat(500)));

        assertThat(refused.getMessage())
                .contains("_b_x__b_", "a b c")
                .doesNotContain("\n", "<", "\u202e")
                .hasSizeLessThan(320);
    }

    @ParameterizedTest
    @ValueSource(strings = {"code", "iss", "error"})
    void refusesRepeatedParameters(String name) {
        Map<String, String[]> parameters = new HashMap<>(Map.of("code", new String[] {"c"}));
        parameters.put(name, new String[] {"1", "2"});

        assertThatThrownBy(() -> AuthorizationResponse.of(parameters).requireCode("as.example"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void printsNeitherCodeNorState() {
        assertThat(response("code", "the-code", "state", "the-state").toString())
                .doesNotContain("the-code", "the-state");
    }

    private static Refused refusal(AuthorizationResponse response) {
        try {
            response.requireCode("as.example");
            throw new AssertionError("was not refused");
        } catch (Refused e) {
            return e;
        }
    }

    private static AuthorizationResponse response(@Nullable String... namesAndValues) {
        Map<String, String[]> parameters = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                parameters.put(namesAndValues[i], new String[] {namesAndValues[i + 1]});
            }
        }
        return AuthorizationResponse.of(parameters);
    }
}
