package dev.claviger.credentials.api;

import java.util.UUID;

/** Reads and prints identifiers of the form {@code credential:7f0c…}: a kind, a colon, and the UUID of one attempt. */
public final class PrefixedId {

    private PrefixedId() {}

    /** @throws IllegalArgumentException when {@code text} is not {@code prefix:uuid} */
    public static UUID parse(String prefix, String text) {
        if (!text.startsWith(prefix + ":")) {
            throw new IllegalArgumentException("Not an identifier of a " + prefix);
        }
        return UUID.fromString(text.substring(prefix.length() + 1));
    }

    public static String print(String prefix, UUID value) {
        return prefix + ":" + value;
    }
}
