package dev.claviger.demoprovider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Drives the main job through the application's own API: URL, consent, tools, an agent with a fresh credential after an
 * expiry, and the audit trail that tells it. Prints each step with its time.
 */
public final class CheckJourney {

    /** Long enough to be used once, short enough to wait for its end. */
    private static final Duration LIFETIME = Duration.ofSeconds(8);

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<String> TOLD = List.of(
            "ConnectorCreated",
            "MetadataDiscovered",
            "ClientRegistered",
            "TokenIssued",
            "ToolsSynced",
            "ConnectionEstablished",
            "TokenRefreshed");

    private final DemoProvider provider;
    private final RunningClaviger claviger;
    private long stepStart = System.nanoTime();

    private CheckJourney(DemoProvider provider, RunningClaviger claviger) {
        this.provider = provider;
        this.claviger = claviger;
    }

    /** @param arguments jar of the application, directory for its data */
    public static void main(String[] arguments) throws Exception {
        long start = System.nanoTime();
        try (DemoProvider provider = DemoProvider.start();
                RunningClaviger claviger = RunningClaviger.start(Path.of(arguments[0]), Path.of(arguments[1]))) {
            provider.knobs().accessTokenLifetime = LIFETIME;
            say("Claviger starts", start);
            CheckJourney journey = new CheckJourney(provider, claviger);
            try {
                journey.travel();
            } catch (CheckFailed failed) {
                throw new CheckFailed(failed.getMessage() + "\nThe end of the log:\n" + claviger.endOfLog());
            }
            say("All is well", start);
        } catch (CheckFailed failed) {
            System.err.println("FAILED  " + failed.getMessage());
            System.exit(1);
        }
    }

    private void travel() throws IOException, InterruptedException {
        stepStart = System.nanoTime();
        String connector = create();
        step("A connector is created from the URL of an MCP server");

        JsonNode next = claviger.admin("POST", "/api/v1/connectors/" + connector + "/connect", Map.of());
        String attempt = uuid(text(next, "connectionId"));
        next = decided(attempt, next);
        if (!text(next, "next").equals("authorization_required")) {
            throw new CheckFailed("Expected to be sent to the consent screen, got " + next);
        }
        step("Connect finds the authorization server and registers a client");

        String location = provider.approve(URI.create(text(next, "authorizationUrl")));
        step("The person consents");

        claviger.callback(location);
        JsonNode connected = decided(attempt, claviger.admin("GET", connection(attempt), null));
        if (!text(connected, "next").equals("connected")) {
            throw new CheckFailed("Expected to be connected, got " + connected);
        }
        step("The code is exchanged, the tokens are sealed, the connection is live");

        until("the tools to arrive", () -> tools(connector).size() == 4);
        step("Four tools arrived");

        String key = agentWithKey(connector);
        step("An agent gets a key and tools");

        JsonNode first = credential(key);
        accepted(first, true);
        step("The agent gets a credential and the MCP server accepts it");

        Thread.sleep(LIFETIME.toMillis() + 500);
        accepted(first, false);
        step("The access token expires");

        JsonNode second = credential(key);
        accepted(second, true);
        // Whether the agent's request or the refresh ahead of it was first is Claviger's affair.
        if (refreshes() == 0) {
            throw new CheckFailed("The agent got a credential, but the authorization server saw no refresh");
        }
        step("The agent gets a fresh one that is accepted");

        until("the audit trail to tell it", () -> {
            String trail =
                    claviger.admin("GET", "/api/v1/audit?limit=1000", null).toString();
            return TOLD.stream().allMatch(trail::contains) && noSecret(trail);
        });
        step("The audit trail tells it, without a secret");
    }

    private String create() throws IOException, InterruptedException {
        JsonNode created = claviger.admin(
                "POST",
                "/api/v1/connectors",
                Map.of(
                        "name", "Acme Notes",
                        "url", provider.mcpUrl().toString(),
                        "authType", "oauth",
                        "mode", "shared"));
        return uuid(text(created.path("connector"), "id"));
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

    private JsonNode tools(String connector) throws IOException, InterruptedException {
        return claviger.admin("GET", "/api/v1/connectors/" + connector + "/tools", null)
                .path("items");
    }

    private String agentWithKey(String connector) throws IOException, InterruptedException {
        JsonNode agent = claviger.admin("POST", "/api/v1/agents", Map.of("name", "Checker", "description", ""));
        String path = "/api/v1/agents/" + uuid(text(agent, "id"));
        claviger.admin("PUT", path + "/tools/" + connector, Map.of("tools", List.of("search_notes")));
        String key = text(claviger.admin("POST", path + "/keys", Map.of()), "key");
        until(
                "the agent to be offered the connector",
                () -> claviger.agent(key, "GET", "/api/v1/agent/connectors")
                        .toString()
                        .contains("mcp__acme_notes__search_notes"));
        return key;
    }

    private JsonNode credential(String key) throws IOException, InterruptedException {
        return claviger.agent(key, "POST", "/api/v1/agent/connectors/acme_notes/credential");
    }

    /** Shows the headers of a credential to the MCP server. */
    private void accepted(JsonNode credential, boolean expected) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(text(credential, "url")))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
                                + McpEndpoint.LATEST + "\"}}"));
        credential
                .path("headers")
                .properties()
                .forEach(header ->
                        request.header(header.getKey(), header.getValue().asString()));
        int status = HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.discarding())
                .statusCode();
        if ((status == 200) != expected) {
            throw new CheckFailed("The MCP server answered the agent's credential with status " + status);
        }
    }

    private long refreshes() {
        return provider.requests().stream()
                .filter(request ->
                        "refresh_token".equals(request.formParameters().get("grant_type")))
                .count();
    }

    private boolean noSecret(String text) {
        if (text.contains(Mint.MARK)) {
            throw new CheckFailed("A secret stands in the audit trail");
        }
        return true;
    }

    private static String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (!value.isString()) {
            throw new CheckFailed("The answer has no " + name + ": " + object);
        }
        return value.asString();
    }

    /** Ids are printed with the prefix of their kind. */
    private static String uuid(String id) {
        return UUID.fromString(id.substring(id.indexOf(':') + 1)).toString();
    }

    private static void until(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new CheckFailed("Waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            Thread.sleep(50);
        }
    }

    private void step(String what) {
        say(what, stepStart);
        stepStart = System.nanoTime();
    }

    private static void say(String what, long since) {
        System.out.printf(
                "%7.2f s  %s%n", Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0, what);
    }

    /** Something that will be true soon. */
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }
}
