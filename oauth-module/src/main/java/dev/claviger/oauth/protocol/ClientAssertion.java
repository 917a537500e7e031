package dev.claviger.oauth.protocol;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/**
 * What a client with {@code private_key_jwt} says of itself, signed anew for each request: good for one, and soon stale.
 *
 * @param audience issuer of the authorization server, byte for byte: an assertion for one is worth nothing at another
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523 section 3</a>
 */
public record ClientAssertion(String clientId, String audience, SigningKey key) {

    private static final Duration VALIDITY = Duration.ofMinutes(1);

    SignedJWT sign(Instant now) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(clientId)
                .subject(clientId)
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(VALIDITY)))
                .jwtID(UUID.randomUUID().toString())
                .build();
        SignedJWT assertion = new SignedJWT(key.header(), claims);
        try {
            assertion.sign(key.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("The key was checked when it was read, and cannot sign", e);
        }
        return assertion;
    }
}
