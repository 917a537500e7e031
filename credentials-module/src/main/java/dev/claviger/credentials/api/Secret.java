package dev.claviger.credentials.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A secret in the open: a token, a key, a verifier. It prints as stars and refuses to be serialised; {@link #reveal()} is
 * the only way out and its callers are listed in a test.
 */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** @throws IllegalArgumentException when {@code value} is empty */
    public static Secret of(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("A secret cannot be empty");
        }
        return new Secret(value);
    }

    public String reveal() {
        return value;
    }

    /**
     * Answers {@code text} without this secret, for remote text that may echo what it was sent. A header value such as
     * {@code Bearer …} is struck as a whole and without its scheme, and in the form it has in a URL or form as well.
     */
    public String strikeFrom(String text) {
        String token = value.substring(value.lastIndexOf(' ') + 1);
        String struck = text.replace(value, "***");
        return token.isEmpty()
                ? struck
                : struck.replace(token, "***").replace(URLEncoder.encode(token, StandardCharsets.UTF_8), "***");
    }

    /** Refuses: a secret belongs in the vault. */
    @JsonValue
    Object neverSerialise() {
        throw new IllegalStateException("A secret cannot be serialised");
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "Secret[***]";
    }
}
