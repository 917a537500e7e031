package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;

/** Every authorization response that is not the right one, brought to the redirect URI. */
@ClavigerTest
class AuthorizationResponseJourneyTest extends OAuthJourney {

    @Autowired
    private JdbcClient jdbc;

    private Connector connector;
    private String attempt;
    private URI asked;

    @BeforeEach
    void connect() {
        connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        JsonNode answer = claviger.connect(connector);
        attempt = Claviger.attempt(answer);
        asked = Claviger.authorizationUrl(answer);
    }

    @Test
    void ignoresAResponseWithoutState() {
        String location = provider.approve(asked);
        ignored(claviger.callback(without(location, "state")), "CLV-125");
        ignored(claviger.callback(with(location, "state", "")), "CLV-125");
        stillConnects(location);
    }

    @Test
    void ignoresAnUnknownState() {
        String location = provider.approve(asked);
        ignored(claviger.callback(with(location, "state", UUID.randomUUID().toString())), "CLV-125");
        ignored(claviger.callback("/oauth/callback"), "CLV-125");
        stillConnects(location);
    }

    @Test
    void ignoresATamperedState() {
        String location = provider.approve(asked);
        String state = parameter(location, "state");
        char last = state.charAt(state.length() - 1);
        ignored(claviger.callback(with(location, "state", state.substring(0, state.length() - 1))), "CLV-125");
        ignored(
                claviger.callback(
                        with(location, "state", state.substring(0, state.length() - 1) + (last == 'A' ? 'B' : 'A'))),
                "CLV-125");
        stillConnects(location);
    }

    @Test
    void ignoresTheResponseInAnotherSession() {
        String location = provider.approve(asked);
        // Signed in as the same admin, but not the one who began.
        HttpResponse<String> other = claviger.signedIn().get(claviger.path(location));
        ignored(new Reply(other.statusCode(), other.headers().map(), other.body()), "CLV-126");
        // An error in another session ends nothing either.
        HttpResponse<String> error =
                claviger.signedIn().get(claviger.path(with(without(location, "code"), "error", "access_denied")));
        ignored(new Reply(error.statusCode(), error.headers().map(), error.body()), "CLV-126");
        stillConnects(location);
    }

    @Test
    void sendsAStrangerToSignInWithoutUsingTheResponse() {
        String location = provider.approve(asked);
        Browser stranger = new Browser(location.substring(0, location.indexOf("/oauth/")));
        HttpResponse<String> answer = stranger.get(claviger.path(location));
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(location(answer)).isEqualTo("/login");
        stillConnects(location);
    }

    @Test
    void takesTheResponseOnce() {
        String location = provider.approve(asked);
        stillConnects(location);
        ignored(claviger.callback(location), "CLV-127");
        ignored(claviger.callback(with(without(location, "code"), "error", "access_denied")), "CLV-127");
        assertThat(claviger.connection(attempt, 0).path("next").asString()).isEqualTo("connected");
        assertThat(exchanges()).isEqualTo(1);
    }

    @Test
    void takesTheResponseOnceOfManyAtOnce() {
        String location = provider.approve(asked);
        List<Integer> statuses = Stream.generate(() -> CompletableFuture.supplyAsync(() -> claviger.callback(location)))
                .limit(6)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .map(Reply::status)
                .toList();
        assertThat(statuses).containsOnly(303, 400).containsOnlyOnce(303);
        assertThat(claviger.decided(attempt).path("next").asString()).isEqualTo("connected");
        assertThat(exchanges()).isEqualTo(1);
    }

    @Test
    void refusesAResponseAfterTenMinutes() {
        String location = provider.approve(asked);
        jdbc.sql("""
                        update oauth.authorization
                           set consent = jsonb_set(consent, '{expiresAt}', '"2020-01-01T00:00:00Z"')
                         where authorization_id = :id
                        """).param("id", UUID.fromString(attempt)).update();
        assertThat(claviger.signedIn().get(consentPage(attempt)).statusCode()).isEqualTo(404);
        failed(claviger.callback(location), "CLV-122");
        // Late and late again: the page says why, as often as it is asked.
        assertThat(claviger.callback(location).status()).isEqualTo(303);
        assertThat(exchanges()).isZero();
    }

    @Test
    void endsAnAttemptForWhichNobodyConsents() {
        int moved = jdbc.sql("""
                        update app.scheduled_tasks set execution_time = now()
                         where task_name = 'oauth.expire-consent' and task_instance = :id
                        """).param("id", "authorization:" + attempt).update();
        assertThat(moved).isEqualTo(1);
        Claviger.until(
                "the attempt to end",
                () -> claviger.connection(attempt, 0).path("next").asString().equals("failed"));
        failed(claviger.callback(provider.approve(asked)), "CLV-122");
        assertThat(exchanges()).isZero();
    }

    @Test
    void saysThatConsentWasDenied() {
        failed(claviger.callback(provider.deny(asked)), "CLV-121");
        assertThat(claviger.signedIn().get("/connections/" + attempt).body())
                .contains("/help/CLV-121", "Connect again")
                .doesNotContain("The person said no");
        assertThat(exchanges()).isZero();
    }

    @Test
    void refusesACodeFromAnotherIssuer() {
        provider.knobs().wrongIss = true;
        failed(claviger.callback(provider.approve(asked)), "CLV-123");
        nothingRemoteIsShown();
        assertThat(exchanges()).isZero();
    }

    @Test
    void refusesACodeWithoutTheIssuerThatWasPromised() {
        provider.knobs().omitIss = true;
        failed(claviger.callback(provider.approve(asked)), "CLV-123");
        assertThat(exchanges()).isZero();
    }

    @Test
    void showsNothingOfAnErrorFromAnotherIssuer() {
        provider.knobs().wrongIss = true;
        failed(claviger.callback(provider.deny(asked)), "CLV-123");
        nothingRemoteIsShown();
    }

    @Test
    void comparesTheIssuerByteForByte() {
        String location = provider.approve(asked);
        failed(claviger.callback(with(location, "iss", provider.issuer() + "/")), "CLV-123");
        assertThat(exchanges()).isZero();
    }

    @Test
    void refusesAParameterThatComesTwice() {
        String location = provider.approve(asked);
        failed(claviger.callback(location + "&code=another"), "CLV-124");
        assertThat(exchanges()).isZero();
    }

    @Test
    void goesOnWithoutAnIssuerWhereNoneWasPromised() {
        provider.knobs().advertiseIss = false;
        provider.knobs().omitIss = true;
        connect();
        stillConnects(provider.approve(asked));
    }

    @Test
    void showsWhatTheAuthorizationServerSaysAsText() {
        String denied = provider.deny(asked);
        failed(
                claviger.callback(
                        with(with(denied, "error", "server_error"), "error_description", "<script>alert(1)</script>")),
                "CLV-124");
        assertThat(claviger.signedIn().get("/connections/" + attempt).body())
                .contains("server_error")
                .doesNotContain("<script>alert");
    }

    /** 400, one neutral sentence, and not a word about what the state belongs to. */
    private void ignored(Reply answer, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body())
                .contains("/help/" + code)
                .doesNotContain(
                        connector.name(),
                        connector.id(),
                        attempt,
                        provider.issuer().toString());
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    /** Whatever came before spoiled nothing. */
    private void stillConnects(String location) {
        assertThat(exchanges()).isZero();
        Reply answer = claviger.callback(location);
        assertThat(answer.status()).as(answer.body()).isEqualTo(303);
        assertThat(answer.header("Location")).endsWith("/connections/" + attempt);
        JsonNode connected = claviger.decided(attempt);
        assertThat(connected.path("next").asString()).as(connected.toString()).isEqualTo("connected");
    }

    /** Back on the page of the attempt, which has failed and says why. */
    private void failed(Reply answer, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(303);
        assertThat(answer.header("Location")).endsWith("/connections/" + attempt);
        Claviger.until(
                "the attempt to have failed",
                () -> claviger.connection(attempt, 1).path("next").asString().equals("failed"));
        assertThat(claviger.connection(attempt, 0).path("failure").path("code").asString())
                .isEqualTo(code);
    }

    private void nothingRemoteIsShown() {
        List<String> seen = List.of(
                claviger.signedIn().get("/connections/" + attempt).body(),
                claviger.connection(attempt, 0).toString(),
                claviger.audit("attempt=" + attempt).toString());
        assertThat(seen)
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain("attacker.example")
                        .doesNotContain("The person said no")
                        .doesNotContain("access_denied"));
    }

    private static String parameter(String location, String name) {
        return String.valueOf(UriComponentsBuilder.fromUriString(location)
                .build()
                .getQueryParams()
                .getFirst(name));
    }

    private static String with(String location, String name, String value) {
        return UriComponentsBuilder.fromUriString(location)
                .replaceQueryParam(name, URLEncoder.encode(value, StandardCharsets.UTF_8))
                .build()
                .toUriString();
    }

    private static String without(String location, String name) {
        return UriComponentsBuilder.fromUriString(location)
                .replaceQueryParam(name)
                .build()
                .toUriString();
    }
}
