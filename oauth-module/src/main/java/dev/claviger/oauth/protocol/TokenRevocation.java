package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.Token;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.net.URI;
import java.util.List;

/**
 * Tells an authorization server that a token is no longer wanted.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2">RFC 7009 section 2</a>
 */
public record TokenRevocation(URI uri, ClientAuthentication client) {

    private static final String UNSUPPORTED = "unsupported_token_type";

    public OutboundRequest ofRefreshToken(Secret token) {
        return request(new RefreshToken(token.reveal()));
    }

    public OutboundRequest ofAccessToken(Secret token) {
        return request(new BearerAccessToken(token.reveal()));
    }

    private OutboundRequest request(Token token) {
        var authentication = client.nimbus();
        TokenRevocationRequest request = authentication == null
                ? new TokenRevocationRequest(uri, client.nimbusId(), token)
                : new TokenRevocationRequest(uri, authentication, token);
        return NimbusMessages.post(request.toHTTPRequest(), uri);
    }

    /**
     * What the server said to it.
     *
     * @param supported false: it does not revoke tokens of this kind ({@code unsupported_token_type}, RFC 7009 section 2.2.1)
     * @param words status and error code, the end of a sentence
     */
    public record Answer(boolean done, boolean supported, String words) {}

    /**
     * Reads the answer; a server takes unknown tokens too (RFC 7009 section 2.2).
     *
     * @param sent the token it was about
     * @throws Unreachable on 5xx and 429: the token still exists, as far as is known
     */
    public Answer answer(OutboundResponse response, Secret sent) {
        boolean done = Answers.reachable(response, uri).isSuccess();
        String error = done
                ? ""
                : Json.object(response)
                        .map(json -> Json.text(json, "error"))
                        .map(code -> RemoteText.errorCode(code, List.of(sent)))
                        .orElse("");
        return new Answer(
                done, !error.equals(UNSUPPORTED), "HTTP " + response.status() + (error.isEmpty() ? "" : ", " + error));
    }
}
