package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.claviger.credentials.MasterKeys.MasterKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.env.MockEnvironment;

class VaultConfigurationTest {

    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.fresh());
    private final MockEnvironment environment = new MockEnvironment();

    @TempDir
    Path directory;

    @Test
    void makesAKeyOnceBesideTheData() throws Exception {
        Path data = directory.resolve("data");
        ConfiguredKeys first = keys(data, "", settings(List.of(), "", ""));
        ConfiguredKeys second = keys(data, "-", settings(List.of(), "", ""));
        Path file = data.resolve("master-key.json");
        assertThat(first.generatedLocally()).isTrue();
        assertThat(first.current().reference()).contains("master-key.json");
        assertThat(second.current().id()).isEqualTo(first.current().id());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(data)) {
            assertThat(files).containsExactly(file);
        }
        ConfiguredKeys configured = keys(directory.resolve("unused"), "", settings(List.of(), "", file.toString()));
        assertThat(configured.generatedLocally()).isFalse();
        assertThat(configured.current().id()).isEqualTo(first.current().id());
        assertThat(directory.resolve("unused")).doesNotExist();
    }

    @Test
    void makesNoKeyForADatabaseThatOutlivesThisMachine() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        keys(directory.resolve("data"), "jdbc:postgresql://db/claviger", settings(List.of(), "", "")))
                .withMessageContaining("claviger.vault.master-keys");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void takesSeveralLocalKeysTheFirstCurrent() throws Exception {
        Path file = Files.writeString(directory.resolve("keyset.json"), LocalMasterKeys.generate());
        environment.setProperty("OLD_KEY", Node.MASTER_KEY);
        ConfiguredKeys keys = keys(List.of("file:" + file, "env:OLD_KEY"));
        ConfiguredKeys turned = keys(List.of("env:OLD_KEY", "file:" + file));
        assertThat(keys.all()).hasSize(2);
        assertThat(keys.current().reference()).contains("keyset.json");
        assertThat(turned.current().reference()).contains("OLD_KEY");
        assertThat(turned.all().get(1).id()).isEqualTo(keys.current().id());
        assertThat(keys.byId(turned.current().id()).map(MasterKey::reference))
                .contains("the environment variable OLD_KEY");
        assertThat(keys.byId("local:7")).isEmpty();
        assertThat(keys.troubles()).isEmpty();
    }

    @Test
    void theShortFormNamesTheSameKeyAsTheReference() {
        environment.setProperty("KEY", Node.MASTER_KEY);
        assertThat(keys(directory, "", settings(List.of(), Node.MASTER_KEY, ""))
                        .current()
                        .id())
                .isEqualTo(keys(List.of("env:KEY")).current().id())
                .startsWith("local:");
    }

    @Test
    void refusesTwoWaysOfSayingWhichKey() {
        assertThatIllegalStateException()
                .isThrownBy(() -> keys(directory, "", settings(List.of(), "x", "y")))
                .withMessageContaining("not both");
        assertThatIllegalStateException()
                .isThrownBy(() -> keys(directory, "", settings(List.of("env:X"), "x", "")))
                .withMessageContaining("not both");
        environment.setProperty("X", Node.MASTER_KEY);
        assertThatIllegalStateException()
                .isThrownBy(() -> keys(List.of("env:X", "env:X")))
                .withMessageContaining("twice");
    }

    @Test
    void refusesAKeyWhereAReferenceBelongsWithoutRepeatingIt() {
        assertThatIllegalStateException()
                .isThrownBy(() -> keys(List.of(Node.MASTER_KEY)))
                .withMessageContaining("number 1")
                .withMessageContaining("env:<name>")
                .withMessageNotContaining(Node.MASTER_KEY);
    }

    @Test
    void refusesAFileOrVariableThatIsNotThere() {
        assertThatIllegalStateException()
                .isThrownBy(() -> keys(List.of("file:" + directory.resolve("missing"))))
                .withMessageContaining("missing (claviger.vault.master-keys)");
        assertThatIllegalStateException()
                .isThrownBy(() -> keys(
                        directory,
                        "",
                        settings(List.of(), "", directory.resolve("gone").toString())))
                .withMessageContaining("gone (claviger.vault.master-key-file)");
        assertThatIllegalStateException()
                .isThrownBy(() -> keys(List.of("env:NOT_THERE")))
                .withMessageContaining("NOT_THERE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws-kms://alias/claviger",
                "aws-kms://arn:aws:kms:eu-central-1:111122223333:alias/claviger",
                "gcp-kms://projects/p/locations/l/keyRings/r",
                "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
                "hcvault://vault.example.com:8200/transit/claviger",
                "hcvault+http://vault.example.com:8200/transit/keys/claviger",
                "hcvault://vault.example.com:8200/transit/keys/claviger"
            })
    void saysWhatIsWrongWithAReferenceToAService(String reference) {
        assertThatIllegalStateException()
                .isThrownBy(() -> keys(List.of(reference)))
                .withMessageContaining("claviger.vault.master-keys: “" + reference + "” ");
    }

    @Test
    void keepsAKeyInMemoryForLongerThanARefreshTakes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VaultSettings(
                        List.of(),
                        "",
                        "",
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null))
                .withMessageContaining("claviger.vault.key-cache");
    }

    private ConfiguredKeys keys(List<String> references) {
        return keys(directory, "", settings(references, "", ""));
    }

    private ConfiguredKeys keys(Path data, String datasource, VaultSettings settings) {
        return new VaultConfiguration().masterKeys(settings, data, datasource, environment, jdbc, new MovableClock());
    }

    private static VaultSettings settings(List<String> references, String key, String file) {
        return new VaultSettings(
                references,
                key,
                file,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
