package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.Recorded;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Authorization servers that know our client by its metadata document, and verify what it signs with our keys. */
@ClavigerTest
class MetadataDocumentJourneyTest extends OAuthJourney {

    private static final String DOCUMENT = "/oauth/client-metadata.json";
    private static final String KEYS = "/oauth/jwks.json";

    @Autowired
    private JdbcClient jdbc;

    private String base;

    @BeforeEach
    void readDocuments(@Value("${claviger.public-url}") String publicUrl) {
        base = publicUrl;
        provider.knobs().clientMetadataDocumentsAt = URI.create(publicUrl + DOCUMENT);
    }

    @Test
    void isKnownByItsDocumentAndSignsEveryTokenRequest() throws Exception {
        provider.knobs().accessTokenLifetime = Duration.ofSeconds(2);
        Connector connector = claviger.oauthConnector("Documents", provider.mcpUrl(), "shared");

        String attempt = claviger.connectWithConsent(provider, connector, null);

        assertThat(provider.count("POST", "/register")).isZero();
        assertThat(claviger.audit("attempt=" + attempt).toString())
                .contains("described by our own metadata document", "reads client metadata documents");
        var agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "search_notes");
        Claviger.until(
                "the agent to be offered the tool",
                () -> claviger.offered(agent).containsKey(connector.serverKey()));
        Thread.sleep(2100);
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(200);
        assertThat(tokenRequests())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(request -> assertThat(request.formParameters())
                        .containsKey("client_assertion")
                        .containsEntry("client_id", ClavigerTest.CLIENT_ID)
                        .doesNotContainKey("client_secret"));
    }

    @Test
    void signsWithTheNewKeyAfterRotationAndOnceItCanBeKnown() {
        Connector connector = claviger.oauthConnector("Rotating", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        String former = newest();

        claviger.admin("POST", "/api/v1/signing-keys/rotate", null).ok();

        assertThat(published()).hasSizeGreaterThanOrEqualTo(2).contains(former).doesNotHaveDuplicates();
        assertThat(newest()).isNotEqualTo(former);
        claviger.connectWithConsent(provider, connector, null);
        jdbc.sql("update oauth.signing_key set created_at = created_at - interval '1 hour'")
                .update();
        claviger.connectWithConsent(provider, connector, null);
        assertThat(keyOfLastRequest()).isEqualTo(newest());
    }

    @Test
    void rotatesInItsTimeAndShredsTheFormerKeyAfterItsOverlap() {
        claviger.admin("POST", "/api/v1/signing-keys/rotate", null).ok();
        String former = newest();

        bringForward("oauth.rotate-signing-key", former);
        Claviger.until("the key to be rotated", () -> !newest().equals(former));

        UUID secret = jdbc.sql("""
                        select (private_key ->> 'id')::uuid from oauth.signing_key
                         where key_id = :key and retires_at > now() + interval '23 hours'""").param("key", former).query(UUID.class).single();
        assertThat(jwks()).contains(former, newest());
        bringForward("oauth.retire-signing-key", former);
        Claviger.until("the former key to go", () -> !jwks().contains(former));
        assertThat(jwks()).contains(newest());
        assertThat(jdbc.sql("select wrapped_key is null from credentials.secret where id = :id")
                        .param("id", secret)
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void isPublicWhereTheServerTakesNoSignature() {
        provider.knobs().tokenEndpointAuthMethod = "none";
        Connector connector = claviger.oauthConnector("Public", provider.mcpUrl(), "shared");

        JsonNode asked = claviger.connect(connector);
        claviger.callback(provider.approve(Claviger.authorizationUrl(asked)));

        assertThat(tokenRequests())
                .singleElement()
                .satisfies(request -> assertThat(request.formParameters())
                        .containsEntry("client_id", ClavigerTest.CLIENT_ID)
                        .doesNotContainKey("client_assertion"));
    }

    @Test
    void publishesItsDocumentAndPublicKeysForEverybody() {
        claviger.admin("POST", "/api/v1/signing-keys/rotate", null).ok();
        for (String path : List.of(DOCUMENT, KEYS)) {
            Reply reply = claviger.call(null, "GET", path, null).ok();
            assertThat(reply.header("Cache-Control")).contains("public").contains("max-age=");
            assertThat(reply.header("Content-Type")).startsWith("application/json");
            assertThat(reply.header("Set-Cookie")).isEmpty();
        }
        assertThat(claviger.call(null, "GET", KEYS, null).json().path("keys").valueStream())
                .isNotEmpty()
                .allSatisfy(key -> assertThat(key.propertyNames())
                        .contains("kid", "x", "y", "alg", "use")
                        .doesNotContain("d", "k", "p", "q"));
        JsonNode overview =
                claviger.admin("GET", "/api/v1/oauth/client", null).ok().json();
        assertThat(overview.path("clientId").asString()).isEqualTo(ClavigerTest.CLIENT_ID);
        assertThat(overview.path("reachableFromOutside").asBoolean()).isFalse();
        assertThat(overview.path("reachProblem").asString()).contains(base, "claviger.public-url");
    }

    @Test
    void rotatesOnThePageAndShowsWhoWeAre() {
        Browser browser = claviger.signedIn();
        assertThat(browser.get("/clients").body()).contains(ClavigerTest.CLIENT_ID, base + KEYS);
        String before = String.join(" ", published());

        assertThat(browser.post("/clients/signing-keys/rotate", Map.of()).statusCode())
                .isEqualTo(302);

        assertThat(String.join(" ", published())).isNotEqualTo(before);
        assertThat(browser.get("/clients").body()).contains(newest());
    }

    private void bringForward(String effect, String key) {
        assertThat(jdbc.sql("""
                        update app.scheduled_tasks set execution_time = now()
                         where task_name = :effect and task_instance = :key""").param("effect", effect).param("key", key).update())
                .isEqualTo(1);
    }

    private String jwks() {
        return claviger.call(null, "GET", KEYS, null).ok().json().toString();
    }

    private List<Recorded> tokenRequests() {
        return provider.requests().stream()
                .filter(request -> request.path().equals("/token"))
                .toList();
    }

    private String keyOfLastRequest() {
        List<Recorded> requests = tokenRequests();
        String header = requests.get(requests.size() - 1)
                .formParameters()
                .get("client_assertion")
                .split("\\.")[0];
        return new String(java.util.Base64.getUrlDecoder().decode(header), java.nio.charset.StandardCharsets.UTF_8)
                .replaceAll(".*\"kid\":\"([^\"]+)\".*", "$1");
    }

    private String newest() {
        return published().get(0);
    }

    private List<String> published() {
        return claviger.admin("GET", "/api/v1/signing-keys", null)
                .ok()
                .json()
                .path("items")
                .valueStream()
                .map(key -> key.path("keyId").asString())
                .toList();
    }
}
