package dev.claviger.oauth.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.claviger.credentials.api.PrefixedId;
import java.util.UUID;

/** Identifies our client at one authorization server; the UUID is derived from issuer and redirect URI. Printed and stored as {@code client-registration:<uuid>}. */
public record ClientRegistrationId(UUID value) {

    @JsonCreator
    public static ClientRegistrationId parse(String text) {
        return new ClientRegistrationId(PrefixedId.parse("client-registration", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("client-registration", value);
    }
}
