package dev.claviger.oauth.protocol;

import dev.claviger.credentials.outbound.PublicHost;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Our client as we describe it ourselves: authorization servers fetch the document from the URL that is the client id.
 *
 * @param clientId character for character the document's URL (C18)
 * @param clientUri where people find us
 * @param jwksUri the public keys that assertions are verified with; only said where {@code method} needs it
 * @param method {@code private_key_jwt} or {@code none}; a shared secret has no place in a public document (C19)
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/">Client ID Metadata
 *     Document</a>
 */
public record ClientMetadataDocument(
        String clientId, String clientUri, URI redirectUri, String jwksUri, String method) {

    /** Why a document at this URL would be refused (C17), in a sentence; empty where it would not. */
    public static Optional<String> problem(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of("it is not a URL.");
        }
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
            return Optional.of("a client metadata document must be at an https URL.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.of("the URL of a client metadata document has neither a user name nor a fragment.");
        }
        String path = uri.getRawPath().toLowerCase(Locale.ROOT).replace("%2e", ".");
        if (path.isEmpty() || path.equals("/")) {
            return Optional.of("the URL of a client metadata document has a path, such as /client-metadata.json.");
        }
        boolean dots =
                List.of(path.split("/", -1)).stream().anyMatch(segment -> segment.equals(".") || segment.equals(".."));
        return dots
                ? Optional.of("the URL of a client metadata document has no '.' or '..' between its slashes.")
                : Optional.empty();
    }

    /**
     * Why nobody outside can read a document that we publish under this address, in a sentence; empty where that is
     * conceivable. Nothing is called to find out.
     *
     * @param publicUrl as {@code claviger.public-url}
     */
    public static Optional<String> unreachable(String publicUrl) {
        URI uri = URI.create(publicUrl);
        if (uri.getHost() == null || !PublicHost.isConceivable(uri.getHost())) {
            return Optional.of("Claviger's public URL " + publicUrl
                    + " means nothing outside this network. Set claviger.public-url to the https address under which"
                    + " everybody reaches Claviger.");
        }
        return "https".equals(uri.getScheme())
                ? Optional.empty()
                : Optional.of("Claviger's public URL " + publicUrl
                        + " is not https. Set claviger.public-url to the https address under which everybody reaches"
                        + " Claviger.");
    }

    /** The members of the document (RFC 7591 section 2). */
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("client_id", clientId);
        members.put("client_name", ClientRegistration.NAME);
        members.put("client_uri", clientUri);
        members.put("redirect_uris", List.of(redirectUri.toString()));
        members.put("grant_types", List.of("authorization_code", "refresh_token"));
        members.put("response_types", List.of("code"));
        members.put("token_endpoint_auth_method", method);
        if (method.equals(ClientAuthentication.PRIVATE_KEY_JWT)) {
            members.put("token_endpoint_auth_signing_alg", NewSigningKey.ALGORITHM);
            members.put("jwks_uri", jwksUri);
        }
        members.put("application_type", ClientRegistration.applicationType(redirectUri));
        return members;
    }

    /**
     * How to authenticate at this server: as the document says, unless the server lists methods and that is not among them.
     *
     * @param supported as the metadata says; empty: not said
     */
    public String methodAt(List<String> supported) {
        return methodAt(supported, method);
    }

    static String methodAt(List<String> supported, String method) {
        return supported.isEmpty() || supported.contains(method) ? method : ClientAuthentication.NONE;
    }
}
