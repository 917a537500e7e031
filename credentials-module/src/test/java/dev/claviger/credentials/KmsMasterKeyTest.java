package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import dev.claviger.credentials.MasterKeys.MasterKey;
import dev.claviger.credentials.api.MasterKeyStatus.Key;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.demoprovider.DemoKms;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.transaction.support.TransactionTemplate;

/** The vault over keys that lie in a key management service, which is not always there. */
class KmsMasterKeyTest {

    private static final Secret TOKEN = Secret.of("tökén-s3cret");
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final DataSource database = TestDatabase.fresh();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
    private final MovableClock clock = new MovableClock();
    private final MockEnvironment environment = new MockEnvironment().withProperty("LOCAL", Node.MASTER_KEY);
    private final DemoKms kms = DemoKms.start();
    private final DemoKms other = DemoKms.start();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(kms, other));
    private ConfiguredKeys keys;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void asksTheServiceForNoSecret() {
        TinkVault vault = vault(kms.transitKey("claviger"));
        long asked = kms.requests();
        for (int n = 0; n < 20; n++) {
            SecretRef ref = seal(vault, TOKEN);
            assertThat(vault.open(SecretPurpose.ACCESS_TOKEN, ref)).isEqualTo(TOKEN);
        }
        assertThat(kms.requests()).isEqualTo(asked);
        assertThat(keys.current().id()).matches("hcvault:[0-9a-f]{12}");
    }

    @Test
    void opensWhatAnotherNodeSealedUnderTheSameKey() {
        TinkVault first = vault(kms.transitKey("claviger"));
        TinkVault second = vault(kms.transitKey("claviger"));
        assertThat(second.open(SecretPurpose.ACCESS_TOKEN, seal(first, TOKEN))).isEqualTo(TOKEN);
        assertThat(first.open(SecretPurpose.ACCESS_TOKEN, seal(second, TOKEN))).isEqualTo(TOKEN);
        assertThat(jdbc.sql("select count(*) from credentials.key_encryption_key")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void goesOnWithoutTheServiceForAWhileThenRefusesThenHeals() {
        TinkVault vault = vault(kms.transitKey("claviger"));
        SecretRef ref = seal(vault, TOKEN);
        kms.down = true;
        clock.advance(KEPT.minusMinutes(6));
        assertThat(vault.open(SecretPurpose.ACCESS_TOKEN, ref)).isEqualTo(TOKEN);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(keys.troubles())
                        .singleElement()
                        .asString()
                        .contains("does not answer", "can be used until"));
        clock.advance(KEPT);
        assertThatExceptionOfType(MasterKeyUnavailable.class)
                .isThrownBy(() -> vault.open(SecretPurpose.ACCESS_TOKEN, ref))
                .withMessageContaining("nothing is lost");
        assertThatExceptionOfType(MasterKeyUnavailable.class).isThrownBy(() -> seal(vault, TOKEN));
        assertThatExceptionOfType(MasterKeyUnavailable.class).isThrownBy(() -> vault.checkReady(Duration.ofSeconds(1)));
        assertThat(keys.troubles()).singleElement().asString().contains("cannot be used");
        assertThat(gauge("claviger.vault.key.usable")).isZero();
        kms.down = false;
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(MasterKeyUnavailable.class)
                .untilAsserted(() -> {
                    clock.advance(Duration.ofSeconds(1));
                    assertThat(vault.open(SecretPurpose.ACCESS_TOKEN, ref)).isEqualTo(TOKEN);
                });
        assertThat(keys.troubles()).isEmpty();
        assertThat(gauge("claviger.vault.key.usable")).isEqualTo(1);
        assertThat(gauge("claviger.vault.key.left")).isGreaterThan(60);
        vault.checkReady(Duration.ofMinutes(1));
    }

    @Test
    void isRenewedLongBeforeItsEnd() {
        TinkVault vault = vault(kms.transitKey("claviger"));
        SecretRef ref = seal(vault, TOKEN);
        for (int n = 0; n < 3; n++) {
            long asked = kms.requests();
            clock.advance(KEPT.dividedBy(2));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(keys.stateOf(keys.current()).usableUntil())
                            .isEqualTo(clock.instant().plus(KEPT)));
            assertThat(kms.requests()).isEqualTo(asked + 1);
            assertThat(vault.open(SecretPurpose.ACCESS_TOKEN, ref)).isEqualTo(TOKEN);
        }
    }

    @Test
    void demandsThatTheKeyLastsUntilTheAnswerIsSealed() {
        TinkVault vault = vault(kms.transitKey("claviger"));
        kms.down = true;
        vault.checkReady(Duration.ofMinutes(1));
        clock.advance(KEPT.minusSeconds(30));
        seal(vault, TOKEN);
        assertThatExceptionOfType(MasterKeyUnavailable.class).isThrownBy(() -> vault.checkReady(Duration.ofMinutes(1)));
        vault.checkReady(Duration.ofSeconds(10));
    }

    @Test
    void opensOldSecretsWithTheKeysBehindTheFirst() {
        SecretRef local = seal(vault("env:LOCAL"), TOKEN);
        TinkVault moved = vault(kms.transitKey("claviger"), "env:LOCAL");
        SecretRef sealed = seal(moved, TOKEN);
        assertThat(moved.open(SecretPurpose.ACCESS_TOKEN, local)).isEqualTo(TOKEN);
        TinkVault again = vault(other.transitKey("next"), kms.transitKey("claviger"), "env:LOCAL");
        SecretRef last = seal(again, TOKEN);
        assertThat(again.open(SecretPurpose.ACCESS_TOKEN, local)).isEqualTo(TOKEN);
        assertThat(again.open(SecretPurpose.ACCESS_TOKEN, sealed)).isEqualTo(TOKEN);
        assertThat(again.open(SecretPurpose.ACCESS_TOKEN, last)).isEqualTo(TOKEN);
        assertThat(new MasterKeyReport(keys, jdbc).keys())
                .extracting(Key::reference, Key::current, Key::usable, Key::liveSecrets)
                .containsExactly(
                        tuple(other.transitKey("next"), true, true, 1L),
                        tuple(kms.transitKey("claviger"), false, true, 1L),
                        tuple("the environment variable LOCAL", false, true, 1L));
    }

    @Test
    void oneDataKeyMovesFromOneServiceToAnother() throws Exception {
        SecretRef ref = seal(vault(kms.transitKey("claviger")), TOKEN);
        TinkVault vault = vault(other.transitKey("next"), kms.transitKey("claviger"));
        MasterKey from = keys.all().get(1);
        MasterKey to = keys.current();
        byte[] wrapped = jdbc.sql("select wrapped_key from credentials.secret where id = ?")
                .param(ref.id())
                .query(byte[].class)
                .single();
        byte[] rewrapped = DataKeys.wrap(
                DataKeys.unwrap(wrapped, from, ref.id(), SecretPurpose.ACCESS_TOKEN.name()),
                to,
                ref.id(),
                SecretPurpose.ACCESS_TOKEN.name());
        jdbc.sql("update credentials.secret set wrapped_key = ?, key_id = ? where id = ?")
                .params(rewrapped, to.id(), ref.id())
                .update();
        assertThat(vault.open(SecretPurpose.ACCESS_TOKEN, ref)).isEqualTo(TOKEN);
    }

    @Test
    void refusesToStartWhenTheCurrentKeyCannotBeReached() {
        kms.down = true;
        assertThatIllegalStateException()
                .isThrownBy(() -> vault(kms.transitKey("claviger")))
                .withMessageContaining(kms.transitKey("claviger"))
                .withMessageContaining("cannot be reached")
                .withMessageContaining("put another key first in claviger.vault.master-keys");
    }

    @Test
    void refusesToStartWhenItMayNotUseTheCurrentKey() {
        kms.forbidden = true;
        assertThatIllegalStateException()
                .isThrownBy(() -> vault(kms.transitKey("claviger")))
                .withMessageContaining("cannot be used")
                .withMessageContaining("permission denied");
    }

    @Test
    void refusesToStartWhenTheServiceHasAnotherKeyOfThisName() {
        seal(vault(kms.transitKey("claviger")), TOKEN);
        kms.replaceKeys();
        assertThatIllegalStateException()
                .isThrownBy(() -> vault(kms.transitKey("claviger")))
                .withMessageContaining("cannot be used")
                .withMessageContaining("message authentication failed");
    }

    @Test
    void refusesToStartWhenWhatComesBackWasTamperedWith() {
        seal(vault(kms.transitKey("claviger")), TOKEN);
        kms.tampered = true;
        assertThatIllegalStateException()
                .isThrownBy(() -> vault(kms.transitKey("claviger")))
                .withMessageContaining("cannot be used");
    }

    @Test
    void refusesToStartWhenSecretsAreSealedUnderAKeyThatIsNotConfigured() {
        TinkVault first = vault(kms.transitKey("claviger"));
        seal(first, TOKEN);
        seal(first, TOKEN);
        String id = keys.current().id();
        assertThatIllegalStateException()
                .isThrownBy(() -> vault("env:LOCAL"))
                .withMessageContaining("2 secrets under " + id + " (" + kms.transitKey("claviger") + ")")
                .withMessageContaining("claviger.vault.master-keys");
        jdbc.sql("update credentials.secret set wrapped_key = null, ciphertext = null, shredded_at = now()")
                .update();
        assertThatIllegalStateException()
                .isThrownBy(() -> vault("env:LOCAL"))
                .withMessageContaining("the key of fingerprints under " + id);
    }

    @Test
    void startsWhileAnOldKeyIsOutOfReachAndOpensItsSecretsLater() {
        seal(vault("env:LOCAL"), TOKEN);
        SecretRef old = seal(vault(kms.transitKey("claviger"), "env:LOCAL"), TOKEN);
        kms.down = true;
        TinkVault vault = vault("env:LOCAL", kms.transitKey("claviger"));
        SecretRef fresh = seal(vault, TOKEN);
        assertThat(vault.open(SecretPurpose.ACCESS_TOKEN, fresh)).isEqualTo(TOKEN);
        vault.checkReady(Duration.ofMinutes(1));
        assertThatExceptionOfType(MasterKeyUnavailable.class)
                .isThrownBy(() -> vault.open(SecretPurpose.ACCESS_TOKEN, old));
        assertThat(new MasterKeyReport(keys, jdbc).keys())
                .extracting(Key::current, Key::usable)
                .containsExactly(tuple(true, true), tuple(false, false));
        kms.down = false;
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(MasterKeyUnavailable.class)
                .untilAsserted(() -> {
                    clock.advance(Duration.ofSeconds(1));
                    assertThat(vault.open(SecretPurpose.ACCESS_TOKEN, old)).isEqualTo(TOKEN);
                });
    }

    @Test
    void refusesToStartWhenAnOldKeyThatIsStillNeededMayNotBeUsed() {
        seal(vault("env:LOCAL"), TOKEN);
        SecretRef old = seal(vault(kms.transitKey("claviger"), "env:LOCAL"), TOKEN);
        kms.forbidden = true;
        assertThatIllegalStateException()
                .isThrownBy(() -> vault("env:LOCAL", kms.transitKey("claviger")))
                .withMessageContaining("Secrets are still sealed under it");
        jdbc.sql(
                        "update credentials.secret set wrapped_key = null, ciphertext = null, shredded_at = now() where id = ?")
                .param(old.id())
                .update();
        assertThat(seal(vault("env:LOCAL", kms.transitKey("claviger")), TOKEN)).isNotNull();
    }

    @Test
    void refusesToStartWhenTheKeyOfFingerprintsIsOutOfReach() {
        seal(vault(kms.transitKey("claviger")), TOKEN);
        kms.down = true;
        assertThatIllegalStateException()
                .isThrownBy(() -> vault("env:LOCAL", kms.transitKey("claviger")))
                .withMessageContaining("fingerprints")
                .withMessageContaining(kms.transitKey("claviger"));
    }

    private SecretRef seal(TinkVault vault, Secret secret) {
        return transaction.execute(status -> vault.seal(SecretPurpose.ACCESS_TOKEN, secret));
    }

    private double gauge(String name) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new MasterKeyMeters(keys, clock).bindTo(registry);
        return registry.get(name).tag("key", keys.current().id()).gauge().value();
    }

    private TinkVault vault(String... references) {
        VaultSettings settings = new VaultSettings(
                List.of(references),
                "",
                "",
                KEPT,
                Duration.ofSeconds(30),
                null,
                null,
                null,
                DemoKms.VAULT_TOKEN,
                null,
                null);
        keys = new VaultConfiguration().masterKeys(settings, Path.of("unused"), "", environment, jdbc, clock);
        open.add(keys);
        TinkVault vault = new TinkVault(jdbc, keys);
        vault.afterSingletonsInstantiated();
        return vault;
    }
}
