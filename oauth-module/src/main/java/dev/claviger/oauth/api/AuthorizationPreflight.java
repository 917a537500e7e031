package dev.claviger.oauth.api;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.oauth.protocol.ServerPreflight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the authorization side of an MCP server before anybody consents: the same discovery as of a real authorization,
 * but no client is registered and no token asked for.
 */
public interface AuthorizationPreflight {

    /**
     * Looks; blocks for as long as the requests take, at most some tens of seconds. What goes wrong at the server is in the
     * answer; only what is wrong with us is thrown.
     */
    Seen look(String serverUrl);

    /**
     * For use with and without an application around it.
     *
     * @param publicUrl as {@code claviger.public-url}
     */
    static AuthorizationPreflight with(OutboundClient client, String publicUrl) {
        return new ServerPreflight(client, publicUrl);
    }

    /**
     * @param status HTTP status of the answer to a first message without a credential; 0: no answer
     * @param challenge the OAuth challenge in it, as parsed
     * @param schemes all schemes that the answer challenges with; remote words, shortened
     * @param documents the documents asked for, in order
     * @param resource null where there is no protected resource metadata
     * @param server null where no authorization server was found, or it cannot be trusted
     * @param redirectUri where authorization responses come back to
     * @param redirectUsable whether OAuth may use it at all (https, or loopback)
     * @param mismatch the pair of issuers that an admin would have to accept first; what else is seen, is seen as if one had.
     *     Null: the issuers are the same, or there is nothing that could be accepted
     * @param failure why the real discovery would end; null: it would go on to registration
     */
    record Seen(
            int status,
            @Nullable Challenge challenge,
            List<String> schemes,
            List<Document> documents,
            @Nullable Resource resource,
            @Nullable Server server,
            String redirectUri,
            boolean redirectUsable,
            OAuthSettings.@Nullable IssuerException mismatch,
            @Nullable Failure failure) {}

    /**
     * A challenge of HTTP status 401 (RFC 6750 section 3, RFC 9728 section 5.1). Remote text, shortened to one line.
     *
     * @param resourceMetadata where it says the metadata is
     */
    record Challenge(
            String scheme,
            @Nullable String resourceMetadata,
            @Nullable String scope) {}

    /**
     * A document asked for.
     *
     * @param ofResource protected resource metadata; otherwise metadata of an authorization server
     * @param url ours, or remote text that passed as a URL
     * @param status HTTP status; 0: no complete answer
     * @param page whether a page for people came instead of a document
     */
    record Document(boolean ofResource, String url, int status, boolean page) {}

    /**
     * Protected resource metadata (RFC 9728).
     *
     * @param resource byte for byte, but shortened where it is longer than 200 characters
     */
    record Resource(String resource, Match match, List<String> authorizationServers, List<String> scopes) {

        /** How {@code resource} compares with the URL of the server (RFC 9728 section 3.3). */
        public enum Match {
            VERBATIM,
            /** A parent on the same origin, as many servers publish. */
            PARENT,
            MISMATCH
        }
    }

    /**
     * The authorization server and what its metadata (RFC 8414) says.
     *
     * @param issuer byte for byte
     * @param source how it was found
     * @param client the way to a client that a connection takes (C14) when none is entered by hand; null: there is none
     * @param authMethod how a client of ours would show itself at the token endpoint; null: in no way that we know
     * @param authMethods {@code token_endpoint_auth_methods_supported}; empty: it does not say
     * @param grantTypes {@code grant_types_supported}; empty: it does not say
     * @param scopes {@code scopes_supported}
     * @param issParameter whether responses carry {@code iss} (RFC 9207)
     * @param pushedRequests whether authorization requests must be pushed (RFC 9126)
     */
    record Server(
            String issuer,
            DiscoverySource source,
            @Nullable ClientOrigin client,
            @Nullable String authMethod,
            List<String> authMethods,
            List<String> grantTypes,
            List<String> scopes,
            boolean issParameter,
            PushedRequests pushedRequests) {}

    /** Pushed authorization requests (RFC 9126 section 5). */
    enum PushedRequests {
        NOT_OFFERED,
        OFFERED,
        REQUIRED
    }
}
