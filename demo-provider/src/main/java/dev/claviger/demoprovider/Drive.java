package dev.claviger.demoprovider;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Does through the admin API of a running application what an admin does by clicking. */
public final class Drive {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Something that will be true soon. */
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private final RunningClaviger claviger;

    public Drive(RunningClaviger claviger) {
        this.claviger = claviger;
    }

    /**
     * Creates a connector that signs in by OAuth, and returns its UUID.
     *
     * @param mode {@code shared} or {@code per_agent}
     */
    public String oauthConnector(String name, URI url, String mode) throws IOException, InterruptedException {
        JsonNode created = claviger.admin(
                "POST",
                "/api/v1/connectors",
                Map.of("name", name, "url", url.toString(), "authType", "oauth", "mode", mode));
        return uuid(text(created.path("connector"), "id"));
    }

    /** Creates an agent and returns its UUID. */
    public String agent(String name) throws IOException, InterruptedException {
        JsonNode agent = claviger.admin("POST", "/api/v1/agents", Map.of("name", name, "description", ""));
        return uuid(text(agent, "id"));
    }

    /** Issues a key to an agent. */
    public String key(String agent) throws IOException, InterruptedException {
        return text(claviger.admin("POST", "/api/v1/agents/" + agent + "/keys", Map.of()), "key");
    }

    /** Gives an agent tools of a connector. */
    public void choose(String agent, String connector, String... tools) throws IOException, InterruptedException {
        claviger.admin("PUT", "/api/v1/agents/" + agent + "/tools/" + connector, Map.of("tools", List.of(tools)));
    }

    /** Begins to connect, and answers the URL of the consent screen. */
    public URI askForConsent(String attempt, String connector, @Nullable String agent)
            throws IOException, InterruptedException {
        Map<String, Object> body = new HashMap<>(Map.of("connectionId", attempt));
        if (agent != null) {
            body.put("agentId", agent);
        }
        JsonNode next = decided(attempt, claviger.admin("POST", "/api/v1/connectors/" + connector + "/connect", body));
        if (!text(next, "next").equals("authorization_required")) {
            throw new CheckFailed("Expected to be sent to the consent screen, got " + next);
        }
        return URI.create(text(next, "authorizationUrl"));
    }

    /** Waits until the attempt is decided, and demands that it is connected. */
    public void demandConnected(String attempt) throws IOException, InterruptedException {
        JsonNode connected = decided(attempt, claviger.admin("GET", connection(attempt), null));
        if (!text(connected, "next").equals("connected")) {
            throw new CheckFailed("Expected to be connected, got " + connected);
        }
    }

    /**
     * The whole way from Connect to a live connection; returns the attempt's UUID.
     *
     * @param agent whose connection, for {@code per_agent} connectors; otherwise null
     */
    public String connect(DemoProvider provider, String connector, @Nullable String agent)
            throws IOException, InterruptedException {
        String attempt = UUID.randomUUID().toString();
        claviger.callback(provider.approve(askForConsent(attempt, connector, agent)));
        demandConnected(attempt);
        return attempt;
    }

    private static String connection(String attempt) {
        return "/api/v1/connections/" + attempt + "?wait=10";
    }

    /** Asks again as long as the answer is that work is under way. */
    private JsonNode decided(String attempt, JsonNode answer) throws IOException, InterruptedException {
        JsonNode next = answer;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (text(next, "next").equals("pending") && System.nanoTime() < end) {
            next = claviger.admin("GET", connection(attempt), null);
        }
        return next;
    }

    /** A member of an answer that must be there. */
    public static String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (!value.isString()) {
            throw new CheckFailed("The answer has no " + name + ": " + object);
        }
        return value.asString();
    }

    /** Ids are printed with the prefix of their kind. */
    public static String uuid(String id) {
        return UUID.fromString(id.substring(id.indexOf(':') + 1)).toString();
    }

    /** Waits at most a minute. */
    public static void until(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new CheckFailed("Waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            Thread.sleep(50);
        }
    }
}
