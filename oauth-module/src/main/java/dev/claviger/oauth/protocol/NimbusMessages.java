package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundRequest;
import java.net.URI;

/** Hands what Nimbus wrote to our own client; Nimbus never sends. */
final class NimbusMessages {

    private NimbusMessages() {}

    /** @param endpoint where to, as written; Nimbus keeps a {@code URL}, which is not quite that */
    static OutboundRequest post(HTTPRequest message, URI endpoint) {
        String type = String.valueOf(message.getHeaderValue("Content-Type"));
        OutboundRequest request =
                OutboundRequest.post(endpoint, type, message.getBody()).header("Accept", "application/json");
        String authorization = message.getAuthorization();
        return authorization == null ? request : request.header("Authorization", Secret.of(authorization));
    }
}
