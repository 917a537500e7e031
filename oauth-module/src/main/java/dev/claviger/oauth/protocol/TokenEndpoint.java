package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import dev.claviger.oauth.protocol.TokenAnswer.Unintelligible;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A token endpoint with the profile of one grant: every request, the first and each refresh, says the same resource and
 * authenticates the same way.
 *
 * @param profile that of the authorization request
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5">RFC 6749 section 5</a>
 */
public record TokenEndpoint(URI uri, ClientAuthentication client, RequestProfile profile) {

    /** Well below the lease of a refresh, which nobody else may begin meanwhile. */
    private static final Duration TIME_LIMIT = Duration.ofSeconds(15);

    private static final long LONGEST_LIFETIME_SECONDS = Duration.ofDays(3650).toSeconds();

    /** RFC 6749 section 4.1.3 with RFC 7636 section 4.5. */
    public OutboundRequest codeExchange(Secret code, URI redirectUri, Secret codeVerifier) {
        return request(new AuthorizationCodeGrant(
                new AuthorizationCode(code.reveal()), redirectUri, new CodeVerifier(codeVerifier.reveal())));
    }

    /** RFC 6749 section 6. Without {@code scope}, which there means: the scope that was granted, no less and no more. */
    public OutboundRequest refresh(Secret refreshToken) {
        return request(new RefreshTokenGrant(new RefreshToken(refreshToken.reveal())));
    }

    /**
     * RFC 6749 section 4.4.2.
     *
     * @param scope space separated; null: not sent
     */
    public OutboundRequest clientCredentials(@Nullable String scope) {
        return request(new ClientCredentialsGrant(), scope);
    }

    /**
     * RFC 7523 section 2.1.
     *
     * @param scope space separated; null: not sent
     */
    public OutboundRequest assertion(Secret assertion, @Nullable String scope) {
        return request(new RawGrant(GrantType.JWT_BEARER).with("assertion", assertion.reveal()), scope)
                .timeout(TokenExchange.TIME_LIMIT);
    }

    private OutboundRequest request(AuthorizationGrant grant) {
        return request(grant, null);
    }

    private OutboundRequest request(AuthorizationGrant grant, @Nullable String scope) {
        var authentication = client.nimbus();
        TokenRequest.Builder builder = authentication == null
                ? new TokenRequest.Builder(uri, client.nimbusId(), grant)
                : new TokenRequest.Builder(uri, authentication, grant);
        profile.into(builder);
        if (scope != null) {
            builder.scope(new Scope(scope.trim().split(" +")));
        }
        return NimbusMessages.post(builder.build().toHTTPRequest(), uri).timeout(TIME_LIMIT);
    }

    /**
     * @param sent secrets of the request besides the client's own, which a server may echo in its error
     * @throws Unreachable on 5xx and 429
     */
    public TokenAnswer read(OutboundResponse response, Collection<Secret> sent) {
        Answers.reachable(response, uri);
        Optional<JsonNode> json = Json.object(response);
        if (!response.isSuccess() || json.filter(TokenEndpoint::isError).isPresent()) {
            List<Secret> echoed = new ArrayList<>(sent);
            echoed.addAll(client.written());
            return denied(response.status(), json, echoed);
        }
        return json.map(TokenEndpoint::tokens)
                .orElseGet(() -> new Unintelligible(uri.getHost() + " answered with something that is not JSON"));
    }

    private static TokenAnswer tokens(JsonNode json) {
        String accessToken = Json.text(json, "access_token");
        if (accessToken == null) {
            return new Unintelligible("The answer holds no access_token");
        }
        String type = Json.text(json, "token_type");
        if (type != null && !type.equalsIgnoreCase("bearer")) {
            return new Unintelligible("The access token is not a bearer token");
        }
        String refreshToken = Json.text(json, "refresh_token");
        if (!Remote.isCredential(accessToken) || (refreshToken != null && !Remote.isCredential(refreshToken))) {
            return new Unintelligible("The answer holds a token that is too long or not printable");
        }
        return new Tokens(
                Secret.of(accessToken),
                refreshToken == null ? null : Secret.of(refreshToken),
                lifetime(Json.number(json, "expires_in")),
                // A malformed scope is no reason to lose a token that may be had only once.
                Remote.scope(Json.texts(json, "scope")),
                refreshToken == null ? null : refreshLifetime(json),
                idToken(json));
    }

    /** As Keycloak, Microsoft and GitHub, and Intuit call it. */
    private static @Nullable Duration refreshLifetime(JsonNode json) {
        return Stream.of("refresh_expires_in", "refresh_token_expires_in", "x_refresh_token_expires_in")
                .map(name -> lifetime(Json.number(json, name)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Secret idToken(JsonNode json) {
        String idToken = Json.text(json, "id_token");
        return idToken == null || !Remote.isCredential(idToken) ? null : Secret.of(idToken);
    }

    private static @Nullable Duration lifetime(@Nullable Long seconds) {
        // Zero and less are said by servers that mean "never".
        return seconds == null || seconds <= 0 ? null : Duration.ofSeconds(Math.min(seconds, LONGEST_LIFETIME_SECONDS));
    }

    /** Some answer 200 and an error. */
    static boolean isError(JsonNode json) {
        return json.has("error") && !json.path("error").isNull() && !json.has("access_token");
    }

    static Denied denied(int status, Optional<JsonNode> json, Collection<Secret> sent) {
        String error = json.map(TokenEndpoint::error).orElse(null);
        String description = json.map(TokenEndpoint::description).orElse(null);
        return new Denied(
                status,
                error == null ? "" : RemoteText.errorCode(error, sent),
                description == null ? null : RemoteText.shown(description, sent));
    }

    private static @Nullable String error(JsonNode json) {
        String error = Json.text(json, "error");
        return error != null ? error : Json.text(json.path("error"), "code");
    }

    /** As RFC 6749 has it; else as frameworks do that never come to OAuth, since the request did not pass their own check. */
    private static @Nullable String description(JsonNode json) {
        JsonNode complaint = json.path("detail").path(0);
        String member =
                complaint.path("loc").path(complaint.path("loc").size() - 1).asString("");
        String complained = Json.text(complaint, "msg");
        return Stream.of(
                        Json.text(json, "error_description"),
                        Json.text(json.path("error"), "message"),
                        Json.text(json, "message"),
                        Json.text(json, "msg"),
                        Json.text(json, "detail"),
                        complained == null || member.isEmpty() ? complained : member + ": " + complained)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
