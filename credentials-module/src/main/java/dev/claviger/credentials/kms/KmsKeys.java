package dev.claviger.credentials.kms;

import com.google.crypto.tink.Aead;

/** Finds the key that a reference names; whether it can be used is known only by using it. */
public final class KmsKeys {

    private final KmsSettings settings;
    private final KmsHttp http;

    public KmsKeys(KmsSettings settings) {
        this.settings = settings;
        this.http = new KmsHttp(settings.timeLimit());
    }

    /** Whether the reference begins like one of a key management service. */
    public static boolean isReference(String reference) {
        return reference.matches("(aws-kms|gcp-kms|hcvault|hcvault\\+http)://.*");
    }

    /**
     * Answers a key whose operations each make a request: never inside a database transaction. They throw {@link
     * KmsUnreachable} and {@link KmsRefused}.
     *
     * @throws IllegalArgumentException with a sentence when the reference names no key
     */
    public Aead find(String reference) {
        if (reference.startsWith("aws-kms:")) {
            return AwsKmsAead.of(reference, settings);
        }
        if (reference.startsWith("gcp-kms:")) {
            return GcpKmsAead.of(reference, http, settings);
        }
        return TransitAead.of(reference, http, settings);
    }
}
