package dev.claviger.credentials;

import com.google.crypto.tink.Aead;
import dev.claviger.credentials.ConfiguredKeys.Source;
import dev.claviger.credentials.kms.KmsKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds the master keys: those that the configuration names, or, for a first look at the product, one made beside the data.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(VaultSettings.class)
class VaultConfiguration {

    private static final Logger log = LoggerFactory.getLogger(VaultConfiguration.class);

    @Bean
    ConfiguredKeys masterKeys(
            VaultSettings settings,
            @Value("${claviger.data-dir:./data}") Path dataDirectory,
            @Value("${spring.datasource.url:}") String datasource,
            Environment environment,
            JdbcClient jdbc,
            Clock clock) {
        boolean shortForm =
                !settings.masterKey().isBlank() || !settings.masterKeyFile().isBlank();
        if (!settings.masterKeys().isEmpty()) {
            if (shortForm) {
                throw new IllegalStateException(
                        "Set claviger.vault.master-keys or one of claviger.vault.master-key and"
                                + " claviger.vault.master-key-file, not both; master-keys takes file:<path> and env:<name> too");
            }
            return new ConfiguredKeys(named(settings, environment, new KeyEncryptionKeys(jdbc), clock));
        }
        return new ConfiguredKeys(List.of(new Source.Local(
                shortForm ? ofShortForm(settings) : besideTheDataIfItIsOurs(dataDirectory, datasource))));
    }

    private static List<Source> named(
            VaultSettings settings, Environment environment, KeyEncryptionKeys stored, Clock clock) {
        KmsKeys services = new KmsKeys(settings.kms());
        List<Source> sources = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String reference : settings.masterKeys()) {
            if (!seen.add(reference)) {
                throw new IllegalStateException("claviger.vault.master-keys names “" + reference + "” twice");
            }
            if (KmsKeys.isReference(reference)) {
                sources.add(new Source.Service(new KmsMasterKey(
                        reference, inService(services, reference), stored, clock, settings.keyCache())));
            } else if (reference.startsWith("file:")) {
                sources.add(new Source.Local(fromFile(Path.of(reference.substring(5)), "claviger.vault.master-keys")));
            } else if (reference.startsWith("env:")) {
                sources.add(new Source.Local(fromEnvironment(reference.substring(4), environment)));
            } else {
                // Not repeated: somebody may have written the key itself.
                throw new IllegalStateException("The entry number " + (sources.size() + 1)
                        + " of claviger.vault.master-keys is no reference to a key. Write file:<path>, env:<name>,"
                        + " aws-kms://<ARN>, gcp-kms://projects/<…>/cryptoKeys/<key> or"
                        + " hcvault://<host>:<port>/<mount>/keys/<name>; the key itself belongs in a file or variable");
            }
        }
        return sources;
    }

    private static Aead inService(KmsKeys services, String reference) {
        try {
            return services.find(reference);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("claviger.vault.master-keys: " + e.getMessage(), e);
        }
    }

    private static LocalMasterKeys fromEnvironment(String name, Environment environment) {
        String key = environment.getProperty(name, "");
        if (key.isBlank()) {
            throw new IllegalStateException("claviger.vault.master-keys names the environment variable " + name
                    + ", which is not set or empty");
        }
        return LocalMasterKeys.parse(key, false, "the environment variable " + name);
    }

    private static LocalMasterKeys ofShortForm(VaultSettings settings) {
        if (!settings.masterKey().isBlank() && !settings.masterKeyFile().isBlank()) {
            throw new IllegalStateException(
                    "Set claviger.vault.master-key or claviger.vault.master-key-file, not both");
        }
        return settings.masterKey().isBlank()
                ? fromFile(Path.of(settings.masterKeyFile()), "claviger.vault.master-key-file")
                : LocalMasterKeys.parse(settings.masterKey(), false, "the configuration (claviger.vault.master-key)");
    }

    private static LocalMasterKeys besideTheDataIfItIsOurs(Path dataDirectory, String datasource) {
        if (!datasource.isBlank() && !datasource.equals("-")) {
            throw new IllegalStateException("A database is configured (spring.datasource.url) but no master key: a key"
                    + " made here would be lost with this machine, and every secret with it. Set"
                    + " claviger.vault.master-keys, claviger.vault.master-key-file or claviger.vault.master-key;"
                    + " 32 random bytes in base64 will do");
        }
        return besideTheData(dataDirectory.toAbsolutePath().normalize());
    }

    private static LocalMasterKeys fromFile(Path file, String property) {
        try {
            warnIfOthersCanRead(file);
            return LocalMasterKeys.parse(Files.readString(file), false, "the file " + file);
        } catch (IOException e) {
            throw new IllegalStateException("The master key file " + file + " (" + property + ") cannot be read", e);
        }
    }

    private static LocalMasterKeys besideTheData(Path directory) {
        Path file = directory.resolve("master-key.json");
        try {
            if (!Files.exists(file)) {
                generate(directory, file);
            }
            warnIfOthersCanRead(file);
            log.warn(
                    "No master key is configured: using {}, which lies beside the data it protects. For production set"
                            + " claviger.vault.master-key-file or claviger.vault.master-key, and back the key up.",
                    file);
            return LocalMasterKeys.parse(Files.readString(file), true, "the generated file " + file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The master key " + file + " can be neither read nor made; check claviger.data-dir", e);
        }
    }

    /** Written whole and under a temporary name first; a hard link is the step that only one of two processes can win. */
    private static void generate(Path directory, Path file) throws IOException {
        Files.createDirectories(directory);
        Path fresh = Files.createTempFile(directory, "master-key", ".new", ownerOnly(directory));
        try {
            Files.writeString(fresh, LocalMasterKeys.generate(), StandardOpenOption.SYNC);
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            log.debug("Another process made {} at the same moment", file);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) throws IOException {
        FileStore store = Files.getFileStore(directory);
        return store.supportsFileAttributeView(PosixFileAttributeView.class)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void warnIfOthersCanRead(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            log.warn("The master key file {} is open to every user of this machine; chmod it to 0600", file);
        }
    }
}
