package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import dev.claviger.credentials.api.Secret;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request that an admin carries to the authorization server: PKCE, {@code resource}, {@code state}.
 *
 * @param scope space separated; null: not sent
 * @param resource byte for byte; null: not sent
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1">RFC 6749 section 4.1.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7636#section-4.3">RFC 7636 section 4.3</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8707#section-2">RFC 8707 section 2</a>
 */
public record AuthorizationRequest(
        URI authorizationEndpoint,
        String clientId,
        URI redirectUri,
        @Nullable String scope,
        @Nullable String resource) {

    private static final String OFFLINE_ACCESS = "offline_access";

    /** 256 random bits. */
    public static Secret newState() {
        return Secret.of(new State(32).getValue());
    }

    /** 256 random bits (RFC 7636 section 4.1). */
    public static Secret newCodeVerifier() {
        return Secret.of(new CodeVerifier().getValue());
    }

    /**
     * Chooses the scope (C33, C35): what an admin entered; else what the challenge asks; else all that the resource
     * publishes; else none. To the last two {@code offline_access} is added where the authorization server lists it, since
     * without it many give no refresh token.
     */
    public static @Nullable String chooseScope(
            @Nullable String entered,
            @Nullable String challenged,
            List<String> resourceScopes,
            List<String> serverScopes) {
        if (entered != null && !entered.isBlank()) {
            return entered;
        }
        String scope = challenged != null ? challenged : String.join(" ", resourceScopes);
        if (scope.isBlank()) {
            return null;
        }
        boolean asked = Arrays.asList(scope.split(" ")).contains(OFFLINE_ACCESS);
        return serverScopes.contains(OFFLINE_ACCESS) && !asked ? scope + " " + OFFLINE_ACCESS : scope;
    }

    /** The URL to send the browser to. It carries the state: not for logs. */
    public URI url(Secret state, Secret codeVerifier) {
        var request = new com.nimbusds.oauth2.sdk.AuthorizationRequest.Builder(
                        ResponseType.CODE, new ClientID(clientId))
                .endpointURI(authorizationEndpoint)
                .redirectionURI(redirectUri)
                .state(new State(state.reveal()))
                .codeChallenge(new CodeVerifier(codeVerifier.reveal()), CodeChallengeMethod.S256);
        if (resource != null) {
            request.resource(URI.create(resource));
        }
        if (scope != null) {
            request.scope(new Scope(scope.trim().split(" +")));
            if (Arrays.asList(scope.split(" ")).contains(OFFLINE_ACCESS)) {
                // OpenID Connect Core section 11: without it offline_access is ignored.
                request.customParameter("prompt", "consent");
            }
        }
        return request.build().toURI();
    }
}
