package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import dev.claviger.credentials.ConfiguredKeys.Source;
import dev.claviger.credentials.api.MasterKeyStatus.Key;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.SecretUnreadable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class TinkVaultTest {

    private static final Secret TOKEN = Secret.of("tökén-s3cret");

    private DataSource database;
    private JdbcClient jdbc;
    private TransactionTemplate transaction;
    private TinkVault vault;

    @BeforeEach
    void setUp() {
        database = TestDatabase.fresh();
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
        vault = vault(Node.MASTER_KEY);
    }

    @Test
    void opensWhatItSealed() {
        SecretRef ref = seal(SecretPurpose.ACCESS_TOKEN, TOKEN);
        assertThat(vault.open(SecretPurpose.ACCESS_TOKEN, ref)).isEqualTo(TOKEN);
        assertThat(new String(
                        jdbc.sql("select ciphertext from credentials.secret")
                                .query(byte[].class)
                                .single(),
                        StandardCharsets.UTF_8))
                .doesNotContain("s3cret");
    }

    @Test
    void opensForNoOtherPurpose() {
        SecretRef ref = seal(SecretPurpose.ACCESS_TOKEN, TOKEN);
        assertThatExceptionOfType(SecretUnreadable.class)
                .isThrownBy(() -> vault.open(SecretPurpose.REFRESH_TOKEN, ref));
        jdbc.sql("update credentials.secret set purpose = 'REFRESH_TOKEN'").update();
        assertThatExceptionOfType(SecretUnreadable.class)
                .isThrownBy(() -> vault.open(SecretPurpose.REFRESH_TOKEN, ref))
                .withMessageContaining(ref.id().toString());
    }

    @Test
    void oneRowDoesNotOpenInAnothersPlace() {
        SecretRef first = seal(SecretPurpose.ACCESS_TOKEN, TOKEN);
        SecretRef second = seal(SecretPurpose.ACCESS_TOKEN, Secret.of("another"));
        jdbc.sql("update credentials.secret a set wrapped_key = b.wrapped_key, ciphertext = b.ciphertext"
                        + " from credentials.secret b where a.id = ? and b.id = ?")
                .params(first.id(), second.id())
                .update();
        assertThatExceptionOfType(SecretUnreadable.class)
                .isThrownBy(() -> vault.open(SecretPurpose.ACCESS_TOKEN, first));
    }

    @Test
    void equalSecretsHaveEqualFingerprintsForEver() {
        String first = seal(SecretPurpose.ACCESS_TOKEN, TOKEN).fingerprint();
        assertThat(first).matches("[0-9a-f]{32}");
        assertThat(seal(SecretPurpose.STATIC_TOKEN, TOKEN).fingerprint()).isEqualTo(first);
        assertThat(seal(SecretPurpose.ACCESS_TOKEN, Secret.of("x")).fingerprint())
                .isNotEqualTo(first);
        vault = vault(Node.MASTER_KEY);
        assertThat(seal(SecretPurpose.ACCESS_TOKEN, TOKEN).fingerprint()).isEqualTo(first);
    }

    @Test
    void shreddingLeavesOnlyTheFingerprint() {
        SecretRef ref = seal(SecretPurpose.ACCESS_TOKEN, TOKEN);
        vault.shred(ref);
        vault.shred(ref);
        assertThatExceptionOfType(SecretUnreadable.class)
                .isThrownBy(() -> vault.open(SecretPurpose.ACCESS_TOKEN, ref))
                .withMessageContaining("destroyed");
        assertThat(jdbc.sql(
                                "select fingerprint from credentials.secret where wrapped_key is null and ciphertext is null")
                        .query(String.class)
                        .single())
                .isEqualTo(ref.fingerprint());
    }

    @Test
    void sealsOnlyInsideATransactionAndRollsBackWithIt() {
        assertThatIllegalStateException().isThrownBy(() -> vault.seal(SecretPurpose.STATE, TOKEN));
        SecretRef lost = transaction.execute(status -> {
            status.setRollbackOnly();
            return vault.seal(SecretPurpose.STATE, TOKEN);
        });
        assertThatExceptionOfType(SecretUnreadable.class).isThrownBy(() -> vault.open(SecretPurpose.STATE, lost));
    }

    @Test
    void refusesToStartWithAnotherMasterKey() {
        seal(SecretPurpose.ACCESS_TOKEN, TOKEN);
        String other = LocalMasterKeys.generate();
        assertThatIllegalStateException()
                .isThrownBy(() -> vault(other))
                .withMessageContaining("another master key")
                .withMessageContaining("claviger.vault.master-key")
                .withMessageNotContaining(other);
    }

    @Test
    void readsKeysInThreeFormsAndToldNothingWhenItCannot() {
        String keyset = LocalMasterKeys.generate();
        String inBase64 = Base64.getEncoder().encodeToString(keyset.getBytes(StandardCharsets.UTF_8));
        assertThat(LocalMasterKeys.parse(keyset, false, "x").current().id())
                .isEqualTo(LocalMasterKeys.parse(inBase64 + "\n", false, "x")
                        .current()
                        .id());
        assertThat(LocalMasterKeys.parse(Node.MASTER_KEY, false, "x").current().id())
                .isEqualTo(LocalMasterKeys.parse(Node.MASTER_KEY, false, "x")
                        .current()
                        .id());
        assertThatIllegalStateException()
                .isThrownBy(() -> LocalMasterKeys.parse("bm90IGEga2V5", false, "the test"))
                .withMessageContaining("the test")
                .withMessageNotContaining("bm90IGEga2V5")
                .withNoCause();
    }

    @Test
    void springFindsVaultSealerAndStatus() {
        try (Node node = new Node(database, new MovableClock(), new FakeProvider(), Map.of())) {
            assertThat(node.vault()).isInstanceOf(TinkVault.class);
        }
    }

    @Test
    void tellsHowManyLiveSecretsEachKeyWraps() {
        seal(SecretPurpose.ACCESS_TOKEN, TOKEN);
        vault.shred(seal(SecretPurpose.ACCESS_TOKEN, TOKEN));
        ConfiguredKeys keys = new ConfiguredKeys(
                List.of(new Source.Local(LocalMasterKeys.parse(Node.MASTER_KEY, false, "the test"))));
        MasterKeyReport report = new MasterKeyReport(keys, jdbc);
        assertThat(report.keys())
                .containsExactly(new Key(keys.current().id(), "the test", true, true, true, null, null, 1));
        jdbc.sql("update credentials.secret set key_id = 'local:7'").update();
        assertThat(report.keys())
                .extracting(Key::id, Key::configured, Key::liveSecrets)
                .containsExactly(tuple(keys.current().id(), true, 0L), tuple("local:7", false, 1L));
    }

    private SecretRef seal(SecretPurpose purpose, Secret secret) {
        return transaction.execute(status -> vault.seal(purpose, secret));
    }

    private TinkVault vault(String masterKey) {
        LocalMasterKeys keys = LocalMasterKeys.parse(masterKey, false, "the test");
        TinkVault opened = new TinkVault(jdbc, keys);
        opened.afterSingletonsInstantiated();
        return opened;
    }
}
