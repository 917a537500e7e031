package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Recorded;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way to a grant and to its end, spoken with a real authorization server. */
class GrantTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);
    private static final URI REDIRECT = URI.create("http://localhost:8080/oauth/callback");

    private final DemoProvider provider = DemoProvider.start();
    private final Secret verifier = AuthorizationRequest.newCodeVerifier();

    @AfterEach
    void stop() {
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "client_secret_basic", "client_secret_post"})
    void goesFromDiscoveryToRevocation(String method) {
        provider.knobs().tokenEndpointAuthMethod = method;
        Discovered found = discover();
        ClientRegistration registration = register(found);
        assertThat(registration.tokenEndpointAuthMethod()).isEqualTo(method);
        TokenEndpoint endpoint = tokenEndpoint(found, registration);

        Tokens first = (Tokens) exchange(endpoint, consent(found, registration));
        Tokens second = (Tokens) refresh(endpoint, Objects.requireNonNull(first.refreshToken()));

        assertThat(second.refreshToken()).isNotNull().isNotEqualTo(first.refreshToken());
        assertThat(tokenRequests()).hasSize(2).allSatisfy(request -> {
            assertThat(request.formParameters())
                    .containsEntry("resource", provider.mcpUrl().toString());
            assertThat(request.header("Authorization") != null).isEqualTo(method.equals("client_secret_basic"));
            assertThat(request.formParameters().containsKey("client_secret"))
                    .isEqualTo(method.equals("client_secret_post"));
        });
        TokenRevocation revocation = new TokenRevocation(
                URI.create(Objects.requireNonNull(found.server().revocationEndpoint())), endpoint.client());
        Secret refreshToken = Objects.requireNonNull(second.refreshToken());
        assertThat(revocation.answer(CLIENT.send(revocation.ofRefreshToken(refreshToken)), refreshToken))
                .isEqualTo(new TokenRevocation.Answer(true, true, "HTTP 200"));
        assertThat(revocation.answer(CLIENT.send(revocation.ofAccessToken(second.accessToken())), second.accessToken()))
                .isEqualTo(new TokenRevocation.Answer(true, true, "HTTP 200"));
        assertThat(provider.requests().stream()
                        .filter(request -> request.path().equals("/revoke"))
                        .map(request -> request.formParameters().get("token_type_hint")))
                .containsExactly("refresh_token", "access_token");
        assertThat(refresh(endpoint, second.refreshToken()))
                .isInstanceOfSatisfying(
                        Denied.class, denied -> assertThat(denied.error()).isEqualTo("invalid_grant"));
    }

    @Test
    void registersAsWhatItIs() {
        register(discover());

        Recorded request = provider.requests().stream()
                .filter(recorded -> recorded.path().equals("/register"))
                .findFirst()
                .orElseThrow();
        assertThat(request.body())
                .contains("\"application_type\":\"native\"", "refresh_token", "authorization_code", "Claviger");
    }

    @Test
    void redeemsACodeOnlyOnce() {
        Discovered found = discover();
        ClientRegistration registration = register(found);
        TokenEndpoint endpoint = tokenEndpoint(found, registration);
        Secret code = consent(found, registration);

        assertThat(exchange(endpoint, code)).isInstanceOf(Tokens.class);
        assertThat(exchange(endpoint, code))
                .isInstanceOfSatisfying(
                        Denied.class,
                        denied -> assertThat(denied.words())
                                .contains("invalid_grant")
                                .doesNotContain(code.reveal()));
    }

    @Test
    void saysThatADroppedAnswerMayBeLost() {
        Discovered found = discover();
        ClientRegistration registration = register(found);
        Secret code = consent(found, registration);
        provider.knobs().tokenEndpointDropsAnswer = true;

        assertThatThrownBy(() -> exchange(tokenEndpoint(found, registration), code))
                .isInstanceOfSatisfying(
                        Unreachable.class, e -> assertThat(e.answerMayBeLost()).isTrue());
    }

    @Test
    void namesTheCauseWhenRegistrationIsRefused() {
        Discovered found = discover();
        provider.knobs().refuseRegistration = true;
        assertRefused(found, FailureCode.REGISTRATION_REFUSED);

        provider.knobs().refuseRegistration = false;
        provider.knobs().refuseRedirectUri = true;
        assertRefused(found, FailureCode.REDIRECT_URI_REFUSED);
    }

    @ParameterizedTest
    @CsvSource({
        "https://claviger.example/oauth/callback, true",
        "http://localhost:8080/oauth/callback, true",
        "http://127.0.0.1:8080/oauth/callback, true",
        "http://claviger.example/oauth/callback, false",
        "http://localhost.evil.example/oauth/callback, false"
    })
    void comesBackOverHttpsOrToThisMachine(URI redirectUri, boolean usable) {
        assertThat(ClientRegistration.isUsableRedirect(redirectUri)).isEqualTo(usable);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, client_secret_basic",
                "client_secret_post none, client_secret_post",
                "none, none",
                "private_key_jwt client_secret_basic, client_secret_basic"
            })
    void asksForAMethodThatBothKnow(@Nullable String supported, String chosen) {
        assertThat(ClientAuthentication.toRegister(supported == null ? List.of() : List.of(supported.split(" "))))
                .isEqualTo(chosen);
    }

    private void assertRefused(Discovered found, FailureCode code) {
        assertThatThrownBy(() -> register(found))
                .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private Discovered discover() {
        return new Discovery(CLIENT).discover(provider.mcpUrl().toString());
    }

    private ClientRegistration register(Discovered found) {
        URI endpoint = URI.create(Objects.requireNonNull(found.server().registrationEndpoint()));
        String method = ClientAuthentication.toRegister(found.server().tokenEndpointAuthMethods());
        return ClientRegistration.read(
                CLIENT.send(ClientRegistration.request(endpoint, REDIRECT, method)), method, endpoint);
    }

    private Secret consent(Discovered found, ClientRegistration registration) {
        Secret state = AuthorizationRequest.newState();
        URI url = new AuthorizationRequest(
                        URI.create(found.server().authorizationEndpoint()),
                        registration.clientId(),
                        REDIRECT,
                        AuthorizationRequest.chooseScope(
                                null,
                                found.challengedScope(),
                                found.resourceScopes(),
                                found.server().scopesSupported()),
                        new RequestProfile(found.resource(), null))
                .url(state, verifier);
        Map<String, String[]> parameters =
                URLUtils.parseParameters(URI.create(provider.approve(url)).getRawQuery()).entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, e -> e.getValue().toArray(String[]::new)));
        AuthorizationResponse response = AuthorizationResponse.of(parameters);
        assertThat(response.state()).isEqualTo(state);
        response.requireIssuer(found.server().issuer(), found.server().issParameterSupported());
        return response.requireCode("the provider");
    }

    private static TokenEndpoint tokenEndpoint(Discovered found, ClientRegistration registration) {
        return new TokenEndpoint(
                URI.create(found.server().tokenEndpoint()),
                new ClientAuthentication(
                        registration.clientId(), registration.clientSecret(), registration.tokenEndpointAuthMethod()),
                new RequestProfile(found.resource(), null));
    }

    private TokenAnswer exchange(TokenEndpoint endpoint, Secret code) {
        return endpoint.read(CLIENT.send(endpoint.codeExchange(code, REDIRECT, verifier)), List.of(code, verifier));
    }

    private static TokenAnswer refresh(TokenEndpoint endpoint, Secret refreshToken) {
        return endpoint.read(CLIENT.send(endpoint.refresh(refreshToken)), List.of(refreshToken));
    }

    private List<Recorded> tokenRequests() {
        return provider.requests().stream()
                .filter(recorded -> recorded.path().equals("/token"))
                .toList();
    }
}
