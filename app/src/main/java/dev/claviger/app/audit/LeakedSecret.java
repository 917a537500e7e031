package dev.claviger.app.audit;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.claviger.credentials.api.Secret;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token that somebody found somewhere and asks about; wrapped before anything else can see it. */
final class LeakedSecret {

    private static final int LONGEST = 20_000;
    private static final String SCHEME = "bearer ";

    private final @Nullable Secret secret;

    private LeakedSecret(@Nullable Secret secret) {
        this.secret = secret;
    }

    /**
     * Takes a header value with its scheme as well. Never throws: an exception of a binder may carry the text into a log.
     * Public, because that is how Spring finds it.
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static LeakedSecret valueOf(@Nullable String pasted) {
        String text = pasted == null ? "" : pasted.strip();
        if (text.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            text = text.substring(SCHEME.length()).strip();
        }
        return new LeakedSecret(text.isEmpty() || text.length() > LONGEST ? null : Secret.of(text));
    }

    /** Empty when nothing usable was pasted. */
    Optional<Secret> secret() {
        return Optional.ofNullable(secret);
    }

    @Override
    public String toString() {
        return "LeakedSecret[***]";
    }
}
