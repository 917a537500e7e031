package dev.claviger.oauth.protocol;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import dev.claviger.credentials.api.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A private key with the algorithm it signs by.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC 7518 section 3.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8037">RFC 8037 for EdDSA</a>
 */
public final class SigningKey {

    /** What a key may sign by. */
    public static final List<String> ALGORITHMS =
            List.of("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA");

    private static final int SHORTEST_RSA = 2048;
    static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    static final String END = "-----END PRIVATE KEY-----";

    private final JWSAlgorithm algorithm;
    private final @Nullable String keyId;
    private final JWSSigner signer;

    private SigningKey(JWSAlgorithm algorithm, @Nullable String keyId, JWSSigner signer) {
        this.algorithm = algorithm;
        this.keyId = keyId;
        this.signer = signer;
    }

    /**
     * @param pem PKCS #8 in PEM
     * @param algorithm one of {@link #ALGORITHMS}
     * @param keyId put into the header of what is signed; null: none
     * @throws IllegalArgumentException when the key does not fit; the message is a sentence for an admin, without the key
     */
    public static SigningKey of(Secret pem, String algorithm, @Nullable String keyId) {
        if (!ALGORITHMS.contains(algorithm)) {
            throw new IllegalArgumentException(
                    "Claviger does not sign by that algorithm; choose one of " + String.join(", ", ALGORITHMS) + ".");
        }
        JWSAlgorithm jws = JWSAlgorithm.parse(algorithm);
        try {
            return new SigningKey(jws, keyId, signer(jws, read(pem, family(algorithm))));
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalArgumentException("The private key does not fit " + algorithm + ": it must be "
                    + kindOfKey(algorithm) + " as PKCS #8 in PEM, beginning with " + BEGIN + ".");
        }
    }

    private static PrivateKey read(Secret pem, String family) throws GeneralSecurityException {
        String text = pem.reveal().strip();
        if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
            throw new GeneralSecurityException("not PKCS #8 in PEM");
        }
        String body = text.substring(BEGIN.length(), text.length() - END.length());
        try {
            byte[] der = Base64.getDecoder().decode(body.replaceAll("\\s", ""));
            return KeyFactory.getInstance(family).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not Base64", e);
        }
    }

    private static JWSSigner signer(JWSAlgorithm algorithm, PrivateKey key)
            throws GeneralSecurityException, JOSEException {
        if (key instanceof RSAPrivateKey rsa) {
            if (rsa.getModulus().bitLength() < SHORTEST_RSA) {
                throw new GeneralSecurityException("too short");
            }
            return new RSASSASigner(rsa);
        }
        if (key instanceof ECPrivateKey ec) {
            if (!Curve.forJWSAlgorithm(algorithm).contains(Curve.forECParameterSpec(ec.getParams()))) {
                throw new GeneralSecurityException("another curve");
            }
            return new ECDSASigner(ec);
        }
        return new Ed25519Signer(key);
    }

    private static String family(String algorithm) {
        return switch (algorithm.substring(0, 2)) {
            case "ES" -> "EC";
            case "Ed" -> "Ed25519";
            default -> "RSA";
        };
    }

    private static String kindOfKey(String algorithm) {
        return switch (algorithm) {
            case "ES256" -> "a key on the curve P-256";
            case "ES384" -> "a key on the curve P-384";
            case "ES512" -> "a key on the curve P-521";
            case "EdDSA" -> "an Ed25519 key";
            default -> "an RSA key of at least " + SHORTEST_RSA + " bits";
        };
    }

    JWSHeader header() {
        return new JWSHeader.Builder(algorithm).keyID(keyId).build();
    }

    JWSSigner signer() {
        return signer;
    }

    @Override
    public String toString() {
        return "SigningKey[" + algorithm + "]";
    }

    /** By the platform's own Ed25519; Nimbus wants another library for it. */
    private static final class Ed25519Signer implements JWSSigner {

        private final PrivateKey key;
        private final JCAContext context = new JCAContext();

        Ed25519Signer(PrivateKey key) {
            this.key = key;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(key);
                signature.update(input);
                return Base64URL.encode(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new JOSEException("Signing by Ed25519 failed", e);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA);
        }

        @Override
        public JCAContext getJCAContext() {
            return context;
        }
    }
}
