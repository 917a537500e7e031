package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import dev.claviger.oauth.protocol.TokenAnswer.Unintelligible;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEndpointTest {

    private static final TokenEndpoint ENDPOINT = new TokenEndpoint(
            URI.create("https://as.example/token"),
            new ClientAuthentication("id", null, "none"),
            new RequestProfile(null, null));
    private static final Secret SENT = Secret.of("sent-secret");

    @Test
    void takesWhatProvidersReallySend() {
        assertThat(tokens("{\"access_token\":\"a\",\"token_type\":\"BEARER\",\"expires_in\":\"3600\","
                        + "\"refresh_token\":\"r\",\"scope\":[\"x\",\"y\"],\"unknown\":{}}"))
                .isEqualTo(new Tokens(Secret.of("a"), Secret.of("r"), Duration.ofHours(1), "x y"));
        for (String name : List.of("refresh_expires_in", "refresh_token_expires_in", "x_refresh_token_expires_in")) {
            assertThat(tokens("{\"access_token\":\"a\",\"refresh_token\":\"r\",\"" + name + "\":\"1800\"}"))
                    .isEqualTo(new Tokens(Secret.of("a"), Secret.of("r"), null, null, Duration.ofMinutes(30), null));
            assertThat(tokens("{\"access_token\":\"a\",\"refresh_token\":\"r\",\"" + name + "\":0}"))
                    .as("never, by Keycloak")
                    .isEqualTo(new Tokens(Secret.of("a"), Secret.of("r"), null, null));
        }
        assertThat(tokens("{\"access_token\":\"a\"}")).isEqualTo(new Tokens(Secret.of("a"), null, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"3599.7, PT59M59S", "0, -", "-1, -", "'\"soon\"', -", "null, -", "1e300, PT87600H"})
    void readsLifetimes(String sent, @Nullable Duration expected) {
        assertThat(tokens("{\"access_token\":\"a\",\"expires_in\":" + sent + "}")
                        .expiresIn())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Sign in</html>",
                "",
                "[]",
                "{\"access_token\":\"a\",\"access_token\":\"b\"}",
                "{\"access_token\":\"\"}",
                "{\"access_token\":7}",
                "{\"access_token\":\"a\",\"token_type\":\"DPoP\"}"
            })
    void findsNoTokenInNonsense(String body) {
        assertThat(read(200, body)).isInstanceOf(Unintelligible.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read\\u0000", "read \\u0007write", "re\\\"ad", "\\ud800", "rö"})
    void dropsAMalformedScopeAndKeepsTheToken(String scope) {
        assertThat(tokens("{\"access_token\":\"a\",\"refresh_token\":\"r\",\"scope\":\"" + scope + "\"}"))
                .isEqualTo(new Tokens(Secret.of("a"), Secret.of("r"), null, null));
    }

    @Test
    void dropsAScopeWithoutEnd() {
        assertThat(tokens("{\"access_token\":\"a\",\"scope\":\"" + "read ".repeat(5000) + "\"}")
                        .scope())
                .isNull();
    }

    @Test
    void takesNoTokenThatCannotBeSent() {
        for (String token : List.of("a\\u0000b", "a\\nb", "ä", "a".repeat(16 * 1024 + 1))) {
            assertThat(read(200, "{\"access_token\":\"" + token + "\"}")).isInstanceOf(Unintelligible.class);
            assertThat(read(200, "{\"access_token\":\"a\",\"refresh_token\":\"" + token + "\"}"))
                    .isInstanceOf(Unintelligible.class);
        }
    }

    @Test
    void readsErrorsOfEveryKind() {
        assertThat(read(400, "{\"error\":\"invalid_grant\",\"error_description\":\"gone\"}"))
                .isEqualTo(new Denied(400, "invalid_grant", "gone"));
        assertThat(read(200, "{\"ok\":false,\"error\":\"bad_verification_code\"}"))
                .isEqualTo(new Denied(200, "bad_verification_code", null));
        assertThat(read(403, "Forbidden")).isEqualTo(new Denied(403, "", null));
        assertThat(read(400, "{\"error\":{\"code\":\"invalid_grant\"}}"))
                .isEqualTo(new Denied(400, "invalid_grant", null));
        assertThat(read(422, "{\"message\":\"Unrecognized client_id\"}"))
                .isEqualTo(new Denied(422, "", "Unrecognized client_id"));
        assertThat(read(422, "{\"detail\":\"Unknown client\"}")).isEqualTo(new Denied(422, "", "Unknown client"));
        assertThat(read(422, "{\"detail\":[{\"loc\":[\"body\",\"client_id\"],\"msg\":\"not found\"}]}"))
                .isEqualTo(new Denied(422, "", "client_id: not found"));
        assertThat(read(422, "{\"detail\":[{\"loc\":[],\"msg\":\"bad\"},7]}")).isEqualTo(new Denied(422, "", "bad"));
        assertThat(read(422, "{\"detail\":[7],\"message\":{\"a\":1}}")).isEqualTo(new Denied(422, "", null));
    }

    @Test
    void neverRepeatsASecretThatTheServerEchoes() {
        Denied denied = (Denied)
                read(400, "{\"error\":\"bad sent-secret\",\"error_description\":\"token sent-secret is unknown\"}");

        assertThat(denied.words()).doesNotContain("sent-secret").contains("***");
    }

    @Test
    void neverRepeatsTheHeaderThatCarriesTheClientSecret() {
        TokenEndpoint endpoint = new TokenEndpoint(
                ENDPOINT.uri(),
                new ClientAuthentication("c", Secret.of("cs/ecret"), ClientAuthentication.BASIC),
                new RequestProfile(null, null));
        String echo = "{\"error\":\"invalid_client\",\"error_description\":\"Basic YzpjcyUyRmVjcmV0"
                + " cs/ecret cs%2Fecret\"}";

        Denied denied = (Denied)
                endpoint.read(new OutboundResponse(401, Map.of(), echo.getBytes(StandardCharsets.UTF_8)), List.of());

        assertThat(denied.description()).doesNotContain("YzpjcyUyRmVjcmV0", "cs/ecret", "cs%2Fecret");
    }

    @ParameterizedTest
    @CsvSource({"500, true", "502, true", "504, true", "503, false", "429, false"})
    void knowsWhetherTheAnswerMayBeLost(int status, boolean lost) {
        OutboundResponse response = new OutboundResponse(status, Map.of("retry-after", List.of("7")), new byte[0]);

        assertThatThrownBy(() -> ENDPOINT.read(response, List.of())).isInstanceOfSatisfying(Unreachable.class, e -> {
            assertThat(e.answerMayBeLost()).isEqualTo(lost);
            assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        });
    }

    private static Tokens tokens(String body) {
        return (Tokens) read(200, body);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "429, -, true, -",
                "429, 30, true, PT30S",
                "503, 30, true, PT30S",
                "503, -, false, -",
                "503, soon, false, -",
                "500, 30, false, PT30S",
                "429, 99999999, true, PT1H",
                "429, 'Mon, 23 Nov 2026 12:01:30 GMT', true, PT1M30S",
                "429, 'Mon, 23 Nov 2026 11:59:00 GMT', true, -",
                "429, 'Mon, 31 Feb 2026 12:00:00 GMT', true, -"
            })
    void tellsThatItWasAskedToWaitByTheServersOwnClock(
            int status, @Nullable String retryAfter, boolean throttled, @Nullable Duration wait) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("date", List.of("Mon, 23 Nov 2026 12:00:00 GMT"));
        if (retryAfter != null) {
            headers.put("retry-after", List.of(retryAfter));
        }
        assertThatThrownBy(() -> ENDPOINT.read(new OutboundResponse(status, headers, new byte[0]), List.of(SENT)))
                .isInstanceOfSatisfying(Unreachable.class, e -> {
                    assertThat(e.isThrottled()).isEqualTo(throttled);
                    assertThat(e.retryAfter()).isEqualTo(wait);
                });
    }

    private static TokenAnswer read(int status, String body) {
        return ENDPOINT.read(
                new OutboundResponse(status, Map.of(), body.getBytes(StandardCharsets.UTF_8)), List.of(SENT));
    }
}
