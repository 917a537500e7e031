package dev.claviger.bench.canary;

import dev.claviger.demoprovider.CheckFailed;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.DemoProvider.RegisteredClient;
import dev.claviger.demoprovider.Drive;
import dev.claviger.demoprovider.RunningClaviger;
import dev.claviger.demoprovider.RunningClaviger.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What admins, agents and providers do, well and badly, with every kind of secret there is. */
final class Journeys {

    /** An answer that was given on the way and must hold no secret. */
    record Given(String request, String body) {}

    private record Agent(String id, String key) {}

    private static final Duration SHORT_LIFE = Duration.ofSeconds(4);

    private final RunningClaviger claviger;
    private final String adminToken;
    private final Planted planted;
    private final Drive drive;
    private final List<Given> answers = new ArrayList<>();

    Journeys(RunningClaviger claviger, String adminToken, Planted planted) {
        this.claviger = claviger;
        this.adminToken = adminToken;
        this.planted = planted;
        this.drive = new Drive(claviger);
    }

    List<Given> answers() {
        return answers;
    }

    /** @param provider keeps its knobs for itself; the careless and the forgetful ones are made here */
    void travel(DemoProvider provider) throws IOException, InterruptedException {
        step("people, tokens, sign-ins that fail", this::people);
        step("consent, refresh, reconnect, disconnect with receipt", () -> shared(provider));
        step("a client secret that was entered", () -> enteredClient(provider));
        step("typed tokens and keys, right and wrong", () -> typedTokens(provider));
        step("providers that repeat what they were sent", this::carelessProviders);
        step("freeze and thaw", () -> freeze(provider));
        step("key rotation, dry and real", this::rotate);
        step("nonsense", this::nonsense);
        planted.exchangedWith(provider);
    }

    private interface Step {
        void go() throws IOException, InterruptedException;
    }

    private static void step(String what, Step step) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        step.go();
        System.out.printf("%7.2f s  %s%n", (System.nanoTime() - begin) / 1e9, what);
    }

    private void people() throws IOException, InterruptedException {
        ask("POST", "/api/v1/users", Map.of("name", "typed", "role", "AUDITOR", "password", planted.typed()));
        planted.shownOnce(
                "a generated password", Drive.text(once("/api/v1/users/typed/password", Map.of()), "password"));
        JsonNode token = once("/api/v1/tokens", Map.of("name", "script", "scope", "READ"));
        planted.shownOnce("an admin token", Drive.text(token, "token"));
        try (DemoProvider nobody = DemoProvider.start()) {
            ask("POST", "/api/v1/preflight", Map.of("url", nobody.mcpUrl().toString()));
        }
        claviger.call(planted.typed(), "GET", "/api/v1/connectors", null);
        claviger.call(planted.typed(), "GET", "/api/v1/agent/me", null);
    }

    private void shared(DemoProvider provider) throws IOException, InterruptedException {
        provider.knobs().tokenEndpointAuthMethod = "client_secret_basic";
        provider.knobs().accessTokenLifetime = SHORT_LIFE;
        String connector = drive.oauthConnector("Shared", provider.mcpUrl(), "shared");
        drive.connect(provider, connector, null);
        Agent agent = agent("Reader", connector);
        String first = handOut(agent, "shared");
        Drive.until("a refresh", () -> !handOut(agent, "shared").equals(first));
        provider.knobs().accessTokenLifetime = Duration.ofHours(1);
        String last = drive.connect(provider, connector, null);
        String token = handOut(agent, "shared").replace("Bearer ", "");
        JsonNode leak = demanded("POST", "/api/v1/fingerprints/search", Map.of("secret", token));
        if (leak.path("credentials").isEmpty()) {
            throw new CheckFailed("The search for a leaked token did not find whose it is");
        }
        demanded("POST", "/api/v1/connectors/" + connector + "/disconnect", null);
        Drive.until(
                "the receipt to be complete",
                () -> ask("GET", "/api/v1/connections/" + last + "/receipt", null)
                        .json()
                        .path("status")
                        .asString("")
                        .equals("complete"));
        if (provider.accepts(token)) {
            throw new CheckFailed("The provider still takes a token that was revoked");
        }
        provider.knobs().tokenEndpointAuthMethod = null;
    }

    private void enteredClient(DemoProvider provider) throws IOException, InterruptedException {
        RegisteredClient client = provider.registerClient(claviger.address().resolve("/oauth/callback"));
        Map<String, Object> settings = new HashMap<>(Map.of(
                "name",
                "Entered client",
                "url",
                provider.mcpUrl().toString(),
                "authType",
                "oauth",
                "mode",
                "per_agent",
                "oauth",
                Map.of(
                        "clientId",
                        client.clientId(),
                        "clientSecret",
                        String.valueOf(client.clientSecret()),
                        "issuer",
                        provider.issuer().toString())));
        String connector = connector(settings);
        String id = drive.agent("Own consent");
        drive.connect(provider, connector, id);
        settings.put("oauth", Map.of("clientId", client.clientId(), "clientSecret", planted.typed()));
        demanded("PUT", "/api/v1/connectors/" + connector + "?drop=true", settings);
    }

    private void typedTokens(DemoProvider provider) throws IOException, InterruptedException {
        String bearer = connector(Map.of(
                "name",
                "Bearer",
                "url",
                provider.bearerMcpUrl().toString(),
                "authType",
                "bearer",
                "token",
                provider.bearerToken()));
        Agent agent = agent("Static", bearer);
        handOut(agent, "bearer");
        connect(bearer, Map.of("token", planted.typed()));
        String keyed = connector(Map.of(
                "name",
                "Keyed",
                "url",
                provider.apiKeyMcpUrl().toString(),
                "authType",
                "api_key_header",
                "headerName",
                "X-Api-Key",
                "mode",
                "per_agent"));
        connect(keyed, Map.of("agentId", agent.id(), "token", provider.apiKey()));
        connect(keyed, Map.of("agentId", agent.id(), "token", provider.anotherApiKey()));
        connect(keyed, Map.of("agentId", agent.id(), "token", planted.typed()));
        demanded("DELETE", "/api/v1/connectors/" + bearer, null);
    }

    /** Their errors, results and challenges hold the tokens, codes and client secrets they got. */
    private void carelessProviders() throws IOException, InterruptedException {
        for (String how : List.of("none", "client_secret_basic", "client_secret_post")) {
            try (DemoProvider careless = DemoProvider.start()) {
                careless.knobs().tokenEndpointAuthMethod = how;
                careless.knobs().echoRequests = true;
                String name = "careless_" + how;
                String connector = drive.oauthConnector(name, careless.mcpUrl(), "shared");
                drive.connect(careless, connector, null);
                ask("POST", "/api/v1/connectors/" + connector + "/tools/list_notebooks/call", Map.of());
                // Every client is unknown from here on: the code of the second consent is refused, with all that was
                // sent.
                String attempt = UUID.randomUUID().toString();
                String location = careless.approve(drive.askForConsent(attempt, connector, null));
                careless.forgetClients();
                ask("GET", location, null);
                String failed = Drive.text(decided(attempt), "next");
                if (!failed.equals("failed")) {
                    throw new CheckFailed("The code of an unknown client was answered with " + failed);
                }
                careless.knobs().deadTokenOver200 = how.equals("none");
                careless.expireAccessTokens();
                ask("POST", "/api/v1/connectors/" + connector + "/sync", null);
                Drive.until(
                        "the listing to fail",
                        () -> ask("GET", "/api/v1/connectors/" + connector + "/catalog", null)
                                .json()
                                .path("trouble")
                                .isString());
                planted.exchangedWith(careless);
            }
        }
    }

    private void freeze(DemoProvider provider) throws IOException, InterruptedException {
        String connector = drive.oauthConnector("Frozen", provider.mcpUrl(), "shared");
        drive.connect(provider, connector, null);
        Agent agent = agent("Frozen", connector);
        handOut(agent, "frozen");
        UUID id = UUID.randomUUID();
        demanded("POST", "/api/v1/freezes", Map.of("id", id, "subject", "everything", "reason", "A drill"));
        Answer refused = claviger.call(agent.key(), "POST", credentialOf("frozen"), Map.of());
        answers.add(new Given("a frozen agent's request", refused.body()));
        if (refused.status() < 400) {
            throw new CheckFailed("A frozen agent was answered with status " + refused.status());
        }
        demanded("POST", "/api/v1/freezes/" + id + "/thaw", Map.of("reason", "The drill is over"));
        handOut(agent, "frozen");
    }

    private void rotate() throws IOException, InterruptedException {
        for (boolean dryRun : List.of(true, false)) {
            String id = Drive.uuid(
                    Drive.text(demanded("POST", "/api/v1/keys/rotations", Map.of("dryRun", dryRun)), "rotationId"));
            Drive.until(
                    "the rotation to be done",
                    () -> Drive.text(demanded("GET", "/api/v1/keys/rotations/" + id, null), "state")
                            .equalsIgnoreCase("done"));
        }
    }

    /** Requests that are wrong in ways in which frameworks like to repeat what they were sent. */
    private void nonsense() throws IOException, InterruptedException {
        for (Object token :
                List.of(Map.of("a", planted.typed()), List.of(planted.typed()), planted.typed() + "\n\u0000")) {
            ask("POST", "/api/v1/connectors", Map.of("name", "x", "url", "no", "authType", "bearer", "token", token));
            ask("POST", "/api/v1/connectors", Map.of("name", "x", "oauth", Map.of("clientSecret", token)));
        }
        ask("POST", "/api/v1/connectors", planted.typed());
        ask("POST", "/api/v1/users", Map.of("name", "", "role", "NOBODY", "password", planted.typed()));
        ask("GET", "/oauth/callback?code=" + planted.typed() + "&state=" + planted.typed(), null);
        ask("POST", "/api/v1/fingerprints/search", Map.of("secret", planted.typed()));
    }

    // Small things

    private Agent agent(String name, String connector) throws IOException, InterruptedException {
        Drive.until(
                "tools to choose from",
                () -> !claviger.admin("GET", "/api/v1/connectors/" + connector + "/tools", null)
                        .path("items")
                        .isEmpty());
        String id = drive.agent(name);
        drive.choose(id, connector, "search_notes");
        String key = drive.key(id);
        planted.shownOnce("an agent's key", key);
        return new Agent(id, key);
    }

    /** The value of the header an agent gets; waits until there is one. */
    private String handOut(Agent agent, String serverKey) throws IOException, InterruptedException {
        String[] header = new String[1];
        Drive.until("a credential for the agent", () -> {
            Answer answer = claviger.call(agent.key(), "POST", credentialOf(serverKey), Map.of());
            header[0] = answer.json().path("headers").path("Authorization").asString("");
            return answer.status() == 200;
        });
        return header[0];
    }

    private static String credentialOf(String serverKey) {
        return "/api/v1/agent/connectors/" + serverKey + "/credential";
    }

    private String connector(Map<String, ?> settings) throws IOException, InterruptedException {
        return Drive.uuid(
                Drive.text(demanded("POST", "/api/v1/connectors", settings).path("connector"), "id"));
    }

    /** Asks for a connection and waits for what is next. */
    private JsonNode connect(String connector, Map<String, ?> body) throws IOException, InterruptedException {
        JsonNode begun = demanded("POST", "/api/v1/connectors/" + connector + "/connect", body);
        return decided(Drive.uuid(Drive.text(begun, "connectionId")));
    }

    private JsonNode decided(String attempt) throws IOException, InterruptedException {
        JsonNode[] answer = new JsonNode[1];
        Drive.until("what is next", () -> {
            answer[0] = demanded("GET", "/api/v1/connections/" + attempt + "?wait=5", null);
            return !Drive.text(answer[0], "next").equals("pending");
        });
        return answer[0];
    }

    /** An answer that shows a new secret, the only one that may. */
    private JsonNode once(String path, Object body) throws IOException, InterruptedException {
        return claviger.admin("POST", path, body);
    }

    private JsonNode demanded(String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        Answer answer = ask(method, path, body);
        if (answer.status() >= 400) {
            throw new CheckFailed(method + " " + path + " was answered with status " + answer.status());
        }
        return answer.json();
    }

    private Answer ask(String method, String path, @Nullable Object body) throws IOException, InterruptedException {
        Answer answer = claviger.call(adminToken, method, path, body);
        answers.add(new Given("journey: " + method + " " + path.replaceAll("\\?.*", ""), answer.body()));
        return answer;
    }
}
