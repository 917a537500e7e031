package dev.claviger.credentials.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Identifies a credential; the UUID is the one of the connection attempt that brought it. Printed and stored as {@code credential:<uuid>}. */
public record CredentialId(UUID value) {

    @JsonCreator
    public static CredentialId parse(String text) {
        return new CredentialId(PrefixedId.parse("credential", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("credential", value);
    }
}
