package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a protected resource says of itself.
 *
 * @param resource its identifier, byte for byte
 * @param authorizationServers issuers, byte for byte
 * @param scopesSupported empty where it does not say
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-3">RFC 9728 section 3</a>
 */
public record ProtectedResourceMetadata(
        String resource, List<String> authorizationServers, List<String> scopesSupported) {

    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    /** Where the document may be: beside the path first, then at the root (C3). */
    static Set<URI> wellKnown(URI server) {
        String path = server.getRawPath() == null || server.getRawPath().equals("/") ? "" : server.getRawPath();
        String query = server.getRawQuery() == null ? "" : "?" + server.getRawQuery();
        Set<URI> urls = new LinkedHashSet<>();
        urls.add(URI.create(Origin.of(server) + WELL_KNOWN + path + query));
        urls.add(URI.create(Origin.of(server) + WELL_KNOWN));
        return urls;
    }

    /** @throws Refused when it is not such a document */
    static ProtectedResourceMetadata read(OutboundResponse response, URI from) {
        String what = "The protected resource metadata at " + from.getHost();
        JsonNode json = Json.object(response, FailureCode.METADATA_MALFORMED, what);
        String resource = Remote.url(Json.text(json, "resource"));
        if (resource == null) {
            throw new Refused(
                    FailureCode.METADATA_MALFORMED,
                    what + " names no usable resource (RFC 9728 section 2); tell the server's operator.");
        }
        return new ProtectedResourceMetadata(
                resource,
                Remote.urls(Json.texts(json, "authorization_servers")),
                Remote.words(Json.texts(json, "scopes_supported")));
    }

    /**
     * Checks that the document is about this server (RFC 9728 section 3.3): the same URL, or a parent of it on the same
     * origin, because many servers publish that (C4a).
     *
     * @throws Untrusted otherwise
     */
    void requireFor(String serverUrl) {
        if (!isFor(serverUrl)) {
            throw new Untrusted(
                    FailureCode.RESOURCE_MISMATCH,
                    "The metadata found for " + serverUrl
                            + " describes another resource. Check the URL; if it is right, the server's operator must"
                            + " correct \"resource\" in its metadata.");
        }
    }

    boolean isFor(String serverUrl) {
        return resource.equals(serverUrl) || isParentOf(URI.create(serverUrl));
    }

    private boolean isParentOf(URI server) {
        URI parent;
        try {
            parent = new URI(resource);
        } catch (URISyntaxException e) {
            return false;
        }
        return parent.getHost() != null
                && parent.getRawUserInfo() == null
                && parent.getRawQuery() == null
                && parent.getRawFragment() == null
                && Origin.of(parent)
                        .toLowerCase(Locale.ROOT)
                        .equals(Origin.of(server).toLowerCase(Locale.ROOT))
                && (path(server) + "/").startsWith(path(parent) + "/");
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
