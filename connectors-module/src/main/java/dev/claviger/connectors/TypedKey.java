package dev.claviger.connectors;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.claviger.credentials.api.Secret;
import dev.claviger.oauth.api.PrivateKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A private key that somebody typed, PKCS #8 in PEM (RFC 7468 section 10), wrapped before anything else can see it. */
final class TypedKey {

    static final TypedKey BLANK = new TypedKey(null, null, null);

    private static final int LONGEST = 16_000;
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    /** One for each kind of key: what it signs by where nobody chooses. */
    private static final List<String> USUAL = List.of("ES256", "ES384", "ES512", "RS256", "EdDSA");

    private final @Nullable Secret secret;
    private final @Nullable String trouble;
    private final @Nullable String algorithm;

    private TypedKey(@Nullable Secret secret, @Nullable String trouble, @Nullable String algorithm) {
        this.secret = secret;
        this.trouble = trouble;
        this.algorithm = algorithm;
    }

    /** Never throws: an exception of a binder may carry the text into a log. Public, because that is how Spring finds it. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static TypedKey valueOf(@Nullable String typed) {
        String text = typed == null ? "" : typed.strip().replace("\r\n", "\n");
        if (text.isEmpty()) {
            return BLANK;
        }
        if (text.length() > LONGEST) {
            return wrong("This is longer than " + LONGEST + " characters; paste only the key.");
        }
        if (text.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
            return wrong("Take the password off the key first: openssl pkcs8 -in key.pem -out open.pem.");
        }
        if (text.startsWith("-----BEGIN RSA PRIVATE KEY-----") || text.startsWith("-----BEGIN EC PRIVATE KEY-----")) {
            return wrong("Convert the key to PKCS #8 first: openssl pkcs8 -topk8 -nocrypt -in key.pem -out pkcs8.pem.");
        }
        if (!text.startsWith(BEGIN)) {
            return wrong("Paste the whole private key in PEM, from " + BEGIN + " to the end line.");
        }
        Secret secret = Secret.of(text);
        return USUAL.stream()
                .filter(usual -> PrivateKeys.problem(secret, usual).isEmpty())
                .findFirst()
                .map(usual -> new TypedKey(secret, null, usual))
                .orElseGet(() -> wrong("Use an RSA key of at least 2048 bits, an EC key on P-256, P-384 or P-521, or an"
                        + " Ed25519 key; this one cannot be read as either."));
    }

    static TypedKey orBlank(@Nullable TypedKey typed) {
        return typed == null ? BLANK : typed;
    }

    private static TypedKey wrong(String sentence) {
        return new TypedKey(null, sentence, null);
    }

    /** Null when nothing usable was typed. */
    @Nullable
    Secret secret() {
        return secret;
    }

    boolean isBlank() {
        return secret == null && trouble == null;
    }

    /** What is wrong with it, in one sentence; null when nothing is. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Why it cannot sign by the algorithm, in one sentence; null when it can. */
    @Nullable
    String troubleWith(String algorithm) {
        return secret == null ? null : PrivateKeys.problem(secret, algorithm).orElse(null);
    }

    /** The algorithm it signs by where none is chosen; null when nothing usable was typed. */
    @Nullable
    String algorithm() {
        return algorithm;
    }

    @Override
    public String toString() {
        return "TypedKey[***]";
    }
}
