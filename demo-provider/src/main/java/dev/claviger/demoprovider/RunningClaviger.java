package dev.claviger.demoprovider;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The application in a process of its own, on a free port with its own data, spoken to over HTTP only. */
public final class RunningClaviger implements AutoCloseable {

    /** What was answered, whatever it was. */
    public record Answer(int status, String body) {
        public JsonNode json() {
            return body.isEmpty() ? Call.JSON.createObjectNode() : Call.JSON.readTree(body);
        }

        JsonNode orFail(String asked) {
            if (status >= 400) {
                throw new CheckFailed(asked + " answered " + status + ": " + body);
            }
            return json();
        }
    }

    /**
     * How to start it.
     *
     * @param port where it listens; 0: anywhere free
     * @param publicUrl what people call it; null: its own address
     * @param jvm options of the Java virtual machine
     * @param settings arguments, for example {@code --claviger.refresh.margin=1m}
     * @param secrets what must not stand among the arguments, by name of the environment variable
     */
    public record Start(
            Path jar,
            Path scratch,
            int port,
            @Nullable String publicUrl,
            String adminToken,
            List<String> jvm,
            List<String> settings,
            Map<String, String> secrets) {

        /** One alone, with an embedded database. */
        public static Start of(Path jar, Path scratch) {
            return new Start(jar, scratch, 0, null, newAdminToken(), List.of(), List.of(), Map.of());
        }

        @Override
        public String toString() {
            return "Start[" + jar + "]";
        }
    }

    private static final Duration START = Duration.ofMinutes(4);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String adminToken;
    private final URI address;
    private final Path log;
    private final Process process;

    private RunningClaviger(Start start) throws IOException {
        int port = start.port() == 0 ? freePort() : start.port();
        adminToken = start.adminToken();
        address = URI.create("http://localhost:" + port);
        log = start.scratch().resolve("claviger-" + port + ".log");
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.command().addAll(start.jvm());
        command.command()
                .addAll(List.of(
                        "-jar",
                        start.jar().toString(),
                        "--server.address=127.0.0.1",
                        "--server.port=" + port,
                        "--claviger.public-url=" + (start.publicUrl() == null ? address : start.publicUrl()),
                        "--claviger.data-dir=" + start.scratch().resolve("data"),
                        "--claviger.outbound.allow=127.0.0.1,localhost,::1",
                        "--claviger.outbound.allow-http=true"));
        command.command().addAll(start.settings());
        // By the environment: arguments can be read by everybody on the machine.
        command.environment().put("CLAVIGER_ADMIN_USERNAME", "admin");
        command.environment().put("CLAVIGER_ADMIN_PASSWORD", new Mint().id());
        command.environment().put("CLAVIGER_ADMIN_TOKEN", adminToken);
        command.environment().putAll(start.secrets());
        process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        // Whoever is interrupted leaves no application behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /** A token for a new application's first admin. */
    public static String newAdminToken() {
        return "clv_admin_" + new Mint().id() + new Mint().id();
    }

    /** Begins to start it; {@link #ready} waits until it serves. */
    public static RunningClaviger begin(Start start) throws IOException {
        return new RunningClaviger(start);
    }

    static RunningClaviger start(Path jar, Path scratch) throws IOException, InterruptedException {
        return begin(Start.of(jar, scratch)).ready();
    }

    /** @throws CheckFailed with the end of its log, when it ends or takes longer than four minutes */
    public RunningClaviger ready() throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new CheckFailed("Claviger did not start. The end of its log:\n" + endOfLog());
            }
            Thread.sleep(100);
        }
        return this;
    }

    public URI address() {
        return address;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: no shutdown hook, no farewell to the database. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Calls the admin API; a refusal is a failure of the check. */
    public JsonNode admin(String method, String path, @Nullable Object body) throws IOException, InterruptedException {
        return call(adminToken, method, path, body).orFail(method + " " + path);
    }

    /** Calls the agent API; a refusal is a failure of the check. */
    public JsonNode agent(String key, String method, String path) throws IOException, InterruptedException {
        return call(key, method, path, method.equals("GET") ? null : Map.of()).orFail(method + " " + path);
    }

    /** Follows the authorization server's redirect back to us; the admin token stands for the browser session. */
    public void callback(String location) throws IOException, InterruptedException {
        URI to = URI.create(location);
        if (!to.getPath().equals("/oauth/callback")) {
            throw new CheckFailed("The authorization server would have sent the browser elsewhere: " + location);
        }
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(address.resolve(to.getRawPath() + "?" + to.getRawQuery()))
                        .header("Authorization", "Bearer " + adminToken)
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new CheckFailed("The callback was refused with status " + answer.statusCode());
        }
    }

    /** Calls it with a bearer token and returns whatever it answers. */
    public Answer call(String token, String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30));
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(Call.JSON.writeValueAsString(body)));
        }
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    /** Ready is more than listening: the first admin and the token must be there. */
    private boolean answers() throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(address.resolve("/actuator/health/readiness"))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    public String endOfLog() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
