package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The {@code /register} that MCP 2025-03-26 has us guess (C12). Only an answer in the words of RFC 7591 shows that there is
 * an authorization server; everything else is a server that knows nothing of OAuth, to be said at once and not retried.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-03-26/basic/authorization">MCP 2025-03-26</a>
 */
public record DefaultRegistrationEndpoint(URI uri) {

    /** RFC 7591 section 3.2.2, and what servers say that register only whom they know. */
    private static final Set<String> ERRORS = Set.of(
            "invalid_redirect_uri",
            "invalid_client_metadata",
            "invalid_software_statement",
            "unapproved_software_statement",
            "access_denied");

    /** @throws Refused when there is no authorization server, or it does not register us */
    public ClientRegistration register(OutboundClient client, URI redirectUri, String authMethod) {
        OutboundResponse response;
        try {
            response = client.send(ClientRegistration.request(uri, redirectUri, authMethod));
        } catch (Unreachable e) {
            throw nobody();
        } catch (Untrusted e) {
            if (e.code() == FailureCode.LIMIT_EXCEEDED) {
                throw nobody();
            }
            throw e;
        }
        if (!isOfARegistrar(response)) {
            throw nobody();
        }
        return ClientRegistration.read(response, authMethod, uri);
    }

    private static boolean isOfARegistrar(OutboundResponse response) {
        Optional<JsonNode> json = Json.object(response);
        return response.isSuccess()
                ? json.filter(node -> Json.text(node, "client_id") != null).isPresent()
                : response.status() < 500
                        && json.map(node -> Json.text(node, "error"))
                                .filter(ERRORS::contains)
                                .isPresent();
    }

    private Refused nobody() {
        return new Refused(
                FailureCode.NO_AUTHORIZATION_SERVER,
                uri.getHost()
                        + " asks for a credential but names no authorization server. If it takes a bearer token or an"
                        + " API key, choose that; otherwise enter the endpoints by hand under Advanced.");
    }
}
