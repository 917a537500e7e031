package dev.claviger.connectors.preflight;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How much a finding matters for connecting. */
public enum Grade {
    OK,
    /** Worth knowing; nothing to do. */
    NOTE,
    /** May fail, or fail later. */
    WARNING,
    /** Connect fails as things are. */
    PROBLEM;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
