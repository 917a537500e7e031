package dev.claviger.app.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server process of a cluster, as {@code postmaster.pid} tells it. An application that was killed leaves its server
 * running: we hold the directory's lock, so a server in it is such an orphan.
 */
final class Postmaster {

    private static final Logger log = LoggerFactory.getLogger(Postmaster.class);
    private static final int PATIENCE_SECONDS = 20;

    private final Path cluster;

    Postmaster(Path cluster) {
        this.cluster = cluster;
    }

    /** Stops an orphan; removes a pid file whose number now belongs to somebody else. */
    void makeSureItIsGone() throws IOException {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> process =
                pid(pidFile).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            // PostgreSQL itself recovers from this one.
            return;
        }
        if (isServerOfThisCluster(process.get())) {
            log.info(
                    "Stopping the PostgreSQL that a killed Claviger left behind (process {})",
                    process.get().pid());
            stop(process.get());
        } else {
            log.info(
                    "Process {} is no PostgreSQL of ours; its number was written down before a crash",
                    process.get().pid());
            Files.deleteIfExists(pidFile);
        }
    }

    private static Optional<Long> pid(Path pidFile) throws IOException {
        List<String> lines = Files.readAllLines(pidFile);
        try {
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(lines.get(0).trim()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private boolean isServerOfThisCluster(ProcessHandle process) {
        Path facts = Path.of("/proc", Long.toString(process.pid()));
        try {
            String commandLine = Files.readString(facts.resolve("cmdline"));
            return List.of(commandLine.split("\0")).contains(cluster.toString())
                    // The same directory may have been named by another path, through a link.
                    || commandLine.contains("postgres")
                            && facts.resolve("cwd").toRealPath().equals(cluster.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    /** Smart first, since its only client is dead; then the way a crash would, from which PostgreSQL recovers. */
    private static void stop(ProcessHandle process) throws IOException {
        process.destroy();
        if (!ended(process)) {
            process.destroyForcibly();
            if (!ended(process)) {
                throw new IOException("process " + process.pid() + " cannot be stopped; stop it by hand");
            }
        }
    }

    private static boolean ended(ProcessHandle process) throws IOException {
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an old server was being stopped", e);
        }
    }
}
