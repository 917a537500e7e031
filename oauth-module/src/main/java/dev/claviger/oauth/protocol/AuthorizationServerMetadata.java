package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an authorization server says of itself, as RFC 8414 or as OpenID Connect Discovery.
 *
 * @param issuer byte for byte
 * @param tokenEndpointAuthMethods empty where it does not say
 * @param issParameterSupported RFC 9207 section 3
 * @param clientIdMetadataDocumentSupported draft-ietf-oauth-client-id-metadata-document section 5
 * @param pushedAuthorizationRequestEndpoint RFC 9126 section 5
 * @param requirePushedAuthorizationRequests whether it takes no other (RFC 9126 section 5)
 * @param authorizationEndpoint null only where nobody is to be sent to it
 * @param grantProfiles {@code authorization_grant_profiles_supported}; null: it does not say
 * @param userinfoEndpoint OpenID Connect Discovery section 3; it is checked when it is called
 * @param askedIssuer the issuer it was asked for, where an exception lets {@code issuer} be another; otherwise null
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-3">RFC 8414 section 3</a>
 */
public record AuthorizationServerMetadata(
        String issuer,
        @Nullable String authorizationEndpoint,
        String tokenEndpoint,
        @Nullable String registrationEndpoint,
        @Nullable String revocationEndpoint,
        List<String> scopesSupported,
        List<String> tokenEndpointAuthMethods,
        boolean issParameterSupported,
        boolean clientIdMetadataDocumentSupported,
        @Nullable String pushedAuthorizationRequestEndpoint,
        boolean requirePushedAuthorizationRequests,
        @Nullable String askedIssuer,
        @Nullable List<String> grantProfiles,
        @Nullable String userinfoEndpoint) {

    private static final String OAUTH = "/.well-known/oauth-authorization-server";
    private static final String OPENID = "/.well-known/openid-configuration";

    /** Where the document may be, in the order of C7. */
    static List<URI> wellKnown(String issuer) {
        URI uri = uri(issuer);
        if (uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw notAnIssuer();
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        String origin = Origin.of(uri);
        return path.isEmpty()
                ? List.of(URI.create(origin + OAUTH), URI.create(origin + OPENID))
                : List.of(
                        URI.create(origin + OAUTH + path),
                        URI.create(origin + OPENID + path),
                        URI.create(origin + path + OPENID));
    }

    /**
     * Reads the document and holds it to what MCP demands of it: the very issuer that led to it (C8), and where a person is
     * sent there PKCE with S256 (C37).
     *
     * @param consent whether a person is; without one an authorization endpoint is not needed (RFC 8414 section 2)
     * @param exception the one pair of issuers that may differ; it loosens nothing else
     * @throws IssuerMismatch when another pair differs
     */
    static AuthorizationServerMetadata read(
            OutboundResponse response,
            String expectedIssuer,
            URI from,
            @Nullable IssuerException exception,
            boolean consent) {
        String what = "The authorization server metadata at " + from.getHost();
        JsonNode json = Json.object(response, FailureCode.METADATA_MALFORMED, what);
        String issuer = Remote.url(Json.text(json, "issuer"));
        boolean same = expectedIssuer.equals(issuer);
        if (issuer == null || !same && !new IssuerException(expectedIssuer, issuer).equals(exception)) {
            throw new IssuerMismatch(what, expectedIssuer, issuer);
        }
        String authorizationEndpoint = Remote.url(Json.text(json, "authorization_endpoint"));
        String tokenEndpoint = Remote.url(Json.text(json, "token_endpoint"));
        if (tokenEndpoint == null || (consent && authorizationEndpoint == null)) {
            throw new Refused(
                    FailureCode.METADATA_MALFORMED,
                    what + " lacks the authorization endpoint or the token endpoint; tell the server's operator.");
        }
        if (consent && !Json.texts(json, "code_challenge_methods_supported").contains("S256")) {
            throw new Untrusted(
                    FailureCode.PKCE_NOT_SUPPORTED,
                    what + " does not offer PKCE with S256, without which a consent can be stolen. Its operator must"
                            + " publish code_challenge_methods_supported; until then use a token or an API key.");
        }
        String pushEndpoint = Remote.url(Json.text(json, "pushed_authorization_request_endpoint"));
        boolean mustPush = json.path("require_pushed_authorization_requests").asBoolean(false);
        if (consent && mustPush && pushEndpoint == null) {
            throw new Refused(
                    FailureCode.METADATA_MALFORMED,
                    what + " demands pushed authorization requests and names no endpoint for them (RFC 9126 section 5);"
                            + " tell the server's operator.");
        }
        return new AuthorizationServerMetadata(
                issuer,
                authorizationEndpoint,
                tokenEndpoint,
                Remote.url(Json.text(json, "registration_endpoint")),
                Remote.url(Json.text(json, "revocation_endpoint")),
                Remote.words(Json.texts(json, "scopes_supported")),
                Remote.words(Json.texts(json, "token_endpoint_auth_methods_supported")),
                json.path("authorization_response_iss_parameter_supported").asBoolean(false),
                json.path("client_id_metadata_document_supported").asBoolean(false),
                pushEndpoint,
                mustPush,
                same ? null : expectedIssuer,
                json.has("authorization_grant_profiles_supported")
                        ? Remote.words(Json.texts(json, "authorization_grant_profiles_supported"))
                        : null,
                userinfo(json));
    }

    /** It is worth no failed discovery. */
    private static @Nullable String userinfo(JsonNode json) {
        String endpoint = Remote.url(Json.text(json, "userinfo_endpoint"));
        return endpoint != null && Remote.isUri(endpoint) ? endpoint : null;
    }

    /** The endpoints that MCP 2025-03-26 gives a server that publishes no metadata (C12). */
    static AuthorizationServerMetadata byDefault(String origin) {
        return new AuthorizationServerMetadata(
                origin,
                origin + "/authorize",
                origin + "/token",
                origin + "/register",
                null,
                List.of(),
                List.of(),
                false,
                false,
                null,
                false,
                null,
                null,
                null);
    }

    /** @throws Untrusted when an endpoint is not safe to call or to send a browser to (C42, C43) */
    public AuthorizationServerMetadata requireSafe(OutboundClient client) {
        check(client, authorizationEndpoint);
        check(client, tokenEndpoint);
        check(client, registrationEndpoint);
        check(client, revocationEndpoint);
        check(client, pushedAuthorizationRequestEndpoint);
        return this;
    }

    private static void check(OutboundClient client, @Nullable String endpoint) {
        if (endpoint == null) {
            return;
        }
        URI uri = uri(endpoint);
        client.check(uri);
        if (uri.getRawFragment() != null) {
            throw new Untrusted(
                    FailureCode.UNSAFE_ADDRESS,
                    "An endpoint of the authorization server has a fragment, which RFC 6749 section 3.1 forbids.");
        }
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw notAnIssuer();
        }
    }

    private static Untrusted notAnIssuer() {
        return new Untrusted(
                FailureCode.UNSAFE_ADDRESS,
                "The metadata names something as authorization server or endpoint that is not a usable URL.");
    }
}
