package dev.claviger.credentials;

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
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Finds the master key: in the configuration, in a file, or, for a first look at the product, made once beside the data. */
@Configuration(proxyBeanMethods = false)
class VaultConfiguration {

    private static final Logger log = LoggerFactory.getLogger(VaultConfiguration.class);

    @Bean
    LocalMasterKeys masterKeys(
            @Value("${claviger.vault.master-key:}") String key,
            @Value("${claviger.vault.master-key-file:}") String file,
            @Value("${claviger.data-dir:./data}") Path dataDirectory,
            @Value("${spring.datasource.url:}") String datasource) {
        if (!key.isBlank() && !file.isBlank()) {
            throw new IllegalStateException(
                    "Set claviger.vault.master-key or claviger.vault.master-key-file, not both");
        }
        if (!key.isBlank()) {
            return LocalMasterKeys.parse(key, false, "the configuration (claviger.vault.master-key)");
        }
        if (!file.isBlank()) {
            return fromFile(Path.of(file));
        }
        if (!datasource.isBlank() && !datasource.equals("-")) {
            throw new IllegalStateException(
                    "A database is configured (spring.datasource.url) but no master key: a key"
                            + " made here would be lost with this machine, and every secret with it. Set"
                            + " claviger.vault.master-key-file or claviger.vault.master-key; 32 random bytes in base64 will do");
        }
        return besideTheData(dataDirectory.toAbsolutePath().normalize());
    }

    private static LocalMasterKeys fromFile(Path file) {
        try {
            warnIfOthersCanRead(file);
            return LocalMasterKeys.parse(Files.readString(file), false, "the file " + file);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The master key file " + file + " (claviger.vault.master-key-file) cannot be read", e);
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
