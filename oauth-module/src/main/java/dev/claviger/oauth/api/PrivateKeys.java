package dev.claviger.oauth.api;

import dev.claviger.credentials.api.Secret;
import dev.claviger.oauth.protocol.SigningKey;
import java.util.List;
import java.util.Optional;

/** What may be known of a private key before it is sealed. */
public final class PrivateKeys {

    /** The JWS algorithms (RFC 7518 section 3.1) that a client may sign its assertions by, the usual ones first. */
    public static final List<String> ALGORITHMS = SigningKey.ALGORITHMS;

    private PrivateKeys() {}

    /**
     * Why this key cannot sign by this algorithm, in a sentence for an admin; empty where it can.
     *
     * @param pem PKCS #8 in PEM
     */
    public static Optional<String> problem(Secret pem, String algorithm) {
        try {
            SigningKey.of(pem, algorithm, null);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
