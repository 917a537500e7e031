package dev.claviger.oauth.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.claviger.credentials.api.PrefixedId;
import java.util.UUID;

/** Identifies the keys by which our client signs; there is one set of them. Printed and stored as {@code signing-keys:<uuid>}. */
public record SigningKeysId(UUID value) {

    /** The one. */
    public static final SigningKeysId OURS = new SigningKeysId(UUID.fromString("c1a51a3e-0000-4000-8000-000000000001"));

    @JsonCreator
    public static SigningKeysId parse(String text) {
        return new SigningKeysId(PrefixedId.parse("signing-keys", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("signing-keys", value);
    }
}
