package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoKms;
import dev.claviger.demoprovider.DemoProvider;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service that keeps the master key goes away for longer than the key is kept in memory, and comes back. */
@ClavigerTest
@Import(ShiftedClock.class)
class MasterKeyJourneyTest {

    private static final DemoKms KMS = DemoKms.start();
    /** The token is due for its refresh and still lives; what was kept of the key has long run out. */
    private static final Duration STALE = Duration.ofMinutes(57);

    private final DemoProvider provider = DemoProvider.start();

    @Autowired
    private ShiftedClock clock;

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry registry) {
        registry.add("claviger.vault.master-keys", () -> KMS.transitKey("claviger"));
        registry.add("claviger.vault.hcvault-token", () -> DemoKms.VAULT_TOKEN);
    }

    @AfterEach
    void end() {
        KMS.down = false;
        clock.ahead(Duration.ZERO);
        provider.close();
    }

    @AfterAll
    static void stop() {
        KMS.close();
    }

    @Test
    void agentsAreToldToTryLaterNothingIsSpentAndAllGoesOnByItself(@Value("${claviger.public-url}") String base) {
        Claviger claviger = new Claviger(base);
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "*");
        String before = claviger.authorization(agent, connector);
        long requests = tokenRequests();

        KMS.down = true;
        clock.ahead(STALE);
        Claviger.until(
                "the refusal", () -> claviger.credential(agent, connector).status() == 503);
        Reply refused = claviger.credential(agent, connector);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isNotEmpty();
        assertThat(refused.body()).contains("out of reach").doesNotContain(KMS.transitKey("claviger"));
        assertThat(tokenRequests())
                .as("a refresh whose answer could not be sealed")
                .isEqualTo(requests);

        Reply entered = claviger.admin(
                "POST",
                "/api/v1/connectors",
                Map.of(
                        "name",
                        Claviger.unique("Keyed"),
                        "url",
                        provider.mcpUrl().toString(),
                        "authType",
                        "oauth",
                        "oauth",
                        Map.of(
                                "clientId",
                                "c",
                                "clientSecret",
                                "s",
                                "issuer",
                                provider.issuer().toString())));
        assertThat(entered.status()).isEqualTo(503);
        assertThat(entered.body()).contains("/help/CLV-408", "nothing is lost");
        Browser browser = claviger.signedIn();
        Claviger.until("the banner", () -> browser.get("/").body().contains("(CLV-408)"));
        assertThat(claviger.call(null, "GET", "/actuator/health", null).status())
                .isEqualTo(503);
        assertThat(claviger.call(null, "GET", "/actuator/health/readiness", null)
                        .status())
                .isEqualTo(200);

        KMS.down = false;
        clock.ahead(STALE.plusMinutes(2));
        Claviger.until(
                "the credential", () -> claviger.credential(agent, connector).status() == 200);
        assertThat(claviger.authorization(agent, connector)).isNotEqualTo(before);
        assertThat(tokenRequests()).isEqualTo(requests + 1);
        Claviger.until("the end of the banner", () -> !browser.get("/").body().contains("(CLV-408)"));
        assertThat(claviger.call(null, "GET", "/actuator/health", null).status())
                .isEqualTo(200);
    }

    private long tokenRequests() {
        return provider.requests().stream()
                .filter(request ->
                        "refresh_token".equals(request.formParameters().get("grant_type")))
                .count();
    }
}
