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
final class RunningClaviger implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(4);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String adminToken = "clv_admin_" + new Mint().id() + new Mint().id();
    private final String password = new Mint().id();
    private final URI address;
    private final Path log;
    private final Process process;

    private RunningClaviger(Path jar, Path scratch) throws IOException {
        int port = freePort();
        address = URI.create("http://localhost:" + port);
        log = scratch.resolve("claviger.log");
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                jar.toString(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--claviger.public-url=" + address,
                "--claviger.data-dir=" + scratch.resolve("data"),
                "--claviger.outbound.allow=127.0.0.1,localhost,::1",
                "--claviger.outbound.allow-http=true");
        // By the environment: arguments can be read by everybody on the machine.
        command.environment().put("CLAVIGER_ADMIN_USERNAME", "admin");
        command.environment().put("CLAVIGER_ADMIN_PASSWORD", password);
        command.environment().put("CLAVIGER_ADMIN_TOKEN", adminToken);
        process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    static RunningClaviger start(Path jar, Path scratch) throws IOException, InterruptedException {
        RunningClaviger claviger = new RunningClaviger(jar, scratch);
        Runtime.getRuntime().addShutdownHook(new Thread(claviger::close));
        long end = System.nanoTime() + START.toNanos();
        while (!claviger.answers()) {
            if (!claviger.process.isAlive() || System.nanoTime() > end) {
                throw new CheckFailed("Claviger did not start. The end of its log:\n" + claviger.endOfLog());
            }
            Thread.sleep(100);
        }
        return claviger;
    }

    /** Calls the admin API. */
    JsonNode admin(String method, String path, @Nullable Object body) throws IOException, InterruptedException {
        return json(method, path, body, adminToken);
    }

    /** Calls the agent API. */
    JsonNode agent(String key, String method, String path) throws IOException, InterruptedException {
        return json(method, path, method.equals("GET") ? null : Map.of(), key);
    }

    /** Follows the authorization server's redirect back to us; the admin token stands for the browser session. */
    void callback(String location) throws IOException, InterruptedException {
        if (!location.startsWith(address.toString())) {
            throw new CheckFailed("The authorization server would have sent the browser elsewhere: " + location);
        }
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(location))
                        .header("Authorization", "Bearer " + adminToken)
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new CheckFailed("The callback was refused with status " + answer.statusCode());
        }
    }

    private JsonNode json(String method, String path, @Nullable Object body, String token)
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
        if (answer.statusCode() >= 400) {
            throw new CheckFailed(method + " " + path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body().isEmpty() ? Call.JSON.createObjectNode() : Call.JSON.readTree(answer.body());
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

    String endOfLog() throws IOException {
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
