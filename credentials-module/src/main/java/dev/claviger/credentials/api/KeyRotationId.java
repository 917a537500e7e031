package dev.claviger.credentials.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Identifies one rotation of the master key. Printed and stored as {@code key-rotation:<uuid>}. */
public record KeyRotationId(UUID value) {

    @JsonCreator
    public static KeyRotationId parse(String text) {
        return new KeyRotationId(PrefixedId.parse("key-rotation", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("key-rotation", value);
    }
}
