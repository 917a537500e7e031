package dev.claviger.demoprovider;

import java.net.URI;
import java.security.PublicKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Acme Notes: an authorization server, an MCP server and its customer's identity provider, each on a loopback port. */
public final class DemoProvider implements AutoCloseable {

    /** A client for settings that are entered by hand. */
    public record RegisteredClient(
            String clientId, @Nullable String clientSecret) {}

    /** Part of every secret it hands out, and of nothing else. */
    public static final String MARK = Mint.MARK;

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
    private final Assertions assertions = new Assertions(mint);
    private final ClientAssertions clientAssertions = new ClientAssertions(clients.documents());
    private final IdentityProvider identityProvider = new IdentityProvider(knobs, mint, assertions);
    private final Web authorizationServer;
    private final Web mcpServer;
    private final Web identityServer;

    private DemoProvider(int asPort, int mcpPort) {
        authorizationServer = Web.listen(asPort);
        mcpServer = Web.listen(mcpPort);
        identityServer = Web.listen(0);
        Resources resources = new Resources(knobs, mcpUrl());
        People people = new People(knobs, mint, grants);
        AuthorizationServer server = new AuthorizationServer(
                new ServerMetadata(knobs),
                clients,
                new AuthorizationEndpoint(knobs, mint, clients, grants, resources),
                new TokenEndpoint(knobs, clients, grants, resources, assertions, clientAssertions, people),
                people);
        OAuthDoor oauth = new OAuthDoor(knobs, grants, resources, authorizationServer.origin(), mcpUrl());
        identityServer.serve(this::record, identityProvider::handle);
        authorizationServer.serve(this::record, server::handle);
        mcpServer.serve(this::record, new McpServer(knobs, endpoints(oauth), oauth, server)::handle);
    }

    private Map<String, McpEndpoint> endpoints(OAuthDoor oauth) {
        Door key = Door.key("X-Api-Key", apiKeys::contains, null);
        Door bearer = Door.key("Authorization", ("Bearer " + bearerToken)::equals, "Bearer realm=\"Acme Notes\"");
        Door list = Door.openWhen(() -> knobs.openList, oauth);
        McpMethods methods = new McpMethods(knobs);
        Map<String, McpEndpoint> endpoints = new LinkedHashMap<>();
        endpoints.put("/mcp", new McpEndpoint(knobs, mint, list, oauth.ofCalls(), methods));
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

    /** Takes a key back that was given out. */
    public void revokeApiKey(String key) {
        apiKeys.remove(key);
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

    /** Registers by hand a client that authenticates with {@code private_key_jwt}, and returns its id. */
    public String registerClient(PublicKey key) {
        Client client = clients.preRegisterKeyed();
        clientAssertions.trust(client.id(), key);
        return client.id();
    }

    /** The organisation's identity provider, on a port of its own. */
    public URI identityProvider() {
        return identityServer.origin();
    }

    public URI identityProviderTokenEndpoint() {
        return URI.create(identityServer.origin() + "/token");
    }

    /** Our client at the identity provider. */
    public RegisteredClient identityClient() {
        return new RegisteredClient(identityProvider.clientId(), identityProvider.clientSecret());
    }

    /** What the identity provider gave at a sign-in just now. */
    public String idToken() {
        return identityProvider.signIn(IdentityProvider.ID_TOKEN);
    }

    /** As {@link #idToken}, a refresh token. */
    public String identityRefreshToken() {
        return identityProvider.signIn(IdentityProvider.REFRESH_TOKEN);
    }

    /** Everything given at a sign-in has expired. */
    public void expireSignIns() {
        identityProvider.forgetSubjects();
    }

    public RefreshCounts refreshCounts() {
        return grants.refreshCounts();
    }

    /** Whether the MCP server behind OAuth would let this access token in now. */
    public boolean accepts(String accessToken) {
        return grants.introspect(accessToken) != null;
    }

    /** A refresh token of this client, as after a consent. */
    public String refreshTokenOf(RegisteredClient client) {
        return grants.refreshToken(
                grants.grant(client.clientId(), mcpUrl().toString(), String.join(" ", Resources.SCOPES)));
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
        identityServer.close();
    }
}
