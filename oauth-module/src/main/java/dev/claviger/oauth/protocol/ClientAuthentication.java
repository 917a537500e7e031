package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.id.ClientID;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How our client shows who it is at the token endpoint.
 *
 * @param secret for {@code client_secret_basic} and {@code client_secret_post}, otherwise null
 * @param method {@code none}, {@code client_secret_basic}, {@code client_secret_post} or {@code private_key_jwt}
 * @param assertion for {@code private_key_jwt}, otherwise null
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3">RFC 6749 section 2.3</a>
 */
public record ClientAuthentication(
        String clientId,
        @Nullable Secret secret,
        String method,
        @Nullable ClientAssertion assertion) {

    public static final String NONE = "none";
    public static final String BASIC = "client_secret_basic";
    public static final String POST = "client_secret_post";
    public static final String PRIVATE_KEY_JWT = "private_key_jwt";

    private static final List<String> OURS = List.of(BASIC, POST, NONE);

    public ClientAuthentication(String clientId, @Nullable Secret secret, String method) {
        this(clientId, secret, method, null);
    }

    /** By {@code private_key_jwt} (RFC 7523 section 2.2). */
    public static ClientAuthentication signed(ClientAssertion assertion) {
        return new ClientAuthentication(assertion.clientId(), null, PRIVATE_KEY_JWT, assertion);
    }

    /**
     * The method to ask for when registering: with a secret where there is a choice, since we can keep one.
     *
     * @param supported as the metadata says; empty: not said, which means Basic (RFC 8414 section 2)
     */
    public static String toRegister(List<String> supported) {
        if (supported.isEmpty()) {
            return BASIC;
        }
        return OURS.stream()
                .filter(supported::contains)
                .findFirst()
                .orElseThrow(() -> new Refused(
                        FailureCode.NO_CLIENT_REGISTRATION,
                        "The token endpoint authenticates clients in ways that Claviger does not know; it registers for"
                                + " none, client_secret_basic and client_secret_post. Register Claviger there yourself and"
                                + " enter the client under Advanced."));
    }

    /** The method for a client that an admin entered; a key before a secret where the server takes both. */
    public static String preRegistered(boolean hasKey, boolean hasSecret, List<String> supported) {
        if (hasKey && (!hasSecret || supported.isEmpty() || supported.contains(PRIVATE_KEY_JWT))) {
            return PRIVATE_KEY_JWT;
        }
        if (!hasSecret) {
            return NONE;
        }
        return !supported.contains(BASIC) && supported.contains(POST) ? POST : BASIC;
    }

    static boolean isKnown(String method) {
        return OURS.contains(method);
    }

    ClientID nimbusId() {
        return new ClientID(clientId);
    }

    /** What a server may echo: the secret itself, and the header value that carries it; assertions are struck by form. */
    List<Secret> written() {
        if (secret == null) {
            return List.of();
        }
        return nimbus() instanceof ClientSecretBasic basic
                ? List.of(secret, Secret.of(basic.toHTTPAuthorizationHeader()))
                : List.of(secret);
    }

    /** Null for a public client. */
    com.nimbusds.oauth2.sdk.auth.@Nullable ClientAuthentication nimbus() {
        if (method.equals(NONE)) {
            return null;
        }
        if (method.equals(PRIVATE_KEY_JWT)) {
            return new SignedAuthentication(
                    nimbusId(),
                    Objects.requireNonNull(assertion, "A client with a key signs an assertion")
                            .sign(Instant.now()));
        }
        var nimbusSecret = new com.nimbusds.oauth2.sdk.auth.Secret(
                Objects.requireNonNull(secret, "A confidential client has a secret")
                        .reveal());
        return method.equals(POST)
                ? new ClientSecretPost(nimbusId(), nimbusSecret)
                : new ClientSecretBasic(nimbusId(), nimbusSecret);
    }
}
