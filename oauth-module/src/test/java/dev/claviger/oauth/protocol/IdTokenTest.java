package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Account.Source;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdTokenTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String SIGNED = "{\"alg\":\"RS256\"}";
    private static final String GOOD = """
            {"iss":"https://as.example","aud":"client","exp":1800000600,"sub":"42","email":"ann@example.com"}""";

    @Test
    void namesWhomItIsAbout() {
        assertThat(read(SIGNED, GOOD))
                .isEqualTo(Identification.of(
                        new Account(Source.ID_TOKEN, "https://as.example", "42", "ann@example.com", null, null)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"iss\":\"https://as.example/\",\"aud\":\"client\",\"exp\":1800000600,\"sub\":\"42\"}",
                "{\"iss\":\"https://as.example\",\"aud\":\"another client\",\"exp\":1800000600,\"sub\":\"42\"}",
                "{\"iss\":\"https://as.example\",\"aud\":[\"client\",\"b\"],\"exp\":1800000600,\"sub\":\"42\"}",
                "{\"iss\":\"https://as.example\",\"aud\":\"client\",\"azp\":\"b\",\"exp\":1800000600,\"sub\":\"42\"}",
                "{\"iss\":\"https://as.example\",\"aud\":\"client\",\"exp\":1799999000,\"sub\":\"42\"}",
                "{\"iss\":\"https://as.example\",\"aud\":\"client\",\"exp\":\"1800000600\",\"sub\":\"42\"}",
                "{\"iss\":\"https://as.example\",\"aud\":\"client\",\"sub\":\"42\"}",
                "{\"iss\":\"https://as.example\",\"aud\":\"client\",\"exp\":1800000600}",
                "{\"iss\":\"https://as.example\",\"aud\":\"client\",\"exp\":1800000600,\"sub\":42}",
                "{\"iss\":\"https://as.example\",\"aud\":\"client\",\"exp\":1800000600,\"sub\":\"a\u00e9\"}",
                "{\"iss\":\"x\",\"iss\":\"https://as.example\",\"aud\":\"client\",\"exp\":1800000600,\"sub\":\"42\"}",
                "[]",
                "nonsense"
            })
    void isNotBelievedWhereAnythingIsWrong(String claims) {
        Identification read = read(SIGNED, claims);
        assertThat(read.account()).isNull();
        assertThat(read.doubted()).isTrue();
        assertThat(read.why()).doesNotContain("42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"alg\":\"none\"}", "{\"alg\":\"NONE\"}", "{}", "x"})
    void isNotBelievedUnsigned(String header) {
        assertThat(read(header, GOOD).doubted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c", "a.b.c.d", "\u00e9.\u00e9.\u00e9"})
    void isNotBelievedWhereItIsNoToken(String token) {
        assertThat(IdToken.read(Secret.of("x" + token), "https://as.example", "client", NOW)
                        .doubted())
                .isTrue();
    }

    @Test
    void mayBeEncryptedForSomebodyElse() {
        assertThat(IdToken.read(Secret.of("a.b.c.d.e"), "https://as.example", "client", NOW)
                        .doubted())
                .isFalse();
    }

    @Test
    void mayHaveSeveralAudiencesWhereItSaysWhichOneAskedForIt() {
        assertThat(read(SIGNED, """
                        {"iss":"https://as.example","aud":["client","b"],"azp":"client","exp":1800000600,"sub":"42"}""").account()).isNotNull();
    }

    @Test
    void leavesOutWhatNobodyShouldSeeOrGoBy() {
        Account account = read(SIGNED, """
                        {"iss":"https://as.example","aud":"client","exp":1800000600,"sub":"42",
                        "email":"ann@example.com","email_verified":false,"name":"a\\u202eb",
                        "preferred_username":"%s"}""".formatted("x".repeat(256))).account();
        assertThat(account).isEqualTo(new Account(Source.ID_TOKEN, "https://as.example", "42", null, null, null));
    }

    private static Identification read(String header, String claims) {
        return IdToken.read(
                Secret.of(part(header) + "." + part(claims) + ".c2ln"), "https://as.example", "client", NOW);
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
