package dev.claviger.connectors.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.claviger.credentials.api.PrefixedId;
import java.util.UUID;

/** Identifies one attempt to connect and the connection that came of it; its UUID travels the whole way. Printed and stored as {@code connection:<uuid>}. */
public record ConnectionId(UUID value) {

    @JsonCreator
    public static ConnectionId parse(String text) {
        return new ConnectionId(PrefixedId.parse("connection", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("connection", value);
    }
}
