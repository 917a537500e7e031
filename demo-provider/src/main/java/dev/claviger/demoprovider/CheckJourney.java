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
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Drives the main job through the application's own API: URL, consent, tools, an agent with a fresh credential after an
 * expiry, and the audit trail that tells it. Prints each step with its time.
 */
public final class CheckJourney {

    /** Long enough to be used once, short enough to wait for its end. */
    private static final Duration LIFETIME = Duration.ofSeconds(8);

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
    private final Drive drive;
    private long stepStart = System.nanoTime();

    private CheckJourney(DemoProvider provider, RunningClaviger claviger) {
        this.provider = provider;
        this.claviger = claviger;
        this.drive = new Drive(claviger);
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
        String connector = drive.oauthConnector("Acme Notes", provider.mcpUrl(), "shared");
        step("A connector is created from the URL of an MCP server");

        String attempt = UUID.randomUUID().toString();
        URI consentScreen = drive.askForConsent(attempt, connector, null);
        step("Connect finds the authorization server and registers a client");

        String location = provider.approve(consentScreen);
        step("The person consents");

        claviger.callback(location);
        drive.demandConnected(attempt);
        step("The code is exchanged, the tokens are sealed, the connection is live");

        Drive.until("the tools to arrive", () -> tools(connector).size() == 4);
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

        Drive.until("the audit trail to tell it", () -> {
            String trail =
                    claviger.admin("GET", "/api/v1/audit?limit=1000", null).toString();
            return TOLD.stream().allMatch(trail::contains) && noSecret(trail);
        });
        step("The audit trail tells it, without a secret");
    }

    private JsonNode tools(String connector) throws IOException, InterruptedException {
        return claviger.admin("GET", "/api/v1/connectors/" + connector + "/tools", null)
                .path("items");
    }

    private String agentWithKey(String connector) throws IOException, InterruptedException {
        String agent = drive.agent("Checker");
        drive.choose(agent, connector, "search_notes");
        String key = drive.key(agent);
        Drive.until(
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
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Drive.text(credential, "url")))
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

    private void step(String what) {
        say(what, stepStart);
        stepStart = System.nanoTime();
    }

    private static void say(String what, long since) {
        System.out.printf(
                "%7.2f s  %s%n", Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0, what);
    }
}
