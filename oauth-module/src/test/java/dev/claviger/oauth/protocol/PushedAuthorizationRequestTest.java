package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.DemoProvider.RegisteredClient;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest.Answer;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest.Answer.Accepted;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest.Answer.NotAccepted;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushedAuthorizationRequestTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);
    private static final Secret STATE = Secret.of("the-state");
    private static final Secret VERIFIER = Secret.of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    private static final PushedAuthorizationRequest ENDPOINT = new PushedAuthorizationRequest(
            URI.create("https://as.example/par?tenant=a"), new ClientAuthentication("id", null, "none"));

    @Test
    void pushesWhatTheBrowserWouldHaveCarried() {
        try (DemoProvider provider = DemoProvider.start()) {
            URI redirect = URI.create("https://claviger.example/oauth/callback");
            RegisteredClient client = provider.registerClient(redirect);
            AuthorizationRequest asked = new AuthorizationRequest(
                    URI.create(provider.issuer() + "/authorize"),
                    client.clientId(),
                    redirect,
                    "notes:read",
                    new RequestProfile(provider.mcpUrl().toString(), null));
            PushedAuthorizationRequest endpoint = new PushedAuthorizationRequest(
                    URI.create(provider.issuer() + "/par"),
                    new ClientAuthentication(
                            client.clientId(),
                            Secret.of(String.valueOf(client.clientSecret())),
                            ClientAuthentication.BASIC));

            Answer answer =
                    endpoint.read(CLIENT.send(endpoint.request(asked, STATE, VERIFIER)), List.of(STATE, VERIFIER));

            assertThat(answer).isInstanceOf(Accepted.class);
            assertThat(provider.requests()).last().satisfies(request -> {
                assertThat(request.header("Authorization")).startsWith("Basic ");
                assertThat(URLUtils.parseParameters(request.body()))
                        .isEqualTo(URLUtils.parseParameters(
                                asked.url(STATE, VERIFIER).getRawQuery()));
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"60, PT1M", "'\"90\"', PT1M30S", "-, PT1M", "0, PT1M", "-5, PT1M", "1e300, PT24H", "null, PT1M"})
    void takesTheNameAndHowLongItHolds(String expiresIn, Duration expected) {
        String lifetime = expiresIn == null ? "" : ",\"expires_in\":" + expiresIn;

        assertThat(read(201, "{\"request_uri\":\"urn:ietf:params:oauth:request_uri:abc\"" + lifetime + "}"))
                .isEqualTo(new Accepted(Secret.of("urn:ietf:params:oauth:request_uri:abc"), expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "<html>",
                "{\"request_uri\":7}",
                "{\"request_uri\":\"relative\"}",
                "{\"request_uri\":\"urn:a b\"}",
                "{\"request_uri\":\"urn:a\\u0000\"}",
                "{\"request_uri\":\"urn:a\",\"request_uri\":\"urn:b\"}"
            })
    void refusesASuccessThatNamesNoRequest(String body) {
        assertThatThrownBy(() -> read(201, body))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PUSHED_REQUEST_REFUSED));
    }

    @Test
    void repeatsNothingSecretOfARefusal() {
        Answer answer = read(
                400, "{\"error\":\"invalid_request\",\"error_description\":\"the-state " + VERIFIER.reveal() + "\"}");

        assertThat(((NotAccepted) answer).denied().words())
                .contains("invalid_request")
                .doesNotContain("the-state", "dBjftJeZ4CVP");
    }

    @Test
    void triesAgainLaterWhereNobodyAnswers() {
        assertThatThrownBy(() -> read(503, "")).isInstanceOf(Unreachable.class);
    }

    private static Answer read(int status, String body) {
        return ENDPOINT.read(
                new OutboundResponse(status, Map.of(), body.getBytes(StandardCharsets.UTF_8)),
                List.of(STATE, VERIFIER));
    }
}
