package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Sealer;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretKeeper;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.demoprovider.DemoProvider;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;

/** However often orphans are swept, everything that is in use goes on, and only what nobody needs is destroyed. */
@ClavigerTest
class SweepJourneyTest {

    @Autowired
    JdbcClient database;

    @Autowired
    RecurringTask<Void> sweepOrphansTask;

    @Autowired
    List<SecretKeeper> keepers;

    @Autowired
    OneTransaction oneTransaction;

    @Autowired
    Sealer vault;

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;

    @BeforeEach
    void setUp(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void somebodySpeaksForEveryPurpose() {
        assertThat(keepers.stream()
                        .flatMap(keeper -> keeper.purposes().stream())
                        .collect(Collectors.toSet()))
                .isEqualTo(EnumSet.allOf(SecretPurpose.class));
    }

    @Test
    void destroysOrphansOfEveryPurposeAndNothingInUse() {
        Set<String> ofOtherTests = live();
        provider.knobs().tokenEndpointAuthMethod = "client_secret_basic";
        Connector oauth = claviger.oauthConnector("Swept", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Swept");
        claviger.connectWithConsent(provider, oauth, agent);
        claviger.choose(agent, oauth, "*");
        Connector keyed = claviger.connector(Map.of(
                "name", Claviger.unique("Swept keyed"),
                "url", provider.apiKeyMcpUrl().toString(),
                "authType", "api_key_header",
                "headerName", "X-Api-Key",
                "mode", "shared"));
        claviger.connect(keyed, Map.of("token", provider.apiKey()));
        claviger.choose(agent, keyed, "*");
        // A consent under way, whose state and verifier are wanted later.
        Connector waiting = claviger.oauthConnector("Swept waiting", provider.mcpUrl(), "shared");
        var asked = claviger.connect(waiting);
        // A client entered by hand, with a secret that nobody used yet.
        Connector manual = claviger.connector(manual());
        claviger.admin("POST", "/api/v1/signing-keys/rotate", null).ok();
        Map<SecretPurpose, SecretRef> orphans = new EnumMap<>(SecretPurpose.class);
        for (SecretPurpose purpose : SecretPurpose.values()) {
            orphans.put(
                    purpose,
                    oneTransaction.run(() -> vault.seal(purpose, Secret.of("orphan " + purpose + System.nanoTime()))));
        }

        Set<String> inUse = live();
        inUse.removeAll(ofOtherTests);
        inUse.removeAll(
                orphans.values().stream().map(ref -> ref.id().toString()).toList());
        sweepAsOften(3);

        Set<String> left = live();
        left.removeAll(ofOtherTests);
        assertThat(left).isEqualTo(inUse).hasSizeGreaterThan(8);
        assertThat(claviger.events("event=OrphansShredded")).isNotEmpty();
        claviger.authorization(agent, oauth);
        database.sql("update credentials.credential set expires_at = now() where kind = 'OAUTH'")
                .update();
        claviger.authorization(agent, oauth);
        claviger.credential(agent, keyed).ok();
        claviger.callback(provider.approve(Claviger.authorizationUrl(asked)));
        assertThat(claviger.decided(Claviger.attempt(asked)).path("next").asString())
                .isEqualTo("connected");
        assertThat(claviger.connect(manual).path("next").asString()).isEqualTo("authorization_required");
    }

    /** Each time as if a day had passed, for whatever is there by then. */
    private void sweepAsOften(int times) {
        for (int i = 0; i < times; i++) {
            database.sql("update credentials.secret set created_at = created_at - interval '2 days',"
                            + " orphan_since = orphan_since - interval '1 day'")
                    .update();
            sweepOrphansTask.executeRecurringly(sweepOrphansTask.instance("test"), (ExecutionContext) null);
        }
    }

    private Set<String> live() {
        return database.sql("select id::text from credentials.secret where shredded_at is null")
                .query(String.class)
                .set();
    }

    private Map<String, Object> manual() {
        return Map.of(
                "name",
                Claviger.unique("Swept manual"),
                "url",
                provider.mcpUrl().toString(),
                "authType",
                "oauth",
                "oauth",
                Map.of(
                        "clientId",
                        "by-hand",
                        "clientSecret",
                        "typed by hand",
                        "issuer",
                        provider.issuer().toString()));
    }
}
