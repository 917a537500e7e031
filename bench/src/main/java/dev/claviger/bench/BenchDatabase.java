package dev.claviger.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** A real PostgreSQL of this run's own on loopback, which waits for the disk as in production. */
public final class BenchDatabase implements AutoCloseable {

    public static final String USER = "postgres";

    private static final String NAME = "claviger";

    private final EmbeddedPostgres postgres;

    private BenchDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static BenchDatabase start(Path scratch) throws IOException, SQLException {
        return start(scratch, Map.of(), true);
    }

    /**
     * Its files stay when it is stopped, to be looked at.
     *
     * @param settings of the server, beside those that make it wait for the disk
     */
    public static BenchDatabase startKeepingFiles(Path scratch, Map<String, String> settings)
            throws IOException, SQLException {
        return start(scratch, settings, false);
    }

    private static BenchDatabase start(Path scratch, Map<String, String> settings, boolean removesFiles)
            throws IOException, SQLException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(scratch.resolve("pgbin").toFile())
                .setDataDirectory(directory(scratch))
                .setCleanDataDirectory(removesFiles)
                .setLocaleConfig("locale", "C")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("listen_addresses", "127.0.0.1")
                // The library is made for tests and leaves these off.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("max_wal_size", "4GB")
                .setPGStartupWait(Duration.ofSeconds(60));
        settings.forEach(builder::setServerConfig);
        EmbeddedPostgres postgres = builder.start();
        BenchDatabase database = new BenchDatabase(postgres);
        try (Connection connection = DriverManager.getConnection(database.url("postgres"), USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + NAME);
        }
        return database;
    }

    /** Where it keeps its files. */
    public static Path directory(Path scratch) {
        return scratch.resolve("pgdata");
    }

    public String url() {
        return url(NAME);
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), USER, "");
    }

    private String url(String name) {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + name;
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
