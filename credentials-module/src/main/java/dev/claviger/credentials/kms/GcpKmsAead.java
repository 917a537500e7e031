package dev.claviger.credentials.kms;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.crypto.tink.Aead;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A symmetric key of Google Cloud KMS, with the checksums that Google asks clients to compare.
 *
 * @see <a href="https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys">cryptoKeys</a>
 */
final class GcpKmsAead implements Aead {

    private static final Pattern REFERENCE =
            Pattern.compile("gcp-kms://(projects/[^/?#]+/locations/[^/?#]+/keyRings/[^/?#]+/cryptoKeys/[^/?#]+)");
    private static final String SCOPE = "https://www.googleapis.com/auth/cloudkms";
    private static final String WHO = "Google Cloud KMS";

    private final KmsHttp http;
    private final String endpoint;
    private final String key;
    private final @Nullable Path credentialsFile;
    private @Nullable GoogleCredentials credentials;

    private GcpKmsAead(KmsHttp http, String endpoint, String key, @Nullable Path credentialsFile) {
        this.http = http;
        this.endpoint = endpoint;
        this.key = key;
        this.credentialsFile = credentialsFile;
    }

    /** @throws IllegalArgumentException with a sentence that says what is wrong */
    static GcpKmsAead of(String reference, KmsHttp http, KmsSettings settings) {
        var parts = REFERENCE.matcher(reference);
        if (!parts.matches()) {
            throw new IllegalArgumentException("“" + reference
                    + "” names no key; write gcp-kms://projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/"
                    + "<key>, without a version");
        }
        String endpoint = settings.gcpEndpoint() == null ? "https://cloudkms.googleapis.com" : settings.gcpEndpoint();
        return new GcpKmsAead(http, endpoint, parts.group(1), settings.gcpCredentialsFile());
    }

    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
        JsonNode answer = ask("encrypt", "plaintext", plaintext, associatedData);
        byte[] ciphertext = bytes(answer, "ciphertext");
        boolean heardUs = answer.path("verifiedPlaintextCrc32c").asBoolean(false)
                && answer.path("verifiedAdditionalAuthenticatedDataCrc32c").asBoolean(false);
        if (!heardUs || !isIntact(ciphertext, answer, "ciphertextCrc32c")) {
            throw new KmsUnreachable(WHO + " answered to something else than was asked; the way there damages data");
        }
        return ciphertext;
    }

    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
        JsonNode answer = ask("decrypt", "ciphertext", ciphertext, associatedData);
        byte[] plaintext = bytes(answer, "plaintext");
        if (!isIntact(plaintext, answer, "plaintextCrc32c")) {
            Arrays.fill(plaintext, (byte) 0);
            throw new KmsUnreachable(WHO + " sent an answer that was damaged on its way");
        }
        return plaintext;
    }

    private JsonNode ask(String verb, String given, byte[] value, byte[] associatedData)
            throws GeneralSecurityException {
        KmsHttp.Answer answer = http.post(
                WHO,
                URI.create(endpoint + "/v1/" + key + ":" + verb),
                Map.of("Authorization", "Bearer " + token()),
                Map.of(
                        given,
                        Base64.getEncoder().encodeToString(value),
                        given + "Crc32c",
                        Long.toString(crc32c(value)),
                        "additionalAuthenticatedData",
                        Base64.getEncoder().encodeToString(associatedData),
                        "additionalAuthenticatedDataCrc32c",
                        Long.toString(crc32c(associatedData))));
        int status = answer.status();
        JsonNode json = answer.json();
        if (status == 408 || status == 429 || status >= 500) {
            throw new KmsUnreachable(WHO + " cannot serve now: HTTP " + status + said(json));
        }
        if (status != 200 || json == null) {
            throw new KmsRefused(WHO + " refused " + key + ": HTTP " + status + said(json));
        }
        return json;
    }

    private static String said(@Nullable JsonNode json) {
        String message =
                json == null ? null : json.path("error").path("message").stringValue(null);
        return message == null ? "" : " (" + KmsHttp.shortened(message) + ")";
    }

    private synchronized String token() throws GeneralSecurityException {
        try {
            if (credentials == null) {
                credentials = load().createScoped(SCOPE);
            }
            credentials.refreshIfExpired();
            AccessToken token = credentials.getAccessToken();
            if (token != null) {
                return token.getTokenValue();
            }
        } catch (IOException | RuntimeException e) {
            // Without the message: a parser's may quote the private key.
            throw new KmsUnreachable(
                    "There are no Google credentials to be had (" + e.getClass().getSimpleName()
                            + "); set claviger.vault.gcp-credentials-file, or see to Application Default Credentials");
        }
        throw new KmsUnreachable("The Google credentials gave no token");
    }

    private GoogleCredentials load() throws IOException {
        if (credentialsFile == null) {
            return GoogleCredentials.getApplicationDefault();
        }
        try (InputStream file = Files.newInputStream(credentialsFile)) {
            return GoogleCredentials.fromStream(file);
        }
    }

    private static byte[] bytes(JsonNode answer, String member) throws KmsRefused {
        String text = answer.path(member).stringValue(null);
        if (text == null) {
            throw new KmsRefused(WHO + " answered without " + member);
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new KmsRefused(WHO + " answered with something that is not base64");
        }
    }

    private static boolean isIntact(byte[] bytes, JsonNode answer, String member) {
        return answer.path(member).asString("").equals(Long.toString(crc32c(bytes)));
    }

    private static long crc32c(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return checksum.getValue();
    }
}
