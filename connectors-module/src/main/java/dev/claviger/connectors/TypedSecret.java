package dev.claviger.connectors;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.claviger.credentials.api.Secret;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A secret that somebody typed into a form or a request body, wrapped before anything else can see it. */
final class TypedSecret {

    static final TypedSecret BLANK = new TypedSecret(null, null, false);

    private static final int LONGEST = 8_000;

    private final @Nullable Secret secret;
    private final @Nullable String trouble;
    private final boolean beginsWithBearer;

    private TypedSecret(@Nullable Secret secret, @Nullable String trouble, boolean beginsWithBearer) {
        this.secret = secret;
        this.trouble = trouble;
        this.beginsWithBearer = beginsWithBearer;
    }

    /** Never throws: an exception of a binder may carry the text into a log. Public, because that is how Spring finds it. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static TypedSecret valueOf(@Nullable String typed) {
        String text = typed == null ? "" : typed.strip();
        if (text.isEmpty()) {
            return BLANK;
        }
        if (text.length() > LONGEST) {
            return new TypedSecret(
                    null, "This is longer than " + LONGEST + " characters; paste only the secret.", false);
        }
        if (text.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            return new TypedSecret(
                    null, "This has characters that a request header cannot carry; copy it again.", false);
        }
        return new TypedSecret(
                Secret.of(text), null, text.toLowerCase(Locale.ROOT).startsWith("bearer "));
    }

    static TypedSecret orBlank(@Nullable TypedSecret typed) {
        return typed == null ? BLANK : typed;
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

    /** As {@link #trouble()}, for the token of a connector. */
    @Nullable
    String troubleAsToken(boolean bearer) {
        return trouble == null && bearer && beginsWithBearer
                ? "Leave out the word Bearer; it is added when the token is sent."
                : trouble;
    }

    @Override
    public String toString() {
        return "TypedSecret[***]";
    }
}
