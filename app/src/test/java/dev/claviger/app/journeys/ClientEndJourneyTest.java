package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What becomes of our clients, their secrets and their tokens when somebody has had enough of them. */
@ClavigerTest
class ClientEndJourneyTest {

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;
    private String base;

    @Autowired
    private JdbcClient jdbc;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String publicUrl) {
        base = publicUrl;
        claviger = new Claviger(publicUrl);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void registersAgainWhenTheTokenEndpointHasForgottenTheClient() {
        Connector connector = claviger.oauthConnector("Forgetful", provider.mcpUrl(), "shared");
        JsonNode asked = claviger.connect(connector);
        String response = provider.approve(Claviger.authorizationUrl(asked));
        provider.forgetClients();
        claviger.callback(response);
        JsonNode failed = claviger.decided(Claviger.attempt(asked));
        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-403");

        claviger.connectWithConsent(provider, connector, null);

        assertThat(provider.count("POST", "/register")).isEqualTo(2);
    }

    @Test
    void registersAgainWhenARefreshFoundTheClientForgotten() throws Exception {
        provider.knobs().accessTokenLifetime = Duration.ofSeconds(2);
        Connector connector = claviger.oauthConnector("Forgetful", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "search_notes");
        Claviger.until(
                "the agent to be offered the tool",
                () -> claviger.offered(agent).containsKey(connector.serverKey()));
        provider.forgetClients();
        Thread.sleep(2100);
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(409);

        claviger.connectWithConsent(provider, connector, null);

        assertThat(provider.count("POST", "/register")).isEqualTo(2);
    }

    @Test
    void registersAgainWhereAForgottenClientIsNoMatterOfOAuth() throws Exception {
        provider.knobs().unknownClientIs422 = true;
        provider.knobs().accessTokenLifetime = Duration.ofSeconds(2);
        Connector connector = claviger.oauthConnector("Forgetful", provider.mcpUrl(), "shared");
        String first = claviger.connectWithConsent(provider, connector, null);
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "search_notes");
        Claviger.until(
                "the agent to be offered the tool",
                () -> claviger.offered(agent).containsKey(connector.serverKey()));
        provider.forgetClients();
        Thread.sleep(2100);
        assertThat(claviger.credential(agent, connector).status()).isEqualTo(409);

        String second = claviger.connectWithConsent(provider, connector, null);

        assertThat(provider.count("POST", "/register")).isEqualTo(2);
        assertThat(claviger.audit("attempt=" + first).toString()).contains("Unrecognized client_id");
        assertThat(claviger.events("attempt=" + second)).contains("ClientRegistered");
    }

    @Test
    void registersAgainAfterAConsentFromWhichNobodyCameBack() {
        Connector connector = claviger.oauthConnector("Forgetful", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        provider.forgetClients();
        JsonNode asked = claviger.connect(connector);
        Claviger.authorizationUrl(asked);
        expireConsent(Claviger.attempt(asked));
        JsonNode failed = claviger.decided(Claviger.attempt(asked));
        Claviger.until(
                "the consent to expire",
                () -> claviger.connection(Claviger.attempt(asked), 0)
                        .path("failure")
                        .path("code")
                        .asString()
                        .equals("CLV-122"));
        assertThat(failed.path("next").asString()).isNotEqualTo("connected");

        claviger.connectWithConsent(provider, connector, null);

        assertThat(provider.count("POST", "/register")).isEqualTo(2);
    }

    @Test
    void shredsAReplacedClientSecretWhenNothingNeedsItAnyMore() {
        Connector connector = claviger.connector(preRegistered("By hand " + UUID.randomUUID()));
        String attempt = claviger.connectWithConsent(provider, connector, null);
        UUID first = clientSecretOf(attempt);
        assertThat(isShredded(first)).isFalse();

        Map<String, Object> other = preRegistered(connector.name());
        claviger.admin("PUT", "/api/v1/connectors/" + connector.id() + "?drop=true", other)
                .ok();

        Claviger.until("the first secret to go", () -> isShredded(first));
        Claviger.until(
                "the history to tell it",
                () -> claviger.events("attempt=" + attempt).contains("ProviderRevocationTried"));
        assertThat(provider.count("POST", "/revoke")).isEqualTo(2);
        UUID second = clientSecretOf(claviger.connectWithConsent(provider, connector, null));
        assertThat(isShredded(second)).isFalse();

        claviger.admin("DELETE", "/api/v1/connectors/" + connector.id(), null).ok();

        Claviger.until("the second secret to go", () -> isShredded(second));
    }

    @Test
    void tellsTheProviderToDropTokensThatCameForAnAbandonedAttempt() throws Exception {
        Connector connector = claviger.oauthConnector("Slow", provider.mcpUrl(), "shared");
        JsonNode asked = claviger.connect(connector);
        String response = provider.approve(Claviger.authorizationUrl(asked));
        provider.knobs().tokenEndpointDelay = Duration.ofSeconds(2);
        CompletableFuture<?> callback = CompletableFuture.supplyAsync(() -> claviger.callback(response));
        Claviger.until("the code to be under way", () -> provider.count("POST", "/token") == 1);

        claviger.connect(connector);
        callback.get();

        Claviger.until("the tokens to be revoked", () -> provider.count("POST", "/revoke") == 2);
        Claviger.until(
                "the trail to tell it",
                () -> claviger.events("attempt=" + Claviger.attempt(asked)).contains("ProviderRevocationTried"));
    }

    private Map<String, Object> preRegistered(String name) {
        DemoProvider.RegisteredClient client = provider.registerClient(URI.create(base + "/oauth/callback"));
        return new HashMap<>(Map.of(
                "name",
                name,
                "url",
                provider.mcpUrl().toString(),
                "authType",
                "oauth",
                "mode",
                "shared",
                "oauth",
                Map.of(
                        "clientId",
                        client.clientId(),
                        "clientSecret",
                        client.clientSecret(),
                        "issuer",
                        provider.issuer().toString())));
    }

    private void expireConsent(String attempt) {
        int moved = jdbc.sql("""
                        update app.scheduled_tasks set execution_time = now()
                         where task_name = 'oauth.expire-consent' and task_instance = :id""").param("id", "authorization:" + attempt).update();
        assertThat(moved).isEqualTo(1);
    }

    private UUID clientSecretOf(String attempt) {
        List<String> ids = jdbc.sql("""
                        select client -> 'clientSecret' ->> 'id' from oauth.authorization where authorization_id = :id""")
                .param("id", UUID.fromString(attempt))
                .query(String.class)
                .list();
        return UUID.fromString(ids.get(0));
    }

    private boolean isShredded(UUID secret) {
        return jdbc.sql("select wrapped_key is null from credentials.secret where id = :id")
                .param("id", secret)
                .query(Boolean.class)
                .single();
    }
}
