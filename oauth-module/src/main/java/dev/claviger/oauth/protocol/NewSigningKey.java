package dev.claviger.oauth.protocol;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.claviger.credentials.api.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A key pair that has just been made, for {@link #ALGORITHM}.
 *
 * @param keyId the thumbprint (RFC 7638) of the public key
 * @param publicKey JWK, a JSON object
 * @param privateKey PKCS #8 in PEM
 */
public record NewSigningKey(String keyId, String publicKey, Secret privateKey) {

    public static final String ALGORITHM = "ES256";

    public static NewSigningKey generate() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.parse(ALGORITHM))
                    .keyIDFromThumbprint(true)
                    .generate();
            return new NewSigningKey(
                    key.getKeyID(),
                    key.toPublicJWK().toJSONString(),
                    pem(key.toECPrivateKey().getEncoded()));
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java platform makes keys on P-256", e);
        }
    }

    private static Secret pem(byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return Secret.of(SigningKey.BEGIN + "\n" + body + "\n" + SigningKey.END + "\n");
    }
}
