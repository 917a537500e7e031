package dev.claviger.credentials.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Identifies one freeze, from its beginning to its thaw. Printed and stored as {@code freeze:<uuid>}. */
public record FreezeId(UUID value) {

    @JsonCreator
    public static FreezeId parse(String text) {
        return new FreezeId(PrefixedId.parse("freeze", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("freeze", value);
    }
}
