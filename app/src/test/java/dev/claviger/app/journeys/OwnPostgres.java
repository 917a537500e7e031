package dev.claviger.app.journeys;

import dev.claviger.app.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL that one test may stop and start again, where the others must go on; it keeps its data and its port. */
final class OwnPostgres implements AutoCloseable {

    private final Path data;
    private final int port = ApplicationProcess.freePort();
    private @Nullable EmbeddedPostgres running;

    private OwnPostgres(Path data) {
        this.data = data;
    }

    static OwnPostgres begin() {
        try {
            Path parent = Files.createDirectories(Path.of("target", "postgres").toAbsolutePath());
            OwnPostgres postgres = new OwnPostgres(Files.createTempDirectory(parent, "data-"));
            // A test that is stopped leaves no server behind.
            Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
            postgres.start();
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one database it has. */
    TestDatabase.Fresh database() {
        return new TestDatabase.Fresh(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?logServerErrorDetail=false", "postgres", "unused");
    }

    synchronized void start() {
        try {
            running = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(new File(System.getProperty("java.io.tmpdir"), "claviger-test-pgbin"))
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setLocaleConfig("locale", "C")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("unix_socket_directories", "")
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connections of everybody, as a restart by its operator does; returns when it is gone. */
    synchronized void stop() {
        if (running != null) {
            try {
                running.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            running = null;
        }
    }

    @Override
    public void close() {
        stop();
    }
}
