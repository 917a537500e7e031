package dev.claviger.connectors.preflight;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a preflight comes to. */
public enum Verdict {
    WILL_WORK("Will work"),
    WILL_PROBABLY_WORK("Will probably work"),
    /** Somebody here must do something before Connect can work. */
    NEEDS_YOU_FIRST("Needs you first"),
    /** Nothing that can be done here makes it work. */
    WILL_NOT_WORK("Will not work");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /** For people. */
    public String words() {
        return words;
    }

    /** For programs, for example {@code will_work}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
