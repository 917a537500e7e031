package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came back through the browser. Nothing in it is to be believed before state and issuer are checked.
 *
 * @param repeated whether a parameter came more than once (RFC 6749 section 3.1 forbids it)
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749 section 4.1.2</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9207#section-2.4">RFC 9207 section 2.4</a>
 */
public record AuthorizationResponse(
        @Nullable Secret state,
        @Nullable Secret code,
        @Nullable String iss,
        @Nullable String error,
        @Nullable String errorDescription,
        boolean repeated) {

    private static final List<String> PARAMETERS = List.of("state", "code", "iss", "error", "error_description");

    /** RFC 6749 section 4.1.2.1, and what some say in its place. */
    private static final Set<String> OUR_CLIENT = Set.of("unauthorized_client", "invalid_client");

    /** Takes the parameters of the redirect, decoded. */
    public static AuthorizationResponse of(Map<String, String[]> parameters) {
        return new AuthorizationResponse(
                secret(single(parameters, "state")),
                secret(single(parameters, "code")),
                // An empty one is there, and names no issuer.
                values(parameters, "iss").length == 0 ? null : values(parameters, "iss")[0],
                single(parameters, "error"),
                single(parameters, "error_description"),
                PARAMETERS.stream().anyMatch(name -> values(parameters, name).length > 1));
    }

    /**
     * The table of RFC 9207 (C45), compared byte for byte (C46); to be asked before the code goes anywhere, and before an
     * error is believed (C47).
     *
     * @param supported whether the authorization server said that it sends {@code iss}
     */
    public void requireIssuer(String expected, boolean supported) {
        if (iss == null ? supported : !iss.equals(expected)) {
            throw wrongIssuer();
        }
    }

    /** With endpoints entered by hand no issuer is known; one that is named must at least live beside one of them. */
    public void requireIssuerBeside(URI authorizationEndpoint, URI tokenEndpoint) {
        if (iss != null && !isAt(iss, Origin.of(authorizationEndpoint)) && !isAt(iss, Origin.of(tokenEndpoint))) {
            throw wrongIssuer();
        }
    }

    /** @throws Refused when the authorization server said no, or nothing */
    public Secret requireCode(String authorizationHost) {
        if (repeated) {
            throw new Refused(
                    FailureCode.AUTHORIZATION_REFUSED,
                    authorizationHost + " sent a parameter twice, which OAuth forbids; connect again.");
        }
        if (error != null) {
            throw refusal(error, authorizationHost);
        }
        if (code == null) {
            throw new Refused(
                    FailureCode.AUTHORIZATION_REFUSED,
                    authorizationHost + " sent neither a code nor an error; connect again.");
        }
        return code;
    }

    private Refused refusal(String said, String authorizationHost) {
        if (said.equals("access_denied")) {
            return new Refused(
                    FailureCode.CONSENT_DENIED,
                    "Consent was denied at " + authorizationHost + "; connect again to be asked once more.");
        }
        if (OUR_CLIENT.contains(said)) {
            return new Refused(
                    FailureCode.CLIENT_REFUSED, authorizationHost + " does not accept our client: " + said + ".");
        }
        return new Refused(
                FailureCode.AUTHORIZATION_REFUSED,
                authorizationHost + " refused: " + RemoteText.errorCode(said, List.of())
                        + (errorDescription == null || errorDescription.isBlank()
                                ? "."
                                : " (“" + RemoteText.shown(errorDescription, List.of()) + "”)."));
    }

    private static Untrusted wrongIssuer() {
        return new Untrusted(
                FailureCode.WRONG_ISSUER,
                "The response did not come from the authorization server that was asked, so nothing in it was used. If"
                        + " it happens again, somebody may be tampering; tell the server's operator.");
    }

    private static boolean isAt(String iss, String origin) {
        return iss.equals(origin) || iss.startsWith(origin + "/");
    }

    private static @Nullable Secret secret(@Nullable String text) {
        return text == null ? null : Secret.of(text);
    }

    private static @Nullable String single(Map<String, String[]> parameters, String name) {
        String[] values = values(parameters, name);
        return values.length == 0 || values[0].isEmpty() ? null : values[0];
    }

    private static String[] values(Map<String, String[]> parameters, String name) {
        return parameters.getOrDefault(name, new String[0]);
    }
}
