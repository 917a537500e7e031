package dev.claviger.connectors.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.claviger.credentials.api.PrefixedId;
import java.util.UUID;

/** Identifies a connector. Printed and stored as {@code connector:<uuid>}. */
public record ConnectorId(UUID value) {

    @JsonCreator
    public static ConnectorId parse(String text) {
        return new ConnectorId(PrefixedId.parse("connector", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("connector", value);
    }
}
