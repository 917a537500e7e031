package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.common.contenttype.ContentType;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import dev.claviger.credentials.api.Secret;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivateKeyJwtTest {

    private static final String CLIENT = "https://claviger.example/oauth/client-metadata.json";
    private static final String ISSUER = "https://as.example/tenant/";

    @ParameterizedTest
    @CsvSource({
        "ES256, EC, secp256r1",
        "ES384, EC, secp384r1",
        "RS256, RSA, 2048",
        "PS256, RSA, 2048",
        "EdDSA, Ed25519, Ed25519"
    })
    void signsWhatTheAuthorizationServerCanVerify(String algorithm, String family, String size) throws Exception {
        KeyPair pair = pair(family, size);

        SignedJWT assertion = assertion(pem(pair), algorithm);

        assertThat(verifies(assertion, pair)).isTrue();
        assertThat(assertion.getHeader().getKeyID()).isEqualTo("k1");
        assertThat(assertion.getJWTClaimsSet().getIssuer()).isEqualTo(CLIENT);
        assertThat(assertion.getJWTClaimsSet().getSubject()).isEqualTo(CLIENT);
        assertThat(assertion.getJWTClaimsSet().getAudience()).containsExactly(ISSUER);
        assertThat(assertion.getJWTClaimsSet().getExpirationTime().toInstant())
                .isAfter(Instant.now())
                .isBefore(Instant.now().plus(Duration.ofMinutes(2)));
    }

    @Test
    void signsAnewForEachRequest() throws Exception {
        ClientAuthentication client = client(pem(pair("EC", "secp256r1")), "ES256");

        assertThat(assertionOf(client).getJWTClaimsSet().getJWTID())
                .isNotEqualTo(assertionOf(client).getJWTClaimsSet().getJWTID());
    }

    @ParameterizedTest
    @CsvSource({
        "ES256, EC, secp384r1, P-256",
        "ES256, RSA, 2048, P-256",
        "RS256, RSA, 1024, 2048 bits",
        "RS256, EC, secp256r1, RSA",
        "EdDSA, RSA, 2048, Ed25519"
    })
    void saysWhatKeyAnAlgorithmNeeds(String algorithm, String family, String size, String needed) throws Exception {
        Secret pem = pem(pair(family, size));

        assertThatThrownBy(() -> SigningKey.of(pem, algorithm, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(needed);
    }

    @Test
    void neverRepeatsAKeyItCannotRead() {
        for (String text : List.of("hunter2", "-----BEGIN PRIVATE KEY-----\nhunter2!\n-----END PRIVATE KEY-----")) {
            assertThatThrownBy(() -> SigningKey.of(Secret.of(text), "ES256", null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause()
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void signsByNoneOfTheAlgorithmsThatProveNothing() throws Exception {
        Secret pem = pem(pair("EC", "secp256r1"));

        assertThatThrownBy(() -> SigningKey.of(pem, "none", null)).hasMessageContaining("ES256");
        assertThatThrownBy(() -> SigningKey.of(pem, "HS256", null)).hasMessageContaining("ES256");
    }

    @Test
    void prefersTheKeyToTheSecretWhereTheServerTakesIt() {
        List<String> basic = List.of("client_secret_basic");
        assertThat(ClientAuthentication.preRegistered(true, true, List.of("private_key_jwt", "client_secret_basic")))
                .isEqualTo("private_key_jwt");
        assertThat(ClientAuthentication.preRegistered(true, true, List.of())).isEqualTo("private_key_jwt");
        assertThat(ClientAuthentication.preRegistered(true, true, basic)).isEqualTo("client_secret_basic");
        assertThat(ClientAuthentication.preRegistered(true, false, basic)).isEqualTo("private_key_jwt");
    }

    @Test
    void strikesAnAssertionThatTheServerEchoes() throws Exception {
        String assertion = assertion(pem(pair("EC", "secp256r1")), "ES256").serialize();

        assertThat(RemoteText.shown("unknown assertion " + assertion + " of yours", List.of()))
                .isEqualTo("unknown assertion *** of yours");
    }

    private static SignedJWT assertion(Secret pem, String algorithm) throws Exception {
        return assertionOf(client(pem, algorithm));
    }

    private static ClientAuthentication client(Secret pem, String algorithm) {
        return ClientAuthentication.signed(new ClientAssertion(CLIENT, ISSUER, SigningKey.of(pem, algorithm, "k1")));
    }

    private static SignedJWT assertionOf(ClientAuthentication client) throws Exception {
        HTTPRequest request = new HTTPRequest(HTTPRequest.Method.POST, URI.create("https://as.example/token"));
        request.setEntityContentType(ContentType.APPLICATION_URLENCODED);
        client.nimbus().applyTo(request);
        var parameters = request.getBodyAsFormParameters();
        assertThat(parameters.get("client_assertion_type"))
                .containsExactly("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        assertThat(parameters.get("client_id")).containsExactly(CLIENT);
        return SignedJWT.parse(parameters.get("client_assertion").get(0));
    }

    private static boolean verifies(SignedJWT assertion, KeyPair pair) throws Exception {
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            return assertion.verify(new com.nimbusds.jose.crypto.RSASSAVerifier(rsa));
        }
        if (pair.getPublic() instanceof ECPublicKey ec) {
            return assertion.verify(new com.nimbusds.jose.crypto.ECDSAVerifier(ec));
        }
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initVerify(pair.getPublic());
        ed25519.update(assertion.getSigningInput());
        return ed25519.verify(assertion.getSignature().decode());
    }

    private static KeyPair pair(String family, String size) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
        if (family.equals("RSA")) {
            generator.initialize(Integer.parseInt(size));
        } else if (family.equals("EC")) {
            generator.initialize(new ECGenParameterSpec(size));
        }
        return generator.generateKeyPair();
    }

    private static Secret pem(KeyPair pair) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPrivate().getEncoded());
        return Secret.of("-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
    }
}
