package dev.claviger.connectors.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an admin freezes. Printed and stored as {@code everything}, {@code issuer:<issuer>}, {@code connector:<uuid>}, {@code
 * agent:<uuid>}.
 *
 * @param target the issuer byte for byte, or the UUID; null for {@link Kind#EVERYTHING}
 */
public record FreezeSubject(Kind kind, @Nullable String target) {

    public enum Kind {
        EVERYTHING,
        ISSUER,
        CONNECTOR,
        AGENT
    }

    public static FreezeSubject everything() {
        return new FreezeSubject(Kind.EVERYTHING, null);
    }

    /** @throws IllegalArgumentException when the text is no such subject */
    @JsonCreator
    public static FreezeSubject parse(String text) {
        if (text.equals("everything")) {
            return everything();
        }
        int colon = text.indexOf(':');
        String target = text.substring(colon + 1);
        if (colon < 0 || target.isBlank()) {
            throw new IllegalArgumentException("Neither everything nor issuer:…, connector:… or agent:…");
        }
        Kind kind = Kind.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT));
        return switch (kind) {
            case EVERYTHING -> throw new IllegalArgumentException("Everything has no target");
            case ISSUER -> new FreezeSubject(kind, target);
            case CONNECTOR, AGENT ->
                new FreezeSubject(kind, UUID.fromString(target).toString());
        };
    }

    /** @throws IllegalStateException where there is none */
    public UUID uuid() {
        if (target == null || kind == Kind.ISSUER) {
            throw new IllegalStateException("Only connectors and agents have a UUID");
        }
        return UUID.fromString(target);
    }

    @JsonValue
    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return target == null ? name : name + ":" + target;
    }
}
