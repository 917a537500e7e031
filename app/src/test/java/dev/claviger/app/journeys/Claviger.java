package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.demoprovider.DemoProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Drives a running application the way an admin's script, an agent and a browser do: over HTTP and nothing else. */
public final class Claviger {

    /** What a request got. */
    public record Reply(int status, Map<String, List<String>> headers, String body) {

        public JsonNode json() {
            return JSON.readTree(body);
        }

        /** The first value of a header, or nothing. */
        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .flatMap(header -> header.getValue().stream())
                    .findFirst()
                    .orElse("");
        }

        /** Demands success. */
        public Reply ok() {
            assertThat(status).as(body).isBetween(200, 299);
            return this;
        }
    }

    /** @param id the bare UUID */
    public record Connector(String id, String name, String serverKey) {}

    /** @param id the bare UUID */
    public record Agent(String id, String name, String key) {}

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String adminToken;

    /** @param base the public URL, without a slash at the end */
    public Claviger(String base) {
        this(base, ClavigerTest.ADMIN_TOKEN);
    }

    public Claviger(String base, String adminToken) {
        this.base = base;
        this.adminToken = adminToken;
    }

    /** A name nobody else has: tests share the application. */
    public static String unique(String name) {
        return name + " " + NUMBER.incrementAndGet();
    }

    // Requests

    /** As the admin's script, with whatever status. */
    public Reply admin(String method, String path, @Nullable Object body) {
        return call(adminToken, method, path, body);
    }

    public Reply call(@Nullable String token, String method, String path, @Nullable Object body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.build());
    }

    /** A browser in which the admin has signed in. */
    public Browser signedIn() {
        Browser browser = new Browser(base);
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);
        return browser;
    }

    /** The path and query of an address of ours, as {@link Browser} wants it. */
    public String path(String location) {
        return location.startsWith(base) ? location.substring(base.length()) : location;
    }

    // Connectors

    /** Shared or per agent, everything found by discovery. */
    public Connector oauthConnector(String name, URI url, String mode) {
        return connector(Map.of("name", unique(name), "url", url.toString(), "authType", "oauth", "mode", mode));
    }

    /** @param settings the body of the request, with a name of its own */
    public Connector connector(Map<String, ?> settings) {
        JsonNode created =
                admin("POST", "/api/v1/connectors", settings).ok().json().path("connector");
        return new Connector(
                uuid(created.path("id").asString()),
                created.path("name").asString(),
                created.path("serverKey").asString());
    }

    /** The line of the list: status, counts, last failure. */
    public JsonNode line(Connector connector) {
        return admin("GET", "/api/v1/connectors/" + connector.id(), null)
                .ok()
                .json()
                .path("connector");
    }

    public List<String> tools(Connector connector) {
        return texts(
                admin("GET", "/api/v1/connectors/" + connector.id() + "/tools", null)
                        .ok()
                        .json()
                        .path("items"),
                "name");
    }

    /** The list follows what happened, a moment later. */
    public void awaitTools(Connector connector, int number) {
        until(number + " tools", () -> tools(connector).size() == number);
    }

    // Connecting

    /** Asks for a connection and waits for the next step. */
    public JsonNode connect(Connector connector) {
        return connect(connector, Map.of());
    }

    public JsonNode connect(Connector connector, Agent agent) {
        return connect(connector, Map.of("agentId", agent.id()));
    }

    /** @param body {@code connectionId}, {@code agentId}, {@code token}, each as needed */
    public JsonNode connect(Connector connector, Map<String, ?> body) {
        JsonNode answer = admin("POST", "/api/v1/connectors/" + connector.id() + "/connect", body)
                .ok()
                .json();
        return answer.path("next").asString().equals("pending") ? decided(attempt(answer)) : answer;
    }

    /** Waits until something other than {@code pending} is next. */
    public JsonNode decided(String attempt) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode answer;
        do {
            answer = connection(attempt, 10);
        } while (answer.path("next").asString().equals("pending") && System.nanoTime() < end);
        return answer;
    }

    /** @param wait at most so many seconds for the next step */
    public JsonNode connection(String attempt, int wait) {
        return admin("GET", "/api/v1/connections/" + attempt + "?wait=" + wait, null)
                .ok()
                .json();
    }

    /** The whole way with consent; ends when the connection is live. */
    public String connectWithConsent(DemoProvider provider, Connector connector, @Nullable Agent agent) {
        JsonNode asked = agent == null ? connect(connector) : connect(connector, agent);
        callback(provider.approve(authorizationUrl(asked)));
        JsonNode connected = decided(attempt(asked));
        assertThat(connected.path("next").asString()).as(connected.toString()).isEqualTo("connected");
        return attempt(asked);
    }

    /** The bare UUID that travels the whole way. */
    public static String attempt(JsonNode answer) {
        return uuid(answer.path("connectionId").asString());
    }

    public static URI authorizationUrl(JsonNode answer) {
        assertThat(answer.path("next").asString()).as(answer.toString()).isEqualTo("authorization_required");
        return URI.create(answer.path("authorizationUrl").asString());
    }

    /** Brings the authorization response as the one who began with the admin token. */
    public Reply callback(String location) {
        return call(adminToken, "GET", path(location), null);
    }

    /** The bare UUID of the connection that serves all. */
    public String sharedConnection(Connector connector) {
        JsonNode live = admin("GET", "/api/v1/connectors/" + connector.id() + "/connections", null)
                .ok()
                .json()
                .path("items")
                .path(0);
        return uuid(live.path("connectionId").asString());
    }

    /** Has the credential of a live connection checked now, and answers what was found. */
    public JsonNode health(String connection) {
        String before = seen(connection).path("checkedAt").asString("");
        admin("POST", "/api/v1/connections/" + connection + "/health", null).ok();
        until(
                "the check to end",
                () -> !seen(connection).path("checkedAt").asString("").equals(before));
        return seen(connection);
    }

    private JsonNode seen(String connection) {
        return admin("GET", "/api/v1/connections/" + connection + "/health", null)
                .ok()
                .json();
    }

    // Agents

    public Agent agent(String name) {
        String unique = unique(name);
        JsonNode created = admin("POST", "/api/v1/agents", Map.of("name", unique, "description", ""))
                .ok()
                .json();
        String id = uuid(created.path("id").asString());
        String key = admin("POST", "/api/v1/agents/" + id + "/keys", Map.of())
                .ok()
                .json()
                .path("key")
                .asString();
        return new Agent(id, unique, key);
    }

    /** Lets the agent use these tools of the connector; {@code *} stands for all it has, as soon as there are some. */
    public void choose(Agent agent, Connector connector, String... tools) {
        if (List.of(tools).contains("*")) {
            until("tools to choose from", () -> !tools(connector).isEmpty());
        }
        admin("PUT", "/api/v1/agents/" + agent.id() + "/tools/" + connector.id(), Map.of("tools", List.of(tools)))
                .ok();
    }

    /** What the agent is offered: tools by server key; none of a connector that is not connected. */
    public Map<String, List<String>> offered(Agent agent) {
        Map<String, List<String>> tools = new LinkedHashMap<>();
        call(agent.key(), "GET", "/api/v1/agent/connectors", null)
                .ok()
                .json()
                .path("connectors")
                .forEach(connector -> tools.put(
                        connector.path("serverKey").asString(),
                        connector
                                .path("tools")
                                .valueStream()
                                .map(JsonNode::asString)
                                .toList()));
        return tools;
    }

    /** Waits until the agent is offered just these tools of the connector, by the names the server gave them. */
    public void awaitOffer(Agent agent, Connector connector, String... tools) {
        List<String> expected = Stream.of(tools)
                .map(tool -> "mcp__" + connector.serverKey() + "__" + tool)
                .sorted()
                .toList();
        until(
                "the offer of " + expected,
                () -> offered(agent)
                        .getOrDefault(connector.serverKey(), List.of())
                        .equals(expected));
    }

    /** The agent asks for the headers of a connector, with whatever status. */
    public Reply credential(Agent agent, Connector connector) {
        return call(agent.key(), "POST", "/api/v1/agent/connectors/" + connector.serverKey() + "/credential", null);
    }

    /** The agent asks for the headers and gets them. */
    public String authorization(Agent agent, Connector connector) {
        return credential(agent, connector)
                .ok()
                .json()
                .path("headers")
                .path("Authorization")
                .asString();
    }

    /** The status with which an MCP server answers {@code initialize} with these headers. */
    public int mcpStatus(URI server, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server)
                .timeout(Duration.ofSeconds(30))
                .header("Accept", "application/json, text/event-stream")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("""
                        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",
                        "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"""));
        headers.forEach(request::header);
        return send(request.build()).status();
    }

    // The audit trail

    /**
     * The entries of one attempt or connector, the oldest first; for example {@code attempt=<uuid>}. The trail follows the
     * events a moment later, so it is read until it has stood still for a while.
     */
    public List<JsonNode> audit(String filter) {
        List<JsonNode> entries = auditNow(filter);
        for (int reads = 0; reads < 40; reads++) {
            LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
            List<JsonNode> later = auditNow(filter);
            if (later.equals(entries)) {
                return later;
            }
            entries = later;
        }
        return entries;
    }

    private List<JsonNode> auditNow(String filter) {
        List<JsonNode> newestFirst = admin("GET", "/api/v1/audit?limit=1000&" + filter, null)
                .ok()
                .json()
                .path("items")
                .valueStream()
                .toList();
        ArrayList<JsonNode> oldestFirst = new ArrayList<>(newestFirst);
        Collections.reverse(oldestFirst);
        return oldestFirst;
    }

    /** The names of the events, the oldest first. */
    public List<String> events(String filter) {
        return audit(filter).stream()
                .map(entry -> entry.path("event").asString())
                .toList();
    }

    // Small things

    /** Polls for at most 20 seconds. */
    public static void until(String what, Callable<Boolean> condition) {
        until(what, PATIENCE, condition);
    }

    public static void until(String what, Duration patience, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(25))
                .until(condition);
    }

    /** Ids are printed with the prefix of their kind. */
    public static String uuid(String id) {
        return UUID.fromString(id.substring(id.indexOf(':') + 1)).toString();
    }

    private static List<String> texts(JsonNode items, String field) {
        return items.valueStream().map(item -> item.path(field).asString()).toList();
    }

    private Reply send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
