package dev.claviger.connectors.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.claviger.credentials.api.PrefixedId;
import java.util.UUID;

/** Identifies an agent. Printed and stored as {@code agent:<uuid>}. */
public record AgentId(UUID value) {

    @JsonCreator
    public static AgentId parse(String text) {
        return new AgentId(PrefixedId.parse("agent", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("agent", value);
    }
}
