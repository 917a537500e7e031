package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Secret;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.convert.support.DefaultConversionService;

class TypedKeyTest {

    @Test
    void isReadFromFormsWithTheirLineEndsAndPrintsNowhere() {
        String typed = "  " + Fixtures.PEM.replace("\n", "\r\n") + "\r\n";
        TypedKey key = DefaultConversionService.getSharedInstance().convert(typed, TypedKey.class);
        assertThat(key).isNotNull();
        assertThat(key.secret()).isEqualTo(Secret.of(Fixtures.PEM));
        assertThat(key.trouble()).isNull();
        assertThat(key).hasToString("TypedKey[***]");
    }

    @ParameterizedTest
    @CsvSource({"secp256r1, ES256, ES384", "secp384r1, ES384, ES256", "secp521r1, ES512, RS256"})
    void knowsWhatACurveSignsWith(String curve, String fits, String fitsNot) {
        TypedKey key = TypedKey.valueOf(Fixtures.pem("EC", new ECGenParameterSpec(curve)));
        assertThat(key.algorithm()).isEqualTo(fits);
        assertThat(key.troubleWith(fits)).isNull();
        assertThat(key.troubleWith(fitsNot)).contains(fitsNot).endsWith(".");
    }

    @Test
    void knowsWhatAnRsaKeySignsWith() {
        TypedKey key = TypedKey.valueOf(rsa(2_048));
        assertThat(key.algorithm()).isEqualTo("RS256");
        assertThat(key.troubleWith("PS512")).isNull();
        assertThat(key.troubleWith("ES256")).contains("ES256");
    }

    @Test
    void refusesAShortRsaKey() {
        assertThat(TypedKey.valueOf(rsa(1_024)).trouble()).startsWith("Use an RSA key of at least 2048 bits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not a key",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n=A=\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
            })
    void saysInOneSentenceWhatIsWrongAndKeepsNothing(String typed) {
        TypedKey key = TypedKey.valueOf(typed);
        assertThat(key.trouble()).endsWith(".").doesNotContain("AAAA");
        assertThat(key.secret()).isNull();
        assertThat(key.isBlank()).isFalse();
    }

    @Test
    void refusesALongTextAtOnce() {
        String endless = "-----BEGIN PRIVATE KEY-----" + "A ".repeat(200_000);
        assertThat(TypedKey.valueOf(endless).trouble()).startsWith("This is longer than");
    }

    @Test
    void nothingIsBlank() {
        assertThat(TypedKey.valueOf(" \r\n ").isBlank()).isTrue();
        assertThat(TypedKey.orBlank(null).isBlank()).isTrue();
    }

    private static String rsa(int bits) {
        return Fixtures.pem("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
    }
}
