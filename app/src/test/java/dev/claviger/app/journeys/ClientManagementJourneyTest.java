package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.Recorded;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Our clients where others registered them: read, renewed, registered again and deleted (RFC 7592). */
@ClavigerTest
class ClientManagementJourneyTest extends OAuthJourney {

    private static final String LIST = "/api/v1/client-registrations";

    @Autowired
    private JdbcClient jdbc;

    private Connector connector;

    @BeforeEach
    void addConnector() {
        provider.knobs().tokenEndpointAuthMethod = "client_secret_basic";
        connector = claviger.oauthConnector("Managed", provider.mcpUrl(), "shared");
    }

    @Test
    void renewsASecretBeforeItExpiresAndDestroysTheOldOne() {
        provider.knobs().clientSecretLifetime = Duration.ofDays(30);
        String attempt = claviger.connectWithConsent(provider, connector, null);
        UUID former = secretOf(attempt);
        provider.knobs().rotateOnUpdate = true;

        due("oauth.renew-client-secret");

        Claviger.until("the new secret", () -> !secretOf(attempt).equals(former));
        assertThat(isShredded(former)).isTrue();
        assertThat(isShredded(secretOf(attempt))).isFalse();
        awaitReceipt(former, "gave another in its place");
        assertThat(managed("GET")).hasSize(1);
        assertThat(managed("PUT")).hasSize(1);
        assertThat(claviger.events("attempt=" + attempt)).contains("AuthorizationGranted");
        assertThat(registration("in_force").path("answer").asString())
                .isEqualTo("it was updated, and a new client secret came");
        // The provider takes the new one and no other.
        claviger.connectWithConsent(provider, connector, null);
        assertThat(provider.count("POST", "/register")).isEqualTo(1);
    }

    @Test
    void keepsWhatAReadReplacedAndAsksWithItTheNextTime() {
        provider.knobs().rotateOnRead = true;
        String attempt = claviger.connectWithConsent(provider, connector, null);
        UUID former = secretOf(attempt);

        JsonNode once = check();
        UUID second = secretOf(attempt);
        check();

        assertThat(once.path("answer").asString()).isEqualTo("it was read, and a new client secret came");
        assertThat(isShredded(former)).isTrue();
        assertThat(isShredded(second)).isTrue();
        assertThat(isShredded(secretOf(attempt))).isFalse();
        assertThat(managed("GET"))
                .extracting(request -> request.header("Authorization"))
                .hasSize(2)
                .doesNotHaveDuplicates();
        claviger.connectWithConsent(provider, connector, null);
        assertThat(provider.count("POST", "/register")).isEqualTo(1);
    }

    @Test
    void takesNothingFromAnAnswerForAnotherClient() {
        String attempt = claviger.connectWithConsent(provider, connector, null);
        UUID secret = secretOf(attempt);
        provider.knobs().wrongClientId = true;

        assertThat(check().path("answer").asString()).contains("another client_id");

        assertThat(secretOf(attempt)).isEqualTo(secret);
        assertThat(isShredded(secret)).isFalse();
    }

    @Test
    void asksNobodyButTheAuthorizationServer() {
        provider.knobs().registrationClientUri =
                provider.mcpUrl().resolve("/register/1").toString();
        claviger.connectWithConsent(provider, connector, null);

        assertThat(check().path("answer").asString()).contains("not on the authorization server's own host");

        assertThat(managed("GET")).isEmpty();
    }

    @Test
    void deletesItsClientSomeTimeAfterTheLastDisconnect() {
        String attempt = claviger.connectWithConsent(provider, connector, null);
        UUID secret = secretOf(attempt);
        claviger.admin("DELETE", "/api/v1/connectors/" + connector.id(), null).ok();
        Claviger.until(
                "the provider to be told",
                () -> claviger.events("attempt=" + attempt).contains("ProviderRevocationTried"));
        assertThat(registration("in_force").path("inUse").asBoolean()).isFalse();

        due("oauth.retire-unused-client");

        Claviger.until(
                "the client to be deleted", () -> !registration("deleted").isMissingNode());
        assertThat(managed("DELETE")).hasSize(1);
        Claviger.until("its secret to go", () -> isShredded(secret));
        awaitReceipt(secret, "was retired and no connection needs it any more");
        assertThat(tokensOf(provider.issuer().toString())).allMatch(this::isShredded);
    }

    @Test
    void registersAgainAndDeletesTheFormerWhenItsLastGrantHasEnded() {
        String attempt = claviger.connectWithConsent(provider, connector, null);
        String former = registration("in_force").path("clientId").asString();

        claviger.admin("POST", LIST + "/" + id() + "/register-again", null).ok();

        assertThat(registration("retired").path("inUse").asBoolean()).isTrue();
        assertThat(claviger.admin("POST", LIST + "/" + uuidOf(attempt) + "/check", null)
                        .status())
                .isEqualTo(404);
        claviger.connectWithConsent(provider, connector, null);
        assertThat(provider.count("POST", "/register")).isEqualTo(2);
        Claviger.until(
                "the former to be deleted", () -> !registration("deleted").isMissingNode());
        assertThat(registration("deleted").path("clientId").asString()).isEqualTo(former);
        assertThat(registration("in_force").path("clientId").asString()).isNotEqualTo(former);
    }

    @Test
    void toleratesAServerThatDoesNotDelete() {
        provider.knobs().refuseClientDelete = 405;
        claviger.connectWithConsent(provider, connector, null);
        claviger.admin("POST", LIST + "/" + id() + "/register-again", null).ok();
        claviger.admin("DELETE", "/api/v1/connectors/" + connector.id(), null).ok();

        Claviger.until(
                "the client to be orphaned", () -> !registration("orphaned").isMissingNode());

        assertThat(registration("orphaned").path("answer").asString()).startsWith("HTTP 405: it has no way");
    }

    @Test
    void asksOnThePageBeforeItActs() {
        claviger.connectWithConsent(provider, connector, null);
        Browser browser = claviger.signedIn();
        String page = "/clients/registrations";
        assertThat(browser.get(page).body())
                .contains(
                        provider.issuer().toString(),
                        registration("in_force").path("clientId").asString());
        String uuid = Claviger.uuid(id());
        assertThat(browser.get(page + "/" + uuid + "/check").body()).contains("Ask now");
        assertThat(browser.post(page + "/" + uuid + "/check", Map.of()).statusCode())
                .isEqualTo(302);
        assertThat(browser.get(page).body()).contains("Asked: it was read");
        assertThat(browser.get(page + "/" + uuid + "/register-again").body()).contains("Register anew");

        assertThat(browser.post(page + "/" + uuid + "/register-again", Map.of()).statusCode())
                .isEqualTo(302);

        assertThat(registration("retired").isMissingNode()).isFalse();
        assertThat(browser.get(page + "/" + uuid + "/check").statusCode()).isEqualTo(404);
    }

    private JsonNode check() {
        return claviger.admin("POST", LIST + "/" + id() + "/check", null).ok().json();
    }

    private String id() {
        return registration("in_force").path("registrationId").asString();
    }

    private static String uuidOf(String attempt) {
        return UUID.fromString(attempt).toString();
    }

    /** The one at our provider in this state; a missing node: there is none. */
    private JsonNode registration(String state) {
        JsonNode list = claviger.admin("GET", LIST + "?limit=1000", null).ok().json();
        return list.path("items")
                .valueStream()
                .filter(item ->
                        item.path("issuer").asString().equals(provider.issuer().toString())
                                && item.path("state").asString().equals(state))
                .findFirst()
                .orElse(list.path("none"));
    }

    private List<Recorded> managed(String method) {
        return provider.requests().stream()
                .filter(request ->
                        request.method().equals(method) && request.path().startsWith("/register/"))
                .toList();
    }

    /** The calendar says later. */
    private void due(String effect) {
        Claviger.until(
                "the job " + effect,
                () -> jdbc.sql("""
                                update app.scheduled_tasks set execution_time = now()
                                 where task_name = :name and task_instance like :id""")
                                .param("name", effect)
                                .param("id", id() + " %")
                                .update()
                        > 0);
    }

    private UUID secretOf(String attempt) {
        return jdbc.sql("""
                        select cast(client -> 'clientSecret' ->> 'id' as uuid) from oauth.authorization
                         where authorization_id = :id""")
                .param("id", UUID.fromString(attempt))
                .query(UUID.class)
                .single();
    }

    private List<UUID> tokensOf(String issuer) {
        return jdbc.sql("""
                        select cast(registered -> 'registrationAccessToken' ->> 'id' as uuid)
                          from oauth.client_registration where issuer = :issuer""").param("issuer", issuer).query(UUID.class).list();
    }

    /** Its own event, with its fingerprint and the reason. */
    private void awaitReceipt(UUID secret, String why) {
        String fingerprint = jdbc.sql("select fingerprint from credentials.secret where id = :id")
                .param("id", secret)
                .query(String.class)
                .single();
        Claviger.until(
                "the receipt of its destruction",
                () -> claviger.audit("event=SecretShredded").stream()
                                .filter(entry -> entry.toString().contains(fingerprint))
                                .filter(entry -> entry.toString().contains(why))
                                .count()
                        == 1);
    }

    private boolean isShredded(UUID secret) {
        return jdbc.sql("select wrapped_key is null from credentials.secret where id = :id")
                .param("id", secret)
                .query(Boolean.class)
                .single();
    }
}
