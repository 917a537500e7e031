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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The request that an admin carries to the authorization server: PKCE, {@code resource}, {@code state}.
 *
 * @param scope space separated; null: not sent
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1">RFC 6749 section 4.1.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7636#section-4.3">RFC 7636 section 4.3</a>
 */
public record AuthorizationRequest(
        URI authorizationEndpoint,
        String clientId,
        URI redirectUri,
        @Nullable String scope,
        RequestProfile profile) {

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
     * without it many give no refresh token; where it does not list it, only a challenge has it asked for.
     */
    public static @Nullable String chooseScope(
            @Nullable String entered,
            @Nullable String challenged,
            List<String> resourceScopes,
            List<String> serverScopes) {
        if (entered != null && !entered.isBlank()) {
            return entered;
        }
        List<String> scopes = challenged != null && !challenged.isBlank()
                ? words(challenged)
                : resourceScopes.stream()
                        .filter(scope -> !scope.equals(OFFLINE_ACCESS))
                        .toList();
        return scopes.isEmpty() ? null : withOfflineAccess(new LinkedHashSet<>(scopes), serverScopes);
    }

    /**
     * The scope for a step-up (C34, C56): what was asked for before, then what the challenge wants beyond it.
     *
     * @param before what was asked for the last time, or where nothing was, what was granted
     */
    public static String stepUp(@Nullable String before, String challenged, List<String> serverScopes) {
        Set<String> scopes = new LinkedHashSet<>(words(before == null ? "" : before));
        if (!serverScopes.contains(OFFLINE_ACCESS)) {
            scopes.remove(OFFLINE_ACCESS);
        }
        scopes.addAll(words(challenged));
        return withOfflineAccess(scopes, serverScopes);
    }

    private static String withOfflineAccess(Set<String> scopes, List<String> serverScopes) {
        if (serverScopes.contains(OFFLINE_ACCESS)) {
            scopes.add(OFFLINE_ACCESS);
        }
        return String.join(" ", scopes);
    }

    private static List<String> words(String scope) {
        return Arrays.stream(scope.trim().split(" +"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** The URL to send the browser to. It carries the state: not for logs. */
    public URI url(Secret state, Secret codeVerifier) {
        return nimbus(state, codeVerifier).toURI();
    }

    /**
     * The URL to send the browser to when the request was pushed (RFC 9126 section 4). Not for logs.
     *
     * @param requestUri what the authorization server calls the request
     */
    public URI url(Secret requestUri) {
        return new com.nimbusds.oauth2.sdk.AuthorizationRequest.Builder(
                        URI.create(requestUri.reveal()), new ClientID(clientId))
                .endpointURI(authorizationEndpoint)
                .build()
                .toURI();
    }

    com.nimbusds.oauth2.sdk.AuthorizationRequest nimbus(Secret state, Secret codeVerifier) {
        var request = new com.nimbusds.oauth2.sdk.AuthorizationRequest.Builder(
                        ResponseType.CODE, new ClientID(clientId))
                .endpointURI(authorizationEndpoint)
                .redirectionURI(redirectUri)
                .state(new State(state.reveal()))
                .codeChallenge(new CodeVerifier(codeVerifier.reveal()), CodeChallengeMethod.S256);
        profile.into(request);
        if (scope != null) {
            request.scope(new Scope(scope.trim().split(" +")));
            if (words(scope).contains(OFFLINE_ACCESS)) {
                // OpenID Connect Core section 11: without it offline_access is ignored.
                request.customParameter("prompt", "consent");
            }
        }
        return request.build();
    }
}
