package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NewSigningKeyTest {

    private static final String CLIENT = "https://claviger.example/oauth/client-metadata.json";

    @Test
    void publishesNothingButThePublicHalfUnderItsThumbprint() throws Exception {
        NewSigningKey made = NewSigningKey.generate();

        JWK published = JWK.parse(made.publicKey());
        assertThat(published.isPrivate()).isFalse();
        assertThat(published.computeThumbprint().toString()).isEqualTo(made.keyId());
        assertThat(published.toJSONObject()).containsEntry("alg", "ES256").containsEntry("use", "sig");
        assertThat(made.toString()).doesNotContain("PRIVATE KEY");
    }

    @Test
    void signsAssertionsThatThePublishedKeyVerifies() throws Exception {
        NewSigningKey made = NewSigningKey.generate();

        SignedJWT assertion = assertion(made);

        ECKey published = JWK.parse(made.publicKey()).toECKey();
        assertThat(assertion.getHeader().getKeyID()).isEqualTo(made.keyId());
        assertThat(assertion.verify(new ECDSAVerifier(published))).isTrue();
        ECKey other = JWK.parse(NewSigningKey.generate().publicKey()).toECKey();
        assertThat(assertion.verify(new ECDSAVerifier(other))).isFalse();
    }

    private static SignedJWT assertion(NewSigningKey made) {
        SigningKey key = SigningKey.of(made.privateKey(), NewSigningKey.ALGORITHM, made.keyId());
        return new ClientAssertion(CLIENT, "https://as.example", key).sign(Instant.now());
    }
}
