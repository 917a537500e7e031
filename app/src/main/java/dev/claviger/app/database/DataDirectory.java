package dev.claviger.app.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of the embedded database, held by one process at a time: {@code pgdata-18} with the data, {@code pgbin}
 * with the programs, a password, a log. Nothing in it is ever deleted.
 */
final class DataDirectory implements AutoCloseable {

    static final String MAJOR = "18";

    private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);
    private static final String USED = "claviger-used";

    private final Path root;
    private final FileChannel lockFile;
    private String password = "";

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Takes the directory, or says who has it. */
    static DataDirectory take(Path path) {
        Path root = path.toAbsolutePath().normalize();
        try {
            createPrivate(root);
            FileChannel lockFile = FileChannel.open(
                    root.resolve("claviger.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(lockFile)) {
                lockFile.close();
                throw new IllegalStateException("Another Claviger is using " + root
                        + ". Stop it, or give this one its own claviger.data-dir, or let both use one PostgreSQL with"
                        + " spring.datasource.url");
            }
            return new DataDirectory(root, lockFile);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The data directory " + root + " cannot be used: " + e.getMessage()
                            + ". Set claviger.data-dir to a directory this user may write to",
                    e);
        }
    }

    /** Makes sure that a start can succeed: right system, right version, no half-made cluster, nobody running in it. */
    void makeReady() throws IOException {
        checkSystem();
        checkVersion();
        setAsideUnfinished();
        createPrivate(root.resolve("pgbin"));
        new Postmaster(cluster()).makeSureItIsGone();
        password = readOrMakePassword();
    }

    Path root() {
        return root;
    }

    Path cluster() {
        return root.resolve("pgdata-" + MAJOR);
    }

    // Beside the data, not above it: the library deletes what it takes for stale clusters below its working directory.
    // One level down, since it also lets everybody write there, and these are programs we run.
    Path binaries() {
        return root.resolve("pgbin/unpacked");
    }

    Path log() {
        return root.resolve("postgres.log");
    }

    String password() {
        return password;
    }

    boolean isDoorClosed() throws IOException {
        return Files.readString(hostRules()).startsWith("# Claviger");
    }

    void closeDoor() throws IOException {
        Files.writeString(
                hostRules(),
                "# Claviger: password only, from this machine only\nhost all all 127.0.0.1/32 scram-sha-256\n");
    }

    /** From now on there is data in it. */
    void markUsed() throws IOException {
        Path used = cluster().resolve(USED);
        if (!Files.exists(used)) {
            Files.createFile(used);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            log.warn("The lock of {} could not be released: {}", root, e.getMessage());
        }
    }

    private Path hostRules() {
        return cluster().resolve("pg_hba.conf");
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void checkSystem() {
        String system = System.getProperty("os.name", "");
        String processor = System.getProperty("os.arch", "");
        if (!system.equals("Linux") || !(processor.equals("amd64") || processor.equals("aarch64"))) {
            throw new IllegalStateException("there is none for " + system + " on " + processor + " in this build");
        }
    }

    private void checkVersion() throws IOException {
        Path version = cluster().resolve("PG_VERSION");
        if (Files.exists(version)) {
            String found = Files.readString(version).trim();
            if (!found.equals(MAJOR)) {
                throw new IllegalStateException(cluster() + " holds data of PostgreSQL " + found
                        + ", this Claviger brings " + MAJOR + "; dump it with the old one and restore it");
            }
            return;
        }
        try (Stream<Path> entries = Files.list(root)) {
            List<String> others = entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("pgdata-\\d+"))
                    .filter(name -> !name.equals(cluster().getFileName().toString()))
                    .toList();
            if (!others.isEmpty()) {
                throw new IllegalStateException("the data is in " + others + ", written by another PostgreSQL than the "
                        + MAJOR + " this Claviger brings; dump it with the old one and restore it");
            }
        }
    }

    /** A process killed while it made the cluster leaves one that never starts and never held data. */
    private void setAsideUnfinished() throws IOException {
        if (Files.exists(cluster()) && !Files.exists(cluster().resolve(USED)) && !isWhole()) {
            Path aside = root.resolve("unfinished-" + System.currentTimeMillis());
            Files.move(cluster(), aside);
            log.warn("{} was never finished and now is {}", cluster(), aside);
        }
    }

    private boolean isWhole() {
        return Files.exists(cluster().resolve("postgresql.conf"))
                && Files.exists(cluster().resolve("global/pg_control"))
                && Files.exists(cluster().resolve("pg_hba.conf"));
    }

    private String readOrMakePassword() throws IOException {
        Path file = root.resolve("postgres-password");
        if (Files.exists(file) && Files.size(file) > 0) {
            return Files.readString(file);
        }
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String made = HexFormat.of().formatHex(random);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, made);
        if (Files.exists(hostRules())) {
            // The old password is lost, not the data: let ourselves in once to set the new one.
            Files.writeString(hostRules(), "host all all 127.0.0.1/32 trust\n");
        }
        return made;
    }

    private static void createPrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }
}
