package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.claviger.credentials.KeyRotationTable.Running;
import dev.claviger.credentials.WrappedKeys.Wrapped;
import dev.claviger.credentials.api.KeyQuery.FindRotation;
import dev.claviger.credentials.api.KeyQuery.Rotation;
import dev.claviger.credentials.api.KeyQuery.RotationPart;
import dev.claviger.credentials.api.KeyQuery.RotationState;
import dev.claviger.credentials.api.KeyRotationId;
import dev.claviger.credentials.api.KeyRotationRejected;
import dev.claviger.credentials.api.KeyRotations;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.vault.SecretUnreadable;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class RewrapDataKeysTest {

    private static final int SECRETS = 2 * RewrapDataKeys.BATCH + 7;

    private final String former = LocalMasterKeys.generate();
    private final String both = withNewPrimary(former);
    private final String anew = primaryOf(both);
    private final List<Node> nodes = new ArrayList<>();
    private DataSource database;
    private JdbcClient jdbc;
    private List<SecretRef> refs;
    private Node node;

    @BeforeEach
    void sealUnderTheFormerKey() {
        database = TestDatabase.fresh();
        jdbc = JdbcClient.create(database);
        refs = seal(node(former), SECRETS);
        node = node(both);
    }

    @AfterEach
    void end() {
        nodes.forEach(Node::close);
    }

    @Test
    void wrapsEverythingAnewSoThatTheFormerKeyIsNotNeeded() {
        List<byte[]> ciphertexts = ciphertexts();
        String fingerprint = refs.get(0).fingerprint();

        Rotation rotation = rotate(node, false);

        assertThat(rotation.state()).isEqualTo(RotationState.DONE);
        assertThat(rotation.expected()).isEqualTo(SECRETS);
        assertThat(rotation.parts()).containsExactly(new RotationPart(idOf(former), SECRETS, 0));
        assertThat(rotation.left()).isZero();
        assertThat(keysInUse()).containsExactly(idOf(anew));
        assertThat(node.part(KeyRotations.class).wrapsFingerprintKey()).isEqualTo(idOf(anew));
        assertThat(ciphertexts())
                .usingElementComparator(java.util.Arrays::compare)
                .containsExactlyElementsOf(ciphertexts);
        Node later = node(anew);
        refs.forEach(ref ->
                assertThat(later.vault().open(SecretPurpose.STATIC_TOKEN, ref)).isNotNull());
        assertThat(seal(later, 1).get(0).fingerprint()).isEqualTo(fingerprint);
        assertThat(node.events()).containsExactly("KeyRotationStarted", "KeyRotationEnded");
    }

    @Test
    void triesOnlyInADryRun() {
        spoil(refs.get(3));
        List<byte[]> before = wrappedKeys();

        Rotation rotation = rotate(node, true);

        assertThat(rotation.state()).isEqualTo(RotationState.DONE);
        assertThat(rotation.opened()).isEqualTo(SECRETS - 1);
        assertThat(rotation.left()).isEqualTo(SECRETS);
        assertThat(rotation.leftReadable()).isZero();
        assertThat(rotation.unreadableSecrets()).containsExactly(refs.get(3).id());
        assertThat(wrappedKeys())
                .usingElementComparator(java.util.Arrays::compare)
                .containsExactlyElementsOf(before);
        assertThat(node.part(KeyRotations.class).wrapsFingerprintKey()).isEqualTo(idOf(former));
        assertThat(keysInUse()).containsExactly(idOf(former));
    }

    @Test
    void namesWhatDoesNotOpenAndGoesOn() {
        spoil(refs.get(3));

        Rotation rotation = rotate(node, false);

        assertThat(rotation.state()).isEqualTo(RotationState.DONE);
        assertThat(rotation.parts()).containsExactly(new RotationPart(idOf(former), SECRETS - 1, 1));
        assertThat(rotation.left()).isEqualTo(1);
        assertThat(rotation.leftReadable()).isZero();
        assertThat(rotation.unreadableSecrets()).containsExactly(refs.get(3).id());
        assertThat(jdbc.sql("select id from credentials.secret where key_id = ?")
                        .param(idOf(former))
                        .query(UUID.class)
                        .list())
                .containsExactly(refs.get(3).id());
    }

    @Test
    void goesOnWhereADeadProcessStopped() {
        KeyRotationId id = begin(node, false);
        node.part(RewrapDataKeys.class).step(running(id));
        assertThat(keysInUse()).hasSize(2);

        Node other = node(both);
        perform(other, id);

        assertThat(find(id).parts()).containsExactly(new RotationPart(idOf(former), SECRETS, 0));
        assertThat(keysInUse()).containsExactly(idOf(anew));
    }

    @Test
    void countsOnceWhatTwoProcessesDoAtOnce() {
        KeyRotationId id = begin(node, false);
        Node other = node(both);

        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> perform(node, id));
        perform(other, id);
        one.join();

        assertThat(find(id).state()).isEqualTo(RotationState.DONE);
        assertThat(find(id).parts()).containsExactly(new RotationPart(idOf(former), SECRETS, 0));
        assertThat(node.events()).containsExactly("KeyRotationStarted", "KeyRotationEnded");
        assertThat(keysInUse()).containsExactly(idOf(anew));
    }

    @Test
    void leavesADestroyedSecretDestroyed() {
        Wrapped read = node.part(WrappedKeys.class).after(null, null, 1).get(0);
        SecretRef ref = new SecretRef(read.secretId(), "");
        Wrapped wrappedAnew = node.part(WrappedKeys.class)
                .wrapAnew(
                        read,
                        node.part(WrappedKeys.class).unwrap(read).orElseThrow(),
                        node.part(MasterKeys.class).current());
        node.vault().shred(ref);

        assertThat(node.part(WrappedKeys.class).replace(read, wrappedAnew)).isFalse();
        assertThatExceptionOfType(SecretUnreadable.class)
                .isThrownBy(() -> node.vault().open(SecretPurpose.STATIC_TOKEN, ref));
    }

    @Test
    void waitsForNobodyWhoIsChangingASecret() {
        KeyRotationId id = begin(node, false);
        UUID held = node.part(WrappedKeys.class).after(null, null, 1).get(0).secretId();
        transaction().executeWithoutResult(status -> {
            jdbc.sql("select id from credentials.secret where id = ? for update")
                    .param(held)
                    .query(UUID.class)
                    .single();
            node.part(RewrapDataKeys.class).step(running(id));
        });
        assertThat(jdbc.sql("select key_id from credentials.secret where id = ?")
                        .param(held)
                        .query(String.class)
                        .single())
                .isEqualTo(idOf(former));

        perform(node, id);

        assertThat(keysInUse()).containsExactly(idOf(anew));
        assertThat(find(id).opened()).isEqualTo(SECRETS);
    }

    @Test
    void saysHowManyItLeftToOtherKeys() {
        KeyRotationId id = begin(node, false);
        UUID held = node.part(WrappedKeys.class).after(null, null, 1).get(0).secretId();
        assertThat(find(id).left()).isNull();

        transaction().executeWithoutResult(status -> {
            jdbc.sql("select id from credentials.secret where id = ? for update")
                    .param(held)
                    .query(UUID.class)
                    .single();
            perform(node, id);
        });

        assertThat(find(id).state()).isEqualTo(RotationState.DONE);
        assertThat(find(id).left()).isEqualTo(1);
        assertThat(find(id).leftReadable()).isEqualTo(1);
        assertThat(rotate(node, false).left()).isZero();
    }

    @Test
    void alsoWrapsAnewWhatOthersSealUnderTheFormerKeyMeanwhile() {
        KeyRotationId id = begin(node, false);
        node.part(RewrapDataKeys.class).step(running(id));
        seal(nodes.get(0), 50);

        perform(node, id);

        assertThat(keysInUse()).containsExactly(idOf(anew));
        assertThat(find(id).opened()).isEqualTo(SECRETS + 50);
    }

    @Test
    void beginsOneAtATime() {
        KeyRotationId id = begin(node, true);

        assertThatExceptionOfType(KeyRotationRejected.class)
                .isThrownBy(() -> begin(node, false))
                .withMessageContaining(id.toString());

        perform(node, id);
        assertThat(rotate(node, false).state()).isEqualTo(RotationState.DONE);
    }

    @Test
    void isNotDoneByANodeWithAnotherCurrentKeyAndSaysSoInTheEnd() {
        KeyRotationId id = begin(node, false);
        RewrapDataKeys elsewhere = nodes.get(0).part(RewrapDataKeys.class);
        RewrapDataKeys.Job job = new RewrapDataKeys.Job(id);

        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> elsewhere.perform(job))
                .withMessageContaining("same configuration")
                .satisfies(trouble -> elsewhere.giveUp(job, trouble));

        assertThat(find(id).state()).isEqualTo(RotationState.FAILED);
        assertThat(find(id).trouble()).contains("same configuration");
        assertThat(keysInUse()).containsExactly(idOf(former));
        assertThat(rotate(node, false).state()).isEqualTo(RotationState.DONE);
    }

    private Rotation rotate(Node where, boolean dryRun) {
        KeyRotationId id = begin(where, dryRun);
        perform(where, id);
        perform(where, id);
        return find(id);
    }

    private static KeyRotationId begin(Node where, boolean dryRun) {
        return where.part(KeyRotations.class).begin(dryRun);
    }

    private static void perform(Node where, KeyRotationId id) {
        where.part(RewrapDataKeys.class).perform(new RewrapDataKeys.Job(id));
    }

    private Running running(KeyRotationId id) {
        return node.part(KeyRotationTable.class).running(id).orElseThrow();
    }

    private Rotation find(KeyRotationId id) {
        return node.queries()
                .query(new FindRotation(id), ResponseTypes.optionalInstanceOf(Rotation.class))
                .join()
                .orElseThrow();
    }

    private Node node(String keys) {
        Node made =
                new Node(database, new MovableClock(), new FakeProvider(), Map.of("claviger.vault.master-key", keys));
        nodes.add(made);
        return made;
    }

    private List<SecretRef> seal(Node where, int number) {
        List<SecretRef> sealed = new ArrayList<>();
        where.oneTransaction().run(() -> {
            for (int i = 0; i < number; i++) {
                sealed.add(where.vault().seal(SecretPurpose.STATIC_TOKEN, Secret.of("secret " + i)));
            }
        });
        return sealed;
    }

    private void spoil(SecretRef ref) {
        jdbc.sql("""
                        update credentials.secret set wrapped_key = (
                            select wrapped_key from credentials.secret where id <> :id order by id limit 1)
                         where id = :id""").param("id", ref.id()).update();
    }

    private List<String> keysInUse() {
        return jdbc.sql("select distinct key_id from credentials.secret")
                .query(String.class)
                .list();
    }

    private List<byte[]> ciphertexts() {
        return jdbc.sql("select ciphertext from credentials.secret order by id")
                .query(byte[].class)
                .list();
    }

    private List<byte[]> wrappedKeys() {
        return jdbc.sql("select wrapped_key from credentials.secret order by id")
                .query(byte[].class)
                .list();
    }

    private static String withNewPrimary(String keyset) {
        try {
            KeysetHandle handle = parse(keyset);
            return print(KeysetHandle.newBuilder(handle)
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String primaryOf(String keyset) {
        try {
            KeysetHandle handle = parse(keyset);
            KeysetHandle.Builder.Entry primary = KeysetHandle.importKey(
                            handle.getPrimary().getKey())
                    .withFixedId(handle.getPrimary().getId())
                    .makePrimary();
            return print(KeysetHandle.newBuilder().addEntry(primary).build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeysetHandle parse(String keyset) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseKeyset(
                keyset, RegistryConfiguration.get(), InsecureSecretKeyAccess.get());
    }

    private static String print(KeysetHandle handle) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(
                handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get());
    }

    private static String idOf(String keyset) {
        return LocalMasterKeys.parse(keyset, false, "the test").current().id();
    }

    private TransactionTemplate transaction() {
        return new TransactionTemplate(new DataSourceTransactionManager(database));
    }
}
