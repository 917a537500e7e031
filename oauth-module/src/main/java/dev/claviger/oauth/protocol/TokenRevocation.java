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

/**
 * Tells an authorization server that a token is no longer wanted.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2">RFC 7009 section 2</a>
 */
public record TokenRevocation(URI uri, ClientAuthentication client) {

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
     * Whether the server took it; it does so for unknown tokens too.
     *
     * @throws Unreachable on 5xx and 429
     */
    public boolean isDone(OutboundResponse response) {
        return Answers.reachable(response, uri).isSuccess();
    }
}
