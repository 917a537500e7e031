package dev.claviger.app;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * One PostgreSQL for all tests of a process: from Testcontainers where a container engine answers and the container
 * starts in time, otherwise embedded. Each asks for a database of its own.
 */
public final class TestDatabase {

    private static final Logger log = LoggerFactory.getLogger(TestDatabase.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String IMAGE = "postgres:17";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static @Nullable Server server;

    private TestDatabase() {}

    /** Address of a new, empty database. */
    public record Fresh(String url, String username, String password) {}

    /** Which server runs the tests, for the one who reads the log. */
    public static String kind() {
        return server().kind();
    }

    public static Fresh fresh() {
        Server server = server();
        String name = "test_" + NUMBER.incrementAndGet();
        try (Connection connection =
                        DriverManager.getConnection(server.url("postgres"), server.username(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("No database for the test", e);
        }
        return new Fresh(server.url(name), server.username(), server.password());
    }

    /** Not in the static initializer: the thread that starts the container would wait for its end. */
    private static synchronized Server server() {
        if (server == null) {
            server = start();
        }
        return server;
    }

    private static Server start() {
        if (!mayHaveContainers()) {
            return embedded();
        }
        FutureTask<Server> container = new FutureTask<>(TestDatabase::container);
        Thread starter = new Thread(container, "test-container");
        starter.setDaemon(true);
        starter.start();
        try {
            return container.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            log.warn("No container for the tests, an embedded PostgreSQL will do: {}", reasonOf(e));
        } catch (TimeoutException e) {
            container.cancel(true);
            log.warn(
                    "No container for the tests within {} s (is {} pulled?), an embedded PostgreSQL will do",
                    PATIENCE.toSeconds(),
                    IMAGE);
        } catch (InterruptedException e) {
            container.cancel(true);
            Thread.currentThread().interrupt();
        }
        return embedded();
    }

    private static String reasonOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    /** Asking Testcontainers takes time and prints an error where there is no engine at all. */
    private static boolean mayHaveContainers() {
        return System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
    }

    private static Server container() {
        PostgreSQLContainer postgres = new PostgreSQLContainer(IMAGE)
                .withDatabaseName("postgres")
                .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
        postgres.start();
        log.info("The tests run on PostgreSQL in a container");
        return new Server(
                "container",
                postgres.getHost(),
                postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                postgres.getUsername(),
                postgres.getPassword());
    }

    private static Server embedded() {
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(new File(System.getProperty("java.io.tmpdir"), "claviger-test-pgbin"))
                    .setLocaleConfig("locale", "C")
                    .setServerConfig("unix_socket_directories", "")
                    .setRegisterShutdownHook(false)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeWhenUnused(postgres)));
            log.info("The tests run on an embedded PostgreSQL");
            return new Server("embedded", "127.0.0.1", postgres.getPort(), "postgres", "unused");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applications under test stop at the same moment and need it until they have. */
    private static void closeWhenUnused(EmbeddedPostgres postgres) {
        try {
            for (int i = 0; i < 200 && clients(postgres) > 0; i++) {
                Thread.sleep(100);
            }
            postgres.close();
        } catch (IOException | SQLException e) {
            log.warn("The embedded PostgreSQL of the tests did not stop: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int clients(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where backend_type = 'client backend' and pid <> pg_backend_pid()")) {
            count.next();
            return count.getInt(1);
        }
    }

    private record Server(String kind, String host, int port, String username, String password) {
        String url(String database) {
            return "jdbc:postgresql://" + host + ":" + port + "/" + database + "?logServerErrorDetail=false";
        }
    }
}
