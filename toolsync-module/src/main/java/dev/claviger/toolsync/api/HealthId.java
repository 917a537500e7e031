package dev.claviger.toolsync.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.claviger.credentials.api.PrefixedId;
import java.util.UUID;

/** Identifies the watch over the health of one connection's credential; the UUID is the connection's. Printed and stored as {@code health:<uuid>}. */
public record HealthId(UUID value) {

    @JsonCreator
    public static HealthId parse(String text) {
        return new HealthId(PrefixedId.parse("health", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("health", value);
    }
}
