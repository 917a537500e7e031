package dev.claviger.oauth.api;

import dev.claviger.credentials.api.SecretRef;
import java.time.Instant;

/** What happens to the keys by which our client shows authorization servers who it is (RFC 7523). */
public sealed interface SigningKeyEvent {

    SigningKeysId signingKeysId();

    /**
     * The first key.
     *
     * @param keyId {@code kid}: the thumbprint (RFC 7638) of the public key
     * @param publicKey JWK (RFC 7517), a JSON object
     * @param privateKey PKCS #8 in PEM, sealed under {@code PRIVATE_KEY}
     */
    record SigningKeyCreated(SigningKeysId signingKeysId, String keyId, String publicKey, SecretRef privateKey)
            implements SigningKeyEvent {}

    /**
     * Another key takes the place of the former, which stays published for those who have not seen the new one.
     *
     * @param formerUntil when the former is retired
     */
    record SigningKeyRotated(
            SigningKeysId signingKeysId,
            String keyId,
            String publicKey,
            SecretRef privateKey,
            String formerKeyId,
            Instant formerUntil)
            implements SigningKeyEvent {}

    /** A former key is published no more, and its private key shredded. */
    record SigningKeyRetired(SigningKeysId signingKeysId, String keyId, SecretRef privateKey)
            implements SigningKeyEvent {}
}
