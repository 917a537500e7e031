package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the authorization server of an MCP server: challenge, protected resource metadata, authorization server metadata,
 * and for servers of 2025-03-26 their own origin.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization">MCP, authorization</a>
 */
public final class Discovery {

    private static final int MAX_METADATA_BYTES = 256 * 1024;
    private static final int MAX_AUTHORIZATION_SERVERS = 5;
    private static final String VERSION_HEADER = "MCP-Protocol-Version";
    private static final String VERSION = "2025-11-25";
    // A real first message: many servers answer 404, 405 or 406 to anything else before they ask who is there.
    private static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"%s","capabilities":{},\
            "clientInfo":{"name":"claviger","version":"1"}}}""".formatted(VERSION);
    private static final String STATELESS = "2026-07-28";
    // To be had without a handshake, for servers that know none and for those that greet everybody and challenge later.
    private static final String LIST = """
            {"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"_meta":{\
            "io.modelcontextprotocol/protocolVersion":"%s","io.modelcontextprotocol/clientCapabilities":{},\
            "io.modelcontextprotocol/clientInfo":{"name":"claviger","version":"1"}}}}""".formatted(STATELESS);

    private final OutboundClient client;
    private final Onlooker onlooker;
    private final @Nullable IssuerException exception;
    private final @Nullable String preferred;
    private final boolean consent;

    public Discovery(OutboundClient client) {
        this(client, null, null);
    }

    /**
     * @param exception the one pair of issuers that an admin accepted; null: none
     * @param preferred the issuer to take where a server names it among several; null: whichever works first
     */
    public Discovery(OutboundClient client, @Nullable IssuerException exception, @Nullable String preferred) {
        this(client, Onlooker.NOBODY, exception, preferred);
    }

    Discovery(
            OutboundClient client, Onlooker onlooker, @Nullable IssuerException exception, @Nullable String preferred) {
        this(client, onlooker, exception, preferred, true);
    }

    private Discovery(
            OutboundClient client,
            Onlooker onlooker,
            @Nullable IssuerException exception,
            @Nullable String preferred,
            boolean consent) {
        this.client = client;
        this.onlooker = onlooker;
        this.exception = exception;
        this.preferred = preferred;
        this.consent = consent;
    }

    /** For a grant to which nobody consents: what only a consent needs may be missing. */
    public Discovery withoutConsent() {
        return new Discovery(client, onlooker, exception, preferred, false);
    }

    /** Is told what discovery sees, whether or not it ends well; a preflight and the real thing cannot differ so. */
    interface Onlooker {
        Onlooker NOBODY = new Onlooker() {};

        /** @param answer to a first message without a credential: status and headers */
        default void answered(OutboundResponse answer) {}

        /** @param response null where none came */
        default void fetched(URI url, @Nullable OutboundResponse response) {}

        /** Before it is held to be about the server. */
        default void read(ProtectedResourceMetadata resource) {}

        /** @param issuer byte for byte as it was found; metadata is asked for next */
        default void asksFor(String issuer) {}
    }

    /**
     * @throws Unreachable when a server is not there now
     * @throws Refused when there is no authorization server, or its documents make no sense
     * @throws Untrusted when what was found must not be used
     */
    public Discovered discover(String serverUrl) {
        URI server = serverUri(serverUrl);
        OutboundResponse answer = greet(server);
        onlooker.answered(answer);
        if (answer.status() != 401 && answer.status() < 500) {
            OutboundResponse challenged = askForTools(server);
            if (challenged.status() == 401) {
                answer = challenged;
                onlooker.answered(answer);
            }
        }
        WwwAuthenticate.Challenge challenge = answer.status() == 401
                ? WwwAuthenticate.oauth(answer.headerValues("www-authenticate")).orElse(null)
                : null;
        String metadataUrl = challenge == null ? null : challenge.parameter("resource_metadata");
        String scope = challenge == null ? null : Remote.challenged(challenge.parameter("scope"));

        ProtectedResourceMetadata resource =
                metadataUrl != null ? resourceFromChallenge(metadataUrl) : resourceFromWellKnown(server);
        if (resource != null) {
            onlooker.read(resource);
            resource.requireFor(serverUrl);
            if (!resource.authorizationServers().isEmpty()) {
                return new Discovered(
                        metadataUrl != null ? DiscoverySource.CHALLENGE : DiscoverySource.WELL_KNOWN,
                        resource.resource(),
                        authorizationServer(resource.authorizationServers()),
                        scope,
                        resource.scopesSupported(),
                        resource.authorizationServers());
            }
        }
        return onOwnOrigin(server, answer, resource, scope);
    }

    private OutboundResponse askForTools(URI server) {
        OutboundRequest request = OutboundRequest.post(server, "application/json", LIST)
                .header("Accept", "application/json, text/event-stream")
                .header(VERSION_HEADER, STATELESS)
                .header("Mcp-Method", "tools/list");
        return client.stream(request, (head, body) -> head);
    }

    private OutboundResponse greet(URI server) {
        OutboundRequest request = OutboundRequest.post(server, "application/json", INITIALIZE)
                .header("Accept", "application/json, text/event-stream")
                .header(VERSION_HEADER, VERSION);
        // The head is enough; the body may be a stream that never ends.
        return client.stream(request, (head, body) -> head);
    }

    private ProtectedResourceMetadata resourceFromChallenge(String metadataUrl) {
        URI url;
        try {
            url = new URI(metadataUrl);
        } catch (URISyntaxException e) {
            throw new Refused(
                    FailureCode.METADATA_MALFORMED,
                    "The server's challenge names a metadata address that is not a URL; tell its operator.");
        }
        client.check(url);
        return fetch(url)
                .map(response -> ProtectedResourceMetadata.read(response, url))
                .orElseThrow(() -> new Refused(
                        FailureCode.METADATA_MALFORMED,
                        "The server's challenge names metadata at " + url.getHost()
                                + ", but there is none; tell its operator."));
    }

    private @Nullable ProtectedResourceMetadata resourceFromWellKnown(URI server) {
        for (URI url : ProtectedResourceMetadata.wellKnown(server)) {
            Optional<OutboundResponse> response = fetch(url);
            if (response.isPresent()) {
                return ProtectedResourceMetadata.read(response.get(), url);
            }
        }
        return null;
    }

    /** The first that works (C5); what is wrong with the others is of no interest then. */
    private AuthorizationServerMetadata authorizationServer(List<String> named) {
        RuntimeException trouble = null;
        for (String issuer : inOrder(named)) {
            try {
                AuthorizationServerMetadata found = metadataOf(issuer, AuthorizationServerMetadata.wellKnown(issuer));
                if (found != null) {
                    return found;
                }
            } catch (Refused | Untrusted | Unreachable e) {
                if (e instanceof Unreachable && issuer.equals(preferred)) {
                    throw e; // An outage is no reason to move elsewhere.
                }
                trouble = trouble == null ? e : trouble;
            }
        }
        if (trouble != null) {
            throw trouble;
        }
        throw new Refused(
                FailureCode.NO_AUTHORIZATION_SERVER,
                "The server names "
                        + named.stream()
                                .limit(MAX_AUTHORIZATION_SERVERS)
                                .map(issuer -> URI.create(issuer).getHost())
                                .distinct()
                                .collect(Collectors.joining(", "))
                        + " as its authorization server, but no metadata is published there. Enter the endpoints by hand"
                        + " under Advanced, or use a bearer token or an API key.");
    }

    private List<String> inOrder(List<String> named) {
        return Stream.concat(
                        named.stream().filter(issuer -> issuer.equals(preferred)),
                        named.stream().filter(issuer -> !issuer.equals(preferred)))
                .limit(MAX_AUTHORIZATION_SERVERS)
                .toList();
    }

    /** What MCP 2025-03-26 has: the server's origin is the authorization server (C12). It knows no {@code resource}. */
    private Discovered onOwnOrigin(
            URI server, OutboundResponse probe, @Nullable ProtectedResourceMetadata resource, @Nullable String scope) {
        String origin = Origin.of(server);
        String resourceParameter = resource == null ? null : resource.resource();
        List<String> scopes = resource == null ? List.of() : resource.scopesSupported();
        AuthorizationServerMetadata found = metadataOf(origin, AuthorizationServerMetadata.wellKnown(origin));
        if (found != null) {
            return new Discovered(DiscoverySource.SERVER_ORIGIN, resourceParameter, found, scope, scopes, List.of());
        }
        if (probe.status() == 401) {
            return new Discovered(
                    DiscoverySource.DEFAULT_ENDPOINTS,
                    resourceParameter,
                    AuthorizationServerMetadata.byDefault(origin).requireSafe(client),
                    scope,
                    scopes,
                    List.of());
        }
        if (probe.status() >= 500 || probe.status() == 429) {
            Answers.reachable(probe, server);
        }
        throw new Refused(
                FailureCode.NO_AUTHORIZATION_SERVER,
                server.getHost() + " answered HTTP " + probe.status()
                        + " and names no authorization server. If it takes a bearer token or an API key, choose that;"
                        + " otherwise enter the endpoints by hand under Advanced.");
    }

    private @Nullable AuthorizationServerMetadata metadataOf(String issuer, List<URI> urls) {
        onlooker.asksFor(issuer);
        for (URI url : urls) {
            client.check(url);
            Optional<OutboundResponse> response = fetch(url);
            if (response.isPresent()) {
                return AuthorizationServerMetadata.read(response.get(), issuer, url, exception, consent)
                        .requireSafe(client);
            }
        }
        return null;
    }

    /** A document, or nothing where the server has none there: 4xx, a redirect, a page for people. */
    private Optional<OutboundResponse> fetch(URI url) {
        OutboundRequest request = OutboundRequest.get(url)
                .header("Accept", "application/json")
                .header(VERSION_HEADER, VERSION)
                .maxBytes(MAX_METADATA_BYTES);
        OutboundResponse response = null;
        try {
            response = client.send(request);
        } finally {
            onlooker.fetched(url, response);
        }
        Answers.reachable(response, url);
        return response.isSuccess() && !Json.isHtml(response) ? Optional.of(response) : Optional.empty();
    }

    private URI serverUri(String serverUrl) {
        try {
            URI uri = new URI(serverUrl);
            client.check(uri);
            return uri;
        } catch (URISyntaxException e) {
            throw new Untrusted(FailureCode.UNSAFE_ADDRESS, "The server's URL is not a URL; correct it.");
        }
    }
}
