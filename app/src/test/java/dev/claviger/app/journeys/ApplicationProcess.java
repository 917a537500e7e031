package dev.claviger.app.journeys;

import dev.claviger.ClavigerApplication;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The real application in a process of its own, so that a test can kill it or run two of them on one database. */
final class ApplicationProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);

    private final int port;
    private final Path log;
    private final Process process;

    private ApplicationProcess(int port, Path log, Process process) {
        this.port = port;
        this.log = log;
        this.process = process;
    }

    /**
     * Begins to start it; {@link #ready} waits until it serves.
     *
     * @param publicUrl where people reach it; with two processes, both have the same
     * @param settings each as {@code --name=value}, instead of what is set here
     */
    static ApplicationProcess begin(TestDatabase.Fresh database, int port, String publicUrl, String... settings) {
        try {
            Path logs = Files.createDirectories(Path.of("target", "processes"));
            Path log = Files.createTempFile(logs, "claviger-" + port + "-", ".log");
            ProcessBuilder command = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx320m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classPath(),
                    ClavigerApplication.class.getName(),
                    "--server.address=127.0.0.1",
                    "--server.port=" + port,
                    "--claviger.public-url=" + publicUrl,
                    "--spring.datasource.url=" + database.url(),
                    "--spring.datasource.username=" + database.username(),
                    "--spring.datasource.hikari.maximum-pool-size=20",
                    "--spring.datasource.hikari.minimum-idle=2",
                    "--claviger.outbound.allow=127.0.0.0/8",
                    "--claviger.outbound.allow-http=true",
                    // Tests hammer as one agent.
                    "--claviger.agents.calls-per-second=100000");
            for (String setting : settings) {
                String name = setting.substring(0, setting.indexOf('=') + 1);
                command.command().removeIf(earlier -> earlier.startsWith(name));
                command.command().add(setting);
            }
            command.environment().put("SPRING_DATASOURCE_PASSWORD", database.password());
            command.environment().put("CLAVIGER_VAULT_MASTER_KEY", ClavigerTest.MASTER_KEY);
            command.environment().put("CLAVIGER_ADMIN_USERNAME", ClavigerTest.ADMIN_USERNAME);
            command.environment().put("CLAVIGER_ADMIN_PASSWORD", ClavigerTest.ADMIN_PASSWORD);
            command.environment().put("CLAVIGER_ADMIN_TOKEN", ClavigerTest.ADMIN_TOKEN);
            Process process = command.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            ApplicationProcess application = new ApplicationProcess(port, log, process);
            // A test that is stopped leaves no application behind.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return application;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listening is not enough: the first admin and the token must be there. */
    ApplicationProcess ready() throws InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest readiness = HttpRequest.newBuilder(URI.create(url() + "/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                if (http.send(readiness, BodyHandlers.discarding()).statusCode() == 200) {
                    return this;
                }
            } catch (IOException e) {
                // not yet
            }
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("The application did not start:\n" + log());
            }
            Thread.sleep(100);
        }
    }

    String url() {
        return "http://localhost:" + port;
    }

    /** SIGKILL: no shutdown hook, no farewell to the database. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without the tests, whose beans have no business in the real application. */
    private static String classPath() {
        String whole = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(whole.split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Override
    public void close() {
        kill();
    }
}
