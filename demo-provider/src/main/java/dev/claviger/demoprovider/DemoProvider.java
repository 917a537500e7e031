package dev.claviger.demoprovider;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Acme Notes: an authorization server and an MCP server on two loopback ports. */
public final class DemoProvider implements AutoCloseable {

    /** A client for settings that are entered by hand. */
    public record RegisteredClient(
            String clientId, @Nullable String clientSecret) {}

    private static final int REMEMBERED = 20_000;

    private final Knobs knobs = new Knobs();
    private final Mint mint = new Mint();
    private final Deque<Recorded> requests = new ArrayDeque<>();
    private final Set<String> apiKeys = ConcurrentHashMap.newKeySet();
    private final String apiKey = anotherApiKey();
    private final String bearerToken = mint.secret("bearer");
    private final Browser browser = new Browser();
    private final ClientRegistrations clients = new ClientRegistrations(knobs, mint);
    private final Grants grants = new Grants(knobs, mint);
    private final Web authorizationServer;
    private final Web mcpServer;

    private DemoProvider(int asPort, int mcpPort) {
        authorizationServer = Web.listen(asPort);
        mcpServer = Web.listen(mcpPort);
        Resources resources = new Resources(knobs, mcpUrl());
        AuthorizationServer server = new AuthorizationServer(
                new ServerMetadata(knobs),
                clients,
                new AuthorizationEndpoint(knobs, mint, clients, grants, resources),
                new TokenEndpoint(knobs, clients, grants, resources));
        OAuthDoor oauth = new OAuthDoor(knobs, grants, resources, authorizationServer.origin(), mcpUrl());
        authorizationServer.serve(this::record, server::handle);
        mcpServer.serve(this::record, new McpServer(knobs, endpoints(oauth), oauth, server)::handle);
    }

    private Map<String, McpEndpoint> endpoints(OAuthDoor oauth) {
        Door key = Door.key("X-Api-Key", apiKeys::contains, null);
        Door bearer = Door.key("Authorization", ("Bearer " + bearerToken)::equals, "Bearer realm=\"Acme Notes\"");
        Door list = Door.openWhen(() -> knobs.openList, oauth);
        McpMethods methods = new McpMethods(knobs);
        Map<String, McpEndpoint> endpoints = new LinkedHashMap<>();
        endpoints.put("/mcp", new McpEndpoint(knobs, mint, list, oauth, methods));
        endpoints.put("/keyed/mcp", new McpEndpoint(knobs, mint, key, key, methods));
        endpoints.put("/bearer/mcp", new McpEndpoint(knobs, mint, bearer, bearer, methods));
        endpoints.put("/open/mcp", new McpEndpoint(knobs, mint, Door.OPEN, Door.OPEN, methods));
        endpoints.put("/openlist/mcp", new McpEndpoint(knobs, mint, Door.OPEN, key, methods));
        return Map.copyOf(endpoints);
    }

    /** On free ports. */
    public static DemoProvider start() {
        return start(0, 0);
    }

    public static DemoProvider start(int asPort, int mcpPort) {
        return new DemoProvider(asPort, mcpPort);
    }

    /** The issuer of the authorization server. */
    public URI issuer() {
        return URI.create(authorizationServer.origin() + knobs.issuerPath);
    }

    /** Protected by OAuth. */
    public URI mcpUrl() {
        return mcp("/mcp");
    }

    /** Takes {@link #apiKey} in the header {@code X-Api-Key}. */
    public URI apiKeyMcpUrl() {
        return mcp("/keyed/mcp");
    }

    /** Takes {@link #bearerToken} in the header {@code Authorization}. */
    public URI bearerMcpUrl() {
        return mcp("/bearer/mcp");
    }

    public URI openMcpUrl() {
        return mcp("/open/mcp");
    }

    /** Lists tools for everybody; calling one needs {@link #apiKey}. */
    public URI openListMcpUrl() {
        return mcp("/openlist/mcp");
    }

    private URI mcp(String path) {
        return URI.create(mcpServer.origin() + path);
    }

    public String apiKey() {
        return apiKey;
    }

    /** Gives out one more key; those given out before stay valid. */
    public String anotherApiKey() {
        String key = mint.secret("key");
        apiKeys.add(key);
        return key;
    }

    public String bearerToken() {
        return bearerToken;
    }

    public Knobs knobs() {
        return knobs;
    }

    /** Everything received, the oldest first; a server that runs for long forgets the first. */
    public List<Recorded> requests() {
        synchronized (requests) {
            return new ArrayList<>(requests);
        }
    }

    public long count(String method, String pathPrefix) {
        return requests().stream()
                .filter(request ->
                        request.method().equals(method) && request.path().startsWith(pathPrefix))
                .count();
    }

    /** Every token, code, client secret and session id given out, and the two keys. */
    public List<String> secretsHandedOut() {
        return mint.handedOut();
    }

    /** Plays the browser: consents and returns where it would be sent. */
    public String approve(URI authorizationUrl) {
        return browser.decide(authorizationUrl, "approve");
    }

    /** Plays the browser: refuses and returns where it would be sent. */
    public String deny(URI authorizationUrl) {
        return browser.decide(authorizationUrl, "deny");
    }

    /** Registers a confidential client by hand, whatever the knobs say about registration. */
    public RegisteredClient registerClient(URI redirectUri) {
        Client client = clients.preRegister(redirectUri.toString());
        return new RegisteredClient(client.id(), client.secret());
    }

    /** Every registration is unknown from now on. */
    public void forgetClients() {
        clients.forgetAll();
    }

    /** Every access token has expired; refresh tokens live. */
    public void expireAccessTokens() {
        grants.expireAccessTokens();
    }

    /** The person takes back every consent. */
    public void revokeGrants() {
        grants.revokeAll();
    }

    private void record(Recorded request) {
        synchronized (requests) {
            requests.addLast(request);
            if (requests.size() > REMEMBERED) {
                requests.removeFirst();
            }
        }
    }

    @Override
    public void close() {
        authorizationServer.close();
        mcpServer.close();
    }
}
