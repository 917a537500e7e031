package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import java.net.URI;

/**
 * Where an authorization server registers clients.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-3">RFC 7591 section 3</a>
 */
public record RegistrationEndpoint(URI uri) {

    /**
     * Registers, as the kind of application that fits the redirect URI; where that redirect URI is refused, once more as
     * the other kind, because servers disagree on what a native application is (C23).
     *
     * @throws Refused when it does not register us
     */
    public ClientRegistration register(OutboundClient client, URI redirectUri, String authMethod) {
        String kind = ClientRegistration.applicationType(redirectUri);
        String other = kind.equals("native") ? "web" : "native";
        try {
            return register(client, redirectUri, authMethod, kind);
        } catch (Refused refused) {
            if (refused.code() != FailureCode.REDIRECT_URI_REFUSED) {
                throw refused;
            }
            return registerAs(other, client, redirectUri, authMethod, refused);
        }
    }

    private ClientRegistration registerAs(
            String other, OutboundClient client, URI redirectUri, String authMethod, Refused first) {
        try {
            return register(client, redirectUri, authMethod, other);
        } catch (Refused again) {
            throw new Refused(
                    first.code(),
                    first.getMessage() + " It refused “" + redirectUri
                            + "” for a native application and for one on the web.");
        }
    }

    private ClientRegistration register(OutboundClient client, URI redirectUri, String authMethod, String kind) {
        return ClientRegistration.read(
                client.send(ClientRegistration.request(uri, redirectUri, authMethod, kind)), authMethod, uri);
    }
}
