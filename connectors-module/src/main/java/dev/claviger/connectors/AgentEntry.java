package dev.claviger.connectors;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What somebody entered for an agent. */
record AgentEntry(String name, String description) {

    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_DESCRIPTION = 1_000;

    static AgentEntry of(@Nullable String name, @Nullable String description) {
        return new AgentEntry(ConnectorEntry.orEmpty(name), ConnectorEntry.orEmpty(description));
    }

    /** One sentence per field that cannot stay so. */
    Map<String, String> errors() {
        Map<String, String> errors = new LinkedHashMap<>();
        if (name.isEmpty()) {
            errors.put("name", "Enter a name.");
        } else if (name.length() > LONGEST_NAME) {
            errors.put("name", "Use at most " + LONGEST_NAME + " characters.");
        } else if (Words.unprintable(name) || name.chars().anyMatch(Character::isISOControl)) {
            errors.put("name", "Take the control characters out of the name.");
        }
        if (description.length() > LONGEST_DESCRIPTION) {
            errors.put("description", "Use at most " + LONGEST_DESCRIPTION + " characters.");
        } else if (Words.unprintable(description)) {
            errors.put("description", "Take the control characters out of the description.");
        }
        return errors;
    }
}
