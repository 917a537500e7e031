package dev.claviger.credentials.kms;

import com.google.crypto.tink.Aead;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * A symmetric key of AWS KMS; the associated data is its encryption context, which the key's policy and CloudTrail see.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html">Encrypt</a>
 */
final class AwsKmsAead implements Aead {

    private static final Pattern REFERENCE =
            Pattern.compile("aws-kms://(arn:aws[a-z-]*:kms:([a-z0-9-]+):\\d{12}:key/[A-Za-z0-9-]+)");
    private static final String WHO = "AWS KMS";

    private final KmsClient client;
    private final String arn;

    private AwsKmsAead(KmsClient client, String arn) {
        this.client = client;
        this.arn = arn;
    }

    /** @throws IllegalArgumentException with a sentence that says what is wrong */
    static AwsKmsAead of(String reference, KmsSettings settings) {
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches()) {
            throw new IllegalArgumentException("“" + reference
                    + "” names no key; write aws-kms://arn:aws:kms:<region>:<account>:key/<id>. An alias will not do: it"
                    + " can be pointed at another key");
        }
        KmsClientBuilder builder = KmsClient.builder()
                .region(Region.of(parts.group(2)))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(settings.timeLimit())
                        .socketTimeout(settings.timeLimit()))
                .overrideConfiguration(configuration -> configuration
                        .apiCallTimeout(settings.timeLimit())
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .addExecutionInterceptor(new Capping()));
        String endpoint = settings.awsEndpoint();
        if (endpoint != null) {
            builder.endpointOverride(URI.create(endpoint));
        }
        return new AwsKmsAead(builder.build(), parts.group(1));
    }

    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
        try {
            return client.encrypt(request -> request.keyId(arn)
                            .plaintext(SdkBytes.fromByteArrayUnsafe(plaintext))
                            .encryptionContext(context(associatedData)))
                    .ciphertextBlob()
                    .asByteArray();
        } catch (RuntimeException e) {
            throw inOurWords(e);
        }
    }

    /** The key is named although the ciphertext names one too: what another key wrapped is not opened. */
    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
        try {
            return client.decrypt(request -> request.keyId(arn)
                            .ciphertextBlob(SdkBytes.fromByteArrayUnsafe(ciphertext))
                            .encryptionContext(context(associatedData)))
                    .plaintext()
                    .asByteArray();
        } catch (RuntimeException e) {
            throw inOurWords(e);
        }
    }

    private static Map<String, String> context(byte[] associatedData) {
        return Map.of("associatedData", new String(associatedData, StandardCharsets.UTF_8));
    }

    private GeneralSecurityException inOurWords(RuntimeException e) {
        if (e instanceof KmsException answered) {
            int status = answered.statusCode();
            String error = answered.awsErrorDetails() == null
                    ? "no error code"
                    : answered.awsErrorDetails().errorCode() + ", "
                            + answered.awsErrorDetails().errorMessage();
            String said = ": HTTP " + status + " (" + KmsHttp.shortened(error) + ")";
            return answered.isThrottlingException() || status == 429 || status >= 500
                    ? new KmsUnreachable(WHO + " cannot serve now" + said)
                    : new KmsRefused(WHO + " refused " + arn + said);
        }
        if (e instanceof SdkException) {
            return new KmsUnreachable(WHO + " cannot be asked: " + KmsHttp.shortened(String.valueOf(e.getMessage())));
        }
        return new KmsRefused(
                WHO + " answered with something that is none: " + e.getClass().getSimpleName());
    }

    /** Ends an answer that goes on for longer than any of this service's can. */
    private static final class Capping implements ExecutionInterceptor {

        @Override
        public Optional<InputStream> modifyHttpResponseContent(
                Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
            return context.responseBody().map(Capped::new);
        }
    }

    private static final class Capped extends FilterInputStream {

        private int left = KmsHttp.MOST_BYTES;

        Capped(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            spend(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            spend(Math.max(0, read));
            return read;
        }

        private void spend(int bytes) throws IOException {
            left -= bytes;
            if (left < 0) {
                throw new IOException("the answer is longer than " + KmsHttp.MOST_BYTES + " bytes");
            }
        }
    }
}
