package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.openid.connect.sdk.rp.ApplicationType;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationRequest;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Our client as an authorization server registered it.
 *
 * @param clientSecretExpiresAt null: never
 * @param registrationClientUri RFC 7592
 * @param metadata what was registered, a JSON object without ids, secrets and tokens; null: more than is kept
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-3">RFC 7591 section 3</a>
 */
public record ClientRegistration(
        String clientId,
        @Nullable Secret clientSecret,
        @Nullable Instant clientSecretExpiresAt,
        String tokenEndpointAuthMethod,
        @Nullable Secret registrationAccessToken,
        @Nullable String registrationClientUri,
        @Nullable String metadata) {

    static final String NAME = "Claviger";

    private static final int LONGEST_METADATA = 16 * 1024;

    /** Of the server and not of the client: to be left out of an update (RFC 7592 section 2.2), and of what is kept. */
    static final Set<String> NOT_METADATA = Set.of(
            "client_id",
            "client_secret",
            "client_secret_expires_at",
            "client_id_issued_at",
            "registration_access_token",
            "registration_client_uri");

    static OutboundRequest request(URI registrationEndpoint, URI redirectUri, String authMethod) {
        return request(registrationEndpoint, redirectUri, authMethod, applicationType(redirectUri));
    }

    /** @param applicationType {@code native} or {@code web} */
    static OutboundRequest request(
            URI registrationEndpoint, URI redirectUri, String authMethod, String applicationType) {
        OIDCClientMetadata metadata = new OIDCClientMetadata();
        metadata.setName(NAME);
        metadata.setRedirectionURI(redirectUri);
        metadata.setApplicationType(applicationType.equals("native") ? ApplicationType.NATIVE : ApplicationType.WEB);
        metadata.setGrantTypes(Set.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN));
        metadata.setResponseTypes(Set.of(ResponseType.CODE));
        metadata.setTokenEndpointAuthMethod(ClientAuthenticationMethod.parse(authMethod));
        return NimbusMessages.post(
                new OIDCClientRegistrationRequest(registrationEndpoint, metadata, null).toHTTPRequest(),
                registrationEndpoint);
    }

    /**
     * @param requestedMethod stands where the response does not name one
     * @throws Unreachable on 5xx and 429
     * @throws Refused when it is not a registration
     */
    public static ClientRegistration read(OutboundResponse response, String requestedMethod, URI from) {
        Answers.reachable(response, from);
        if (!response.isSuccess()) {
            throw refusal(response, from);
        }
        String what = "The answer of " + from.getHost() + " to the client registration";
        JsonNode json = Json.object(response, FailureCode.REGISTRATION_REFUSED, what);
        String clientId = Json.text(json, "client_id");
        if (clientId == null || !Remote.isCredential(clientId)) {
            throw new Refused(
                    FailureCode.REGISTRATION_REFUSED,
                    what + " holds no usable client_id. Enter a client by hand under Advanced.");
        }
        String secretText = Json.text(json, "client_secret");
        if (secretText != null && !Remote.isCredential(secretText)) {
            throw new Refused(
                    FailureCode.REGISTRATION_REFUSED,
                    what + " holds a client_secret that is too long or not printable. Enter a client by hand under"
                            + " Advanced.");
        }
        String method = method(Json.text(json, "token_endpoint_auth_method"), requestedMethod, secretText != null);
        if (!ClientAuthentication.isKnown(method)) {
            throw new Refused(
                    FailureCode.REGISTRATION_REFUSED,
                    what + " demands a way of client authentication that Claviger does not know.");
        }
        Long expires = Json.number(json, "client_secret_expires_at");
        String registrationToken = Json.text(json, "registration_access_token");
        return new ClientRegistration(
                clientId,
                secretText == null || method.equals(ClientAuthentication.NONE) ? null : Secret.of(secretText),
                expiry(expires),
                method,
                registrationToken == null || !Remote.isCredential(registrationToken)
                        ? null
                        : Secret.of(registrationToken),
                Remote.url(Json.text(json, "registration_client_uri")),
                metadata(json, secretText, registrationToken));
    }

    static @Nullable Instant expiry(@Nullable Long seconds) {
        return seconds == null || seconds <= 0 ? null : Instant.ofEpochSecond(Math.min(seconds, 253402300799L));
    }

    static @Nullable String metadata(JsonNode json, @Nullable String... secrets) {
        String metadata = Json.without(json, NOT_METADATA);
        boolean tells = Arrays.stream(secrets).anyMatch(secret -> secret != null && metadata.contains(secret));
        return tells || metadata.length() > LONGEST_METADATA ? null : metadata;
    }

    /** Whether a redirect URI may be used at all: https, or this very machine (C41). */
    public static boolean isUsableRedirect(URI redirectUri) {
        return "https".equals(redirectUri.getScheme())
                || ("http".equals(redirectUri.getScheme()) && isLoopback(redirectUri));
    }

    private static String method(@Nullable String named, String requested, boolean hasSecret) {
        if (!hasSecret) {
            return named == null || named.startsWith("client_secret_") ? ClientAuthentication.NONE : named;
        }
        if (named != null) {
            return named;
        }
        return requested.equals(ClientAuthentication.NONE) ? ClientAuthentication.BASIC : requested;
    }

    private static Refused refusal(OutboundResponse response, URI from) {
        Optional<JsonNode> json = Json.object(response);
        String error = json.map(node -> Json.text(node, "error")).orElse("");
        String description =
                json.map(node -> Json.text(node, "error_description")).orElse("");
        boolean redirect = error.equals("invalid_redirect_uri")
                || description.toLowerCase(Locale.ROOT).matches(".*redirect.?ur[il].*");
        String said = from.getHost() + " refused to register Claviger: HTTP " + response.status()
                + (error.isEmpty() ? "" : ", " + RemoteText.errorCode(error, List.of()))
                + (description.isEmpty() ? "" : " (“" + RemoteText.shown(description, List.of()) + "”)")
                + ". ";
        return redirect
                ? new Refused(
                        FailureCode.REDIRECT_URI_REFUSED,
                        said + "It does not accept our redirect URI; ask its operator to allow it, or enter a client by"
                                + " hand under Advanced.")
                : new Refused(
                        FailureCode.REGISTRATION_REFUSED,
                        said + "Register Claviger there yourself and enter the client under Advanced.");
    }

    /** {@code native} for a redirect to this machine, {@code web} for everything else (C22). */
    static String applicationType(URI redirectUri) {
        return isLoopback(redirectUri) ? "native" : "web";
    }

    private static boolean isLoopback(URI uri) {
        return Set.of("localhost", "127.0.0.1", "[::1]").contains(String.valueOf(uri.getHost()));
    }
}
