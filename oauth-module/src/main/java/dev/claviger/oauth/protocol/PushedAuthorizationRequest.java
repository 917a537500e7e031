package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Hands an authorization request to the authorization server directly, so that the browser carries only its name.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126#section-2">RFC 9126 section 2</a>
 */
public record PushedAuthorizationRequest(URI uri, ClientAuthentication client) {

    private static final int LONGEST_REQUEST_URI = 2048;
    /** What is usual, for a server that leaves the mandatory {@code expires_in} out. */
    private static final Duration USUAL_LIFETIME = Duration.ofSeconds(60);

    /** What became of it. */
    public sealed interface Answer {

        /** @param requestUri names the request from now on, once */
        record Accepted(Secret requestUri, Duration expiresIn) implements Answer {}

        record NotAccepted(TokenAnswer.Denied denied) implements Answer {}
    }

    public OutboundRequest request(AuthorizationRequest request, Secret state, Secret codeVerifier) {
        var authentication = client.nimbus();
        var pushed = request.nimbus(state, codeVerifier);
        HTTPRequest message = authentication == null
                ? new com.nimbusds.oauth2.sdk.PushedAuthorizationRequest(uri, pushed).toHTTPRequest()
                : new com.nimbusds.oauth2.sdk.PushedAuthorizationRequest(uri, authentication, pushed).toHTTPRequest();
        return NimbusMessages.post(message, uri);
    }

    /**
     * @param sent secrets of the request besides the client's own, which a server may echo in its error
     * @throws Unreachable on 5xx and 429
     * @throws Refused on a success that names no request
     */
    public Answer read(OutboundResponse response, Collection<Secret> sent) {
        Answers.reachable(response, uri);
        Optional<JsonNode> json = Json.object(response);
        if (!response.isSuccess()) {
            List<Secret> echoed = new ArrayList<>(sent);
            echoed.addAll(client.written());
            return new Answer.NotAccepted(TokenEndpoint.denied(response.status(), json, echoed));
        }
        String requestUri = json.map(node -> Json.text(node, "request_uri"))
                .filter(PushedAuthorizationRequest::isUsable)
                .orElseThrow(() -> new Refused(
                        FailureCode.PUSHED_REQUEST_REFUSED,
                        uri.getHost() + " took the pushed authorization request and named none to go on with (RFC 9126"
                                + " section 2.2); tell the server's operator."));
        Long seconds = json.map(node -> Json.number(node, "expires_in")).orElse(null);
        return new Answer.Accepted(
                Secret.of(requestUri),
                seconds == null || seconds <= 0 ? USUAL_LIFETIME : Duration.ofSeconds(Math.min(seconds, 86_400)));
    }

    private static boolean isUsable(String requestUri) {
        return requestUri.length() <= LONGEST_REQUEST_URI && Remote.isUri(requestUri);
    }
}
