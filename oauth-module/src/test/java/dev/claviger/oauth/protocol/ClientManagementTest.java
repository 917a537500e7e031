package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Recorded;
import dev.claviger.oauth.protocol.ClientManagement.Known;
import dev.claviger.oauth.protocol.ManagementAnswer.Nothing;
import dev.claviger.oauth.protocol.ManagementAnswer.Stands;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClientManagementTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);
    private static final URI REDIRECT = URI.create("http://localhost:8080/oauth/callback");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final DemoProvider provider = DemoProvider.start();
    private ClientRegistration registered;
    private ClientManagement management;

    @BeforeEach
    void register() {
        registered = new RegistrationEndpoint(provider.issuer().resolve("/register"))
                .register(CLIENT, REDIRECT, "client_secret_basic");
        management = at(String.valueOf(registered.registrationClientUri()));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void readsWhatIsAsItWas() {
        Stands stands = (Stands) read();

        assertThat(stands.clientSecret()).isNull();
        assertThat(stands.keepsSecret()).isTrue();
        assertThat(stands.registrationAccessToken()).isNull();
        assertThat(stands.tokenEndpointAuthMethod()).isEqualTo("client_secret_basic");
        assertThat(JSON.readTree(stands.metadata())).isEqualTo(JSON.readTree(registered.metadata()));
        assertThat(last().header("Authorization"))
                .isEqualTo("Bearer "
                        + Objects.requireNonNull(registered.registrationAccessToken())
                                .reveal());
    }

    @Test
    void takesAReplacedSecretAndToken() {
        provider.knobs().clientSecretLifetime = Duration.ofDays(1);
        provider.knobs().rotateOnRead = true;

        Stands stands = (Stands) read();

        assertThat(stands.clientSecret()).isNotNull().isNotEqualTo(registered.clientSecret());
        assertThat(stands.registrationAccessToken()).isNotNull().isNotEqualTo(registered.registrationAccessToken());
        assertThat(stands.clientSecretExpiresAt()).isAfter(Instant.now().plus(Duration.ofHours(23)));
    }

    @Test
    void sendsBackAllThatWasReturnedAndNothingOfTheServer() {
        provider.knobs().clientSecretLifetime = Duration.ofDays(1);

        ManagementAnswer answer = management.answer(
                CLIENT.send(management.update(known(), String.valueOf(registered.metadata()))), known());

        assertThat(answer).isInstanceOf(Stands.class);
        assertThat(last().method()).isEqualTo("PUT");
        JsonNode sent = JSON.readTree(last().body());
        assertThat(sent.path("client_id").asString()).isEqualTo(registered.clientId());
        assertThat(sent.path("client_secret").asString())
                .isEqualTo(Objects.requireNonNull(registered.clientSecret()).reveal());
        assertThat(sent.propertyNames())
                .doesNotContain(
                        "registration_access_token",
                        "registration_client_uri",
                        "client_secret_expires_at",
                        "client_id_issued_at");
        JSON.readTree(registered.metadata())
                .properties()
                .forEach(member -> assertThat(sent.path(member.getKey())).isEqualTo(member.getValue()));
    }

    @Test
    void takesNothingFromAnAnswerForAnotherClient() {
        provider.knobs().wrongClientId = true;

        assertThat(read())
                .isEqualTo(new Nothing("it answered for another client_id, so nothing of its answer was taken"));
    }

    @Test
    void deletes() {
        OutboundResponse response = CLIENT.send(management.delete());

        assertThat(management.isDeleted(response)).isTrue();
        assertThat(management.words(response)).isEqualTo("HTTP 204");
        assertThat(read())
                .isInstanceOfSatisfying(
                        Nothing.class, nothing -> assertThat(nothing.words()).startsWith("HTTP 401, invalid_token"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 405})
    void toleratesThatAServerDoesNotDelete(int status) {
        provider.knobs().refuseClientDelete = status;

        OutboundResponse response = CLIENT.send(management.delete());

        assertThat(management.isDeleted(response)).isFalse();
        assertThat(management.words(response)).startsWith("HTTP " + status + ": ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://elsewhere.example/register/1",
                "http://127.0.0.1:1/register/1",
                "ftp://127.0.0.1/register/1",
                "//127.0.0.1/register/1",
                "/register/1",
                "http://127.0.0.1@elsewhere.example/register/1",
                "http://elsewhere.example/register/1",
                "not a url"
            })
    void callsNoOtherOrigin(String uri) {
        assertThatThrownBy(() -> at(uri)).isInstanceOf(Untrusted.class).hasMessageNotContaining("elsewhere.example/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>Welcome</html>",
                "[]",
                "{\"client_id\":\"%s\",\"client_id\":\"%s\"}",
                "{\"client_id\":17}",
                "{\"client_id\":\"%s\",\"client_secret\":\"line\\nbreak\"}"
            })
    void takesNothingFromWhatIsNoAnswer(String body) {
        assertThat(management.answer(response(200, body.replace("%s", registered.clientId())), known()))
                .isInstanceOf(Nothing.class);
    }

    @Test
    void keepsASecretOfWhichNothingIsSaid() {
        Stands stands = (Stands) management.answer(
                response(200, "{\"client_id\":\"" + registered.clientId() + "\",\"scope\":\"a\"}"), known());

        assertThat(stands.clientSecret()).isNull();
        assertThat(stands.keepsSecret()).isTrue();
        assertThat(stands.tokenEndpointAuthMethod()).isEqualTo("client_secret_basic");
    }

    @Test
    void keepsNoMetadataInWhichASecretIsRepeated() {
        String secret = Objects.requireNonNull(registered.clientSecret()).reveal();
        Stands stands = (Stands) management.answer(
                response(200, "{\"client_id\":\"" + registered.clientId() + "\",\"note\":\"" + secret + "\"}"),
                known());

        assertThat(stands.metadata()).isNull();
    }

    @Test
    void isLaterToBeAskedAgainWhereTheServerIsInTrouble() {
        assertThatThrownBy(() -> management.answer(response(503, ""), known())).isInstanceOf(Unreachable.class);
        assertThatThrownBy(() -> management.isDeleted(response(503, ""))).isInstanceOf(Unreachable.class);
    }

    private ManagementAnswer read() {
        return management.answer(CLIENT.send(management.read()), known());
    }

    private ClientManagement at(String uri) {
        return ClientManagement.of(
                uri,
                Objects.requireNonNull(registered.registrationAccessToken()),
                List.of(provider.issuer().toString()),
                CLIENT);
    }

    private Known known() {
        return new Known(registered.clientId(), registered.clientSecret(), null, registered.tokenEndpointAuthMethod());
    }

    private Recorded last() {
        List<Recorded> requests = provider.requests();
        return requests.get(requests.size() - 1);
    }

    private static OutboundResponse response(int status, String body) {
        return new OutboundResponse(
                status, Map.of("content-type", List.of("application/json")), body.getBytes(StandardCharsets.UTF_8));
    }
}
