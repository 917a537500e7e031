package dev.claviger.connectors;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.claviger.credentials.api.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A private key that somebody typed, PKCS #8 in PEM (RFC 7468 section 10), wrapped before anything else can see it. Only
 * what kind of key it is stays known.
 */
final class TypedKey {

    /** What a key can sign with, RFC 7518 section 3.1; the first is chosen where nothing else is. */
    private enum Kind {
        RSA("an RSA key", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
        P_256("a P-256 key", "ES256"),
        P_384("a P-384 key", "ES384"),
        P_521("a P-521 key", "ES512");

        private final String words;
        private final String first;
        private final Set<String> algorithms;

        Kind(String words, String... algorithms) {
            this.words = words;
            this.first = algorithms[0];
            this.algorithms = Set.of(algorithms);
        }
    }

    static final TypedKey BLANK = new TypedKey(null, null, null);

    private static final int LONGEST = 16_000;
    private static final int SHORTEST_RSA = 2_048;
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private final @Nullable Secret secret;
    private final @Nullable String trouble;
    private final @Nullable Kind kind;

    private TypedKey(@Nullable Secret secret, @Nullable String trouble, @Nullable Kind kind) {
        this.secret = secret;
        this.trouble = trouble;
        this.kind = kind;
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
        Matcher pem = PEM.matcher(text);
        if (!pem.matches()) {
            return wrong("Paste the whole private key in PEM, from -----BEGIN PRIVATE KEY----- to the end line.");
        }
        return switch (pem.group(1)) {
            case "PRIVATE KEY" -> parsed(text, pem.group(2));
            case "ENCRYPTED PRIVATE KEY" ->
                wrong("Take the password off the key first: openssl pkcs8 -in key.pem -out open.pem.");
            case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                wrong("Convert the key to PKCS #8 first: openssl pkcs8 -topk8 -nocrypt -in key.pem -out pkcs8.pem.");
            default -> wrong("This is not a private key; paste the one that begins with -----BEGIN PRIVATE KEY-----.");
        };
    }

    static TypedKey orBlank(@Nullable TypedKey typed) {
        return typed == null ? BLANK : typed;
    }

    private static TypedKey parsed(String text, String body) {
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            return wrong("Copy the key again: a part of it is missing or changed.");
        }
        if (generate("RSA", der) instanceof RSAPrivateKey rsa) {
            return rsa.getModulus().bitLength() < SHORTEST_RSA
                    ? wrong("Use an RSA key of at least 2,048 bits.")
                    : new TypedKey(Secret.of(text), null, Kind.RSA);
        }
        if (generate("EC", der) instanceof ECPrivateKey ec) {
            return switch (ec.getParams().getCurve().getField().getFieldSize()) {
                case 256 -> new TypedKey(Secret.of(text), null, Kind.P_256);
                case 384 -> new TypedKey(Secret.of(text), null, Kind.P_384);
                case 521 -> new TypedKey(Secret.of(text), null, Kind.P_521);
                default -> wrong("Use a key on the curve P-256, P-384 or P-521.");
            };
        }
        return wrong("Use an RSA key or an EC key on P-256, P-384 or P-521; this one cannot be read as either.");
    }

    private static @Nullable PrivateKey generate(String algorithm, byte[] der) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            return null;
        }
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

    /** Why it cannot sign with the algorithm, in one sentence; null when it can. */
    @Nullable
    String troubleWith(String algorithm) {
        return kind == null || kind.algorithms.contains(algorithm)
                ? null
                : "Choose another algorithm: " + kind.words + " signs with "
                        + String.join(", ", kind.algorithms.stream().sorted().toList()) + ".";
    }

    /** The algorithm it signs with where none is chosen; null when nothing usable was typed. */
    @Nullable
    String algorithm() {
        return kind == null ? null : kind.first;
    }

    @Override
    public String toString() {
        return "TypedKey[***]";
    }
}
