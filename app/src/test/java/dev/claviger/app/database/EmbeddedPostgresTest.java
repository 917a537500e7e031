package dev.claviger.app.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database holds real data: real processes start, stop and kill it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EmbeddedPostgresTest {

    @TempDir
    Path directory;

    private final List<Application> started = new ArrayList<>();

    @AfterEach
    void stopAll() {
        started.forEach(Application::kill);
        // What was killed last may have left its server.
        EmbeddedDatabase database = EmbeddedDatabase.start(directory);
        try {
            database.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsItsDataThroughStopAndKill() throws Exception {
        Application first = start();
        assertThat(first.lines).contains("rows=1");
        assertThat(first.line("settings"))
                .contains("fsync=on")
                .contains("synchronous_commit=on")
                .contains("listen_addresses=127.0.0.1");
        first.stop();
        assertThat(Files.exists(directory.resolve("pgdata-18/postmaster.pid"))).isFalse();

        Application second = start();
        assertThat(second.lines).contains("rows=2");
        second.kill();
        assertThat(Files.exists(directory.resolve("pgdata-18/postmaster.pid")))
                .as("the server outlives the killed application")
                .isTrue();

        Application third = start();
        assertThat(third.lines).contains("rows=3");
        killServer();
        third.kill();

        Application fourth = start();
        assertThat(fourth.lines).contains("rows=4");
        fourth.stop();
    }

    @Test
    void letsNobodyInWithoutThePassword() throws Exception {
        Application application = start();
        String url = application.line("url=").substring("url=".length());
        assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "guess"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password");
        assertThat(Files.getPosixFilePermissions(directory.resolve("postgres-password")))
                .hasSize(2);
        application.stop();
        // Losing the password loses no data.
        Files.delete(directory.resolve("postgres-password"));
        assertThat(start().lines).contains("rows=2");
    }

    @Test
    void saysWhoHasTheDirectory() throws Exception {
        start();
        assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Another Claviger is using");
        started.get(0).stop();
    }

    @Test
    void refusesDataOfAnotherMajorVersion() throws Exception {
        Path older = Files.createDirectory(directory.resolve("pgdata-17"));
        assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pgdata-17");
        Files.delete(older);
    }

    @Test
    void setsAHalfMadeClusterAside() throws Exception {
        Files.createDirectories(directory.resolve("pgdata-18/base"));
        assertThat(start().lines).contains("rows=1");
        started.get(0).stop();
        try (var entries = Files.list(directory)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("unfinished-"));
        }
    }

    @Test
    void isNotMisledByAPidOfSomebodyElse() throws Exception {
        start().stop();
        Files.writeString(
                directory.resolve("pgdata-18/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + directory + "\n0\n5432\n");
        assertThat(start().lines).contains("rows=2");
    }

    private void killServer() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(directory.resolve("pgdata-18/postmaster.pid"))
                .get(0)
                .trim());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private Application start() throws IOException {
        Application application = new Application(directory);
        started.add(application);
        application.awaitReady();
        return application;
    }

    private static final class Application {

        private final Process process;
        private final List<String> lines = new ArrayList<>();

        private Application(Path directory) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            EmbeddedDatabaseProcess.class.getName(),
                            directory.toString())
                    .redirectErrorStream(true)
                    .start();
        }

        private void awaitReady() throws IOException {
            BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
            String line;
            while ((line = reader.readLine()) != null) {
                lines.add(line);
                if (line.equals("ready")) {
                    return;
                }
            }
            throw new IllegalStateException("It did not start:\n" + String.join("\n", lines));
        }

        private String line(String beginning) {
            return lines.stream()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst()
                    .orElseThrow();
        }

        private void stop() throws IOException, InterruptedException {
            process.getOutputStream().close();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }

        private void kill() {
            process.destroyForcibly().onExit().join();
        }
    }
}
