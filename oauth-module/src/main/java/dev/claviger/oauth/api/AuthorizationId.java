package dev.claviger.oauth.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.claviger.credentials.api.PrefixedId;
import java.util.UUID;

/** Identifies an authorization; the UUID is the one of the connection attempt it belongs to. Printed and stored as {@code authorization:<uuid>}. */
public record AuthorizationId(UUID value) {

    @JsonCreator
    public static AuthorizationId parse(String text) {
        return new AuthorizationId(PrefixedId.parse("authorization", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("authorization", value);
    }
}
