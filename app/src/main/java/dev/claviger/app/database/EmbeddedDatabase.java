package dev.claviger.app.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL of our own for those who configure none; what it holds is real data and treated so. */
final class EmbeddedDatabase implements AutoCloseable {

    static final String USER = "postgres";

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String NAME = "claviger";
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final DataDirectory directory;
    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(DataDirectory directory, EmbeddedPostgres postgres) {
        this.directory = directory;
        this.postgres = postgres;
    }

    static EmbeddedDatabase start(Path path) {
        DataDirectory directory = DataDirectory.take(path);
        EmbeddedDatabase database = null;
        try {
            directory.makeReady();
            database = new EmbeddedDatabase(directory, launch(directory));
            database.closeTheDoor();
            database.createDatabase();
            directory.markUsed();
            log.info(
                    "The data is in {} (embedded PostgreSQL {}, port {}). For a PostgreSQL of your own set"
                            + " spring.datasource.url, spring.datasource.username and spring.datasource.password",
                    directory.root(),
                    DataDirectory.MAJOR,
                    database.postgres.getPort());
            return database;
        } catch (IOException | SQLException | RuntimeException e) {
            stopAfterFailure(database, e);
            directory.close();
            throw new IllegalStateException(
                    "The embedded PostgreSQL in " + directory.root() + " did not start: " + e.getMessage()
                            + ". Its own words are in " + directory.log()
                            + "; or set spring.datasource.url to a PostgreSQL of your own",
                    e);
        }
    }

    /** A server that nobody uses must not stay behind, least of all before its door is closed. */
    private static void stopAfterFailure(@Nullable EmbeddedDatabase database, Exception failure) {
        if (database != null) {
            try {
                database.postgres.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + NAME;
    }

    String password() {
        return directory.password();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
        directory.close();
    }

    private static EmbeddedPostgres launch(DataDirectory directory) throws IOException {
        ProcessBuilder.Redirect output =
                ProcessBuilder.Redirect.appendTo(directory.log().toFile());
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.binaries().toFile())
                .setDataDirectory(directory.cluster())
                .setLocaleConfig("locale", "C")
                .setConnectConfig("password", directory.password())
                // The library is made for tests: it deletes the data and does not wait for the disk unless told so.
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setServerConfig("log_error_verbosity", "terse")
                .setServerConfig("log_checkpoints", "off")
                .setOutputRedirector(output)
                .setErrorRedirector(output)
                .setPGStartupWait(LONGEST_START)
                .start();
    }

    /** A new cluster lets every local user in; from now on a password is needed. */
    private void closeTheDoor() throws SQLException, IOException {
        if (directory.isDoorClosed()) {
            return;
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // Hexadecimal, so no quoting; ALTER ROLE takes no parameter.
            statement.execute("alter role " + USER + " password '" + directory.password() + "'");
            directory.closeDoor();
            statement.execute("select pg_reload_conf()");
        }
    }

    private void createDatabase() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet found = statement.executeQuery("select 1 from pg_database where datname = '" + NAME + "'")) {
                exists = found.next();
            }
            if (!exists) {
                statement.execute("create database " + NAME);
            }
        }
    }

    private Connection connect() throws SQLException {
        return postgres.getDatabase(USER, "postgres", Map.of("password", directory.password()))
                .getConnection();
    }
}
