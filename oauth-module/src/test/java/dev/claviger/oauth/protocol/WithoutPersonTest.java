package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.DemoProvider.RegisteredClient;
import dev.claviger.demoprovider.Recorded;
import dev.claviger.oauth.protocol.ExchangeAnswer.Assertion;
import dev.claviger.oauth.protocol.ExchangeAnswer.NotGiven;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import dev.claviger.oauth.protocol.TokenAnswer.Unintelligible;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that nobody consents to, spoken with a real authorization server and a real identity provider. */
class WithoutPersonTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);
    private static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";

    private final DemoProvider provider = DemoProvider.start();

    @AfterEach
    void stop() {
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret_basic", "client_secret_post"})
    void asksAsTheClientItself(String method) {
        provider.knobs().tokenEndpointAuthMethod = method;
        TokenEndpoint endpoint = endpoint(registered(method));

        Tokens tokens = (Tokens) endpoint.read(CLIENT.send(endpoint.clientCredentials("notes:read")), List.of());

        assertThat(tokens.refreshToken()).isNull();
        assertThat(tokens.scope()).isEqualTo("notes:read");
        assertThat(last().formParameters())
                .containsEntry("grant_type", "client_credentials")
                .containsEntry("scope", "notes:read")
                .containsEntry("resource", provider.mcpUrl().toString());
    }

    @Test
    void asksWithAKey() throws Exception {
        TokenEndpoint endpoint = endpoint(keyed(provider.issuer().toString()));

        assertThat(endpoint.read(CLIENT.send(endpoint.clientCredentials(null)), List.of()))
                .isInstanceOf(Tokens.class);
        assertThat(endpoint.read(CLIENT.send(endpoint.clientCredentials(null)), List.of()))
                .as("signed anew, so the second request is good too")
                .isInstanceOf(Tokens.class);
        assertThat(last().formParameters())
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .doesNotContainKeys("scope", "client_secret");
    }

    @Test
    void aKeyIsWorthNothingAtAnotherServer() throws Exception {
        TokenEndpoint endpoint = endpoint(keyed("https://another.example"));

        assertThat(endpoint.read(CLIENT.send(endpoint.clientCredentials(null)), List.of()))
                .isInstanceOfSatisfying(
                        Denied.class, denied -> assertThat(denied.error()).isEqualTo("invalid_client"));
    }

    @Test
    void exchangesAnIdentityForAnAssertionAndThatForAToken() {
        TokenExchange exchange = exchange(ClientAuthentication.BASIC);
        Secret subject = Secret.of(provider.idToken());

        Assertion assertion = (Assertion) exchange(exchange, subject, ID_TOKEN);

        assertThat(last().formParameters())
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .containsEntry("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag")
                .containsEntry("audience", provider.issuer().toString())
                .containsEntry("resource", provider.mcpUrl().toString())
                .containsEntry("subject_token", subject.reveal())
                .containsEntry("subject_token_type", ID_TOKEN)
                .containsEntry("scope", "notes:read notes:write");
        assertThat(assertion.subject()).isNull();
        TokenEndpoint endpoint = endpoint(registered(ClientAuthentication.BASIC));
        Tokens tokens = (Tokens) endpoint.read(
                CLIENT.send(endpoint.assertion(assertion.value(), "notes:read")), List.of(assertion.value()));
        assertThat(tokens.refreshToken()).isNull();
        assertThat(last().formParameters())
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
                .containsEntry("assertion", assertion.value().reveal());
        assertThat(last().header("Authorization")).startsWith("Basic ");
        assertThat(provider.requests()).noneMatch(request -> request.query().contains("jag_"));
    }

    @Test
    void aRefreshTokenOfTheIdentityProviderMayBeReplaced() {
        provider.knobs().rotateSubjectTokens = true;
        TokenExchange exchange = exchange(ClientAuthentication.BASIC);
        Secret first = Secret.of(provider.identityRefreshToken());

        Secret second = ((Assertion) exchange(exchange, first, TokenExchange.REFRESH_TOKEN)).subject();

        assertThat(second).isNotNull().isNotEqualTo(first);
        assertThat(exchange(exchange, Objects.requireNonNull(second), TokenExchange.REFRESH_TOKEN))
                .isInstanceOf(Assertion.class);
        assertThat(exchange(exchange, first, TokenExchange.REFRESH_TOKEN)).isInstanceOf(NotGiven.class);
    }

    @Test
    void sendsOnNothingButAnAssertion() {
        provider.knobs().identityProviderGivesAccessTokens = true;

        assertThat(exchange(exchange(ClientAuthentication.BASIC), Secret.of(provider.idToken()), ID_TOKEN))
                .isInstanceOfSatisfying(
                        NotGiven.class, refused -> assertThat(refused.answer()).isInstanceOf(Unintelligible.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Sign in</html>",
                "[]",
                "{}",
                "{\"access_token\":\"a\",\"token_type\":\"N_A\"}",
                "{\"access_token\":\"a\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:id-jag\"}",
                "{\"access_token\":\"a\\u0000\",\"token_type\":\"N_A\","
                        + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:id-jag\"}",
                "{\"token_type\":\"N_A\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:id-jag\"}"
            })
    void findsNoAssertionInNonsense(String body) {
        OutboundResponse response = new OutboundResponse(200, Map.of(), body.getBytes(StandardCharsets.UTF_8));

        assertThat(exchange(ClientAuthentication.BASIC).read(response, Secret.of("subject")))
                .isInstanceOfSatisfying(
                        NotGiven.class, refused -> assertThat(refused.answer()).isInstanceOf(Unintelligible.class));
    }

    @Test
    void neverRepeatsWhatTheIdentityProviderEchoes() {
        provider.knobs().identityProviderRefuses = true;
        provider.knobs().echoRequests = true;
        Secret subject = Secret.of(provider.idToken());

        NotGiven refused = (NotGiven) exchange(exchange(ClientAuthentication.BASIC), subject, ID_TOKEN);

        assertThat(refused.answer().toString())
                .contains("invalid_grant")
                .doesNotContain(
                        subject.reveal(),
                        String.valueOf(provider.identityClient().clientSecret()));
    }

    @Test
    void saysThatTheIdentityProviderIsAway() {
        provider.knobs().identityProvider503 = true;

        assertThatThrownBy(
                        () -> exchange(exchange(ClientAuthentication.BASIC), Secret.of(provider.idToken()), ID_TOKEN))
                .isInstanceOf(Unreachable.class);
    }

    private ExchangeAnswer exchange(TokenExchange exchange, Secret subject, String type) {
        return exchange.read(
                CLIENT.send(exchange.request(
                        subject,
                        type,
                        provider.issuer().toString(),
                        provider.mcpUrl().toString(),
                        "notes:read notes:write")),
                subject);
    }

    private TokenExchange exchange(String method) {
        RegisteredClient client = provider.identityClient();
        return new TokenExchange(
                provider.identityProviderTokenEndpoint(),
                new ClientAuthentication(client.clientId(), secret(client.clientSecret()), method));
    }

    private ClientAuthentication registered(String method) {
        RegisteredClient client = provider.registerClient(URI.create("http://127.0.0.1:1/callback"));
        return new ClientAuthentication(client.clientId(), secret(client.clientSecret()), method);
    }

    private static Secret secret(@Nullable String value) {
        return Secret.of(Objects.requireNonNull(value));
    }

    private ClientAuthentication keyed(String audience) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        String clientId = provider.registerClient(pair.getPublic());
        Secret pem = Secret.of("-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----");
        return ClientAuthentication.signed(new ClientAssertion(clientId, audience, SigningKey.of(pem, "ES256", null)));
    }

    private TokenEndpoint endpoint(ClientAuthentication client) {
        return new TokenEndpoint(
                URI.create(provider.issuer() + "/token"),
                client,
                new RequestProfile(provider.mcpUrl().toString(), null));
    }

    private Recorded last() {
        List<Recorded> all = provider.requests();
        return all.get(all.size() - 1);
    }
}
