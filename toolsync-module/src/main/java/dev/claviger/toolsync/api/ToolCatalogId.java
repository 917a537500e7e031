package dev.claviger.toolsync.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.claviger.credentials.api.PrefixedId;
import java.util.UUID;

/** Identifies the catalogue of one server's tools; the UUID is the connector's, so that differences survive a reconnect. Printed and stored as {@code tool-catalog:<uuid>}. */
public record ToolCatalogId(UUID value) {

    @JsonCreator
    public static ToolCatalogId parse(String text) {
        return new ToolCatalogId(PrefixedId.parse("tool-catalog", text));
    }

    @JsonValue
    @Override
    public String toString() {
        return PrefixedId.print("tool-catalog", value);
    }
}
