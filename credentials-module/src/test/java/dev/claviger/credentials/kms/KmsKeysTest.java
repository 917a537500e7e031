package dev.claviger.credentials.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.crypto.tink.Aead;
import dev.claviger.demoprovider.DemoKms;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KmsKeysTest {

    enum Service {
        AWS,
        GOOGLE,
        VAULT
    }

    private static final byte[] KEY = "a key of thirty-two bytes length".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PURPOSE = "claviger/test".getBytes(StandardCharsets.UTF_8);
    private static final Duration AMPLE = Duration.ofSeconds(30);
    private static String privateKey;

    @TempDir
    Path directory;

    private final DemoKms kms = DemoKms.start();

    @BeforeAll
    static void credentials() throws Exception {
        System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
        System.setProperty("aws.secretAccessKey", "example");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        privateKey = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @AfterAll
    static void noCredentials() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    @AfterEach
    void stop() {
        kms.close();
    }

    @ParameterizedTest
    @EnumSource
    void unwrapsWhatItWrapped(Service service) throws Exception {
        Aead key = key(service);
        byte[] wrapped = key.encrypt(KEY, PURPOSE);
        assertThat(new String(wrapped, StandardCharsets.ISO_8859_1)).doesNotContain("thirty-two");
        assertThat(key.decrypt(wrapped, PURPOSE)).isEqualTo(KEY);
    }

    @ParameterizedTest
    @EnumSource
    void unwrapsForNoOtherPurposeAndNothingThatWasTouched(Service service) throws Exception {
        Aead key = key(service);
        byte[] wrapped = key.encrypt(KEY, PURPOSE);
        assertThatExceptionOfType(KmsRefused.class)
                .isThrownBy(() -> key.decrypt(wrapped, "claviger/other".getBytes(StandardCharsets.UTF_8)));
        byte[] touched = wrapped.clone();
        int last = touched.length - 4;
        touched[last] = (byte) (touched[last] == 'A' ? 'B' : 'A');
        assertThatExceptionOfType(KmsRefused.class).isThrownBy(() -> key.decrypt(touched, PURPOSE));
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedByAnotherKey(Service service) throws Exception {
        Aead key = key(service);
        byte[] wrapped = key.encrypt(KEY, PURPOSE);
        kms.replaceKeys();
        assertThatExceptionOfType(KmsRefused.class).isThrownBy(() -> key.decrypt(wrapped, PURPOSE));
    }

    @ParameterizedTest
    @EnumSource
    void saysThatItMayNot(Service service) throws Exception {
        Aead key = key(service);
        kms.forbidden = true;
        assertThatExceptionOfType(KmsRefused.class)
                .isThrownBy(() -> key.encrypt(KEY, PURPOSE))
                .withMessageMatching("(?s).*(HTTP 403|AccessDenied).*");
    }

    @ParameterizedTest
    @EnumSource
    void tellsAServiceThatIsAwayFromOneThatSaysNo(Service service) throws Exception {
        Aead key = key(service);
        byte[] wrapped = key.encrypt(KEY, PURPOSE);
        kms.down = true;
        assertUnreachable(key, wrapped);
        kms.down = false;
        kms.unavailable = true;
        assertUnreachable(key, wrapped);
        kms.unavailable = false;
        kms.throttled = true;
        assertUnreachable(key, wrapped);
        kms.throttled = false;
        assertThat(key.decrypt(wrapped, PURPOSE)).isEqualTo(KEY);
        kms.close();
        assertUnreachable(key, wrapped);
    }

    @ParameterizedTest
    @EnumSource
    void waitsNoLongerThanItsTimeLimit(Service service) throws Exception {
        byte[] wrapped = key(service).encrypt(KEY, PURPOSE);
        CountDownLatch gate = new CountDownLatch(1);
        kms.gate = gate;
        assertUnreachable(key(service, Duration.ofMillis(300)), wrapped);
        gate.countDown();
    }

    @ParameterizedTest
    @EnumSource
    void readsNoAnswerWithoutEnd(Service service) throws Exception {
        byte[] wrapped = key(service).encrypt(KEY, PURPOSE);
        kms.huge = true;
        assertUnreachable(key(service), wrapped);
    }

    @ParameterizedTest
    @EnumSource
    void takesNoPageForAnAnswer(Service service) throws Exception {
        Aead key = key(service);
        byte[] wrapped = key.encrypt(KEY, PURPOSE);
        kms.html = true;
        assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> key.decrypt(wrapped, PURPOSE));
        assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> key.encrypt(KEY, PURPOSE));
    }

    @ParameterizedTest
    @EnumSource
    void followsNobodyElsewhere(Service service) throws Exception {
        Aead key = key(service);
        byte[] wrapped = key.encrypt(KEY, PURPOSE);
        try (DemoKms elsewhere = DemoKms.start()) {
            kms.redirect = elsewhere.url().resolve("/x");
            assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> key.decrypt(wrapped, PURPOSE));
            assertThat(elsewhere.requests()).isZero();
        }
    }

    @Test
    void seesByItsChecksumThatGooglesAnswerWasDamaged() throws Exception {
        Aead key = key(Service.GOOGLE);
        byte[] wrapped = key.encrypt(KEY, PURPOSE);
        kms.tampered = true;
        assertUnreachable(key, wrapped);
    }

    @Test
    void refusesAVaultThatIgnoresAssociatedData() {
        kms.ignoresAssociatedData = true;
        assertThatExceptionOfType(KmsRefused.class)
                .isThrownBy(() -> key(Service.VAULT).encrypt(KEY, PURPOSE))
                .withMessageContaining("1.13");
    }

    @Test
    void readsTheTokenOfVaultAnewEachTime() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "hvs.expired\n");
        Aead key = new KmsKeys(new KmsSettings(AMPLE, null, null, null, null, file, null))
                .find(kms.transitKey("claviger"));
        assertThatExceptionOfType(KmsRefused.class)
                .isThrownBy(() -> key.encrypt(KEY, PURPOSE))
                .withMessageContaining("permission denied");
        Files.writeString(file, DemoKms.VAULT_TOKEN + "\n");
        assertThat(key.decrypt(key.encrypt(KEY, PURPOSE), PURPOSE)).isEqualTo(KEY);
        Files.writeString(file, "");
        assertThatExceptionOfType(KmsRefused.class)
                .isThrownBy(() -> key.encrypt(KEY, PURPOSE))
                .withMessageContaining("claviger.vault.hcvault-token-file");
    }

    @Test
    void repeatsNothingOfGoogleCredentialsThatItCannotRead() throws Exception {
        Path file = Files.writeString(
                directory.resolve("account.json"), "{\"type\": \"service_account\", \"private_key\": \"pr1vate\"}");
        Aead key = new KmsKeys(new KmsSettings(AMPLE, null, kms.url().toString(), file, null, null, null))
                .find("gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k");
        assertThatExceptionOfType(KmsUnreachable.class)
                .isThrownBy(() -> key.encrypt(KEY, PURPOSE))
                .withMessageContaining("claviger.vault.gcp-credentials-file")
                .withMessageNotContaining("pr1vate")
                .withNoCause();
    }

    private static void assertUnreachable(Aead key, byte[] wrapped) {
        assertThatExceptionOfType(KmsUnreachable.class).isThrownBy(() -> key.decrypt(wrapped, PURPOSE));
    }

    private Aead key(Service service) throws Exception {
        return key(service, AMPLE);
    }

    private Aead key(Service service, Duration timeLimit) throws Exception {
        String url = kms.url().toString();
        Path account = Files.writeString(directory.resolve("google.json"), kms.googleAccount(privateKey));
        KmsKeys keys = new KmsKeys(new KmsSettings(timeLimit, url, url, account, DemoKms.VAULT_TOKEN, null, "team"));
        return keys.find(
                switch (service) {
                    case AWS ->
                        "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
                    case GOOGLE -> "gcp-kms://projects/p/locations/europe-west3/keyRings/r/cryptoKeys/claviger";
                    case VAULT -> kms.transitKey("claviger");
                });
    }
}
