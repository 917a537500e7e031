package dev.claviger.connectors;

import dev.claviger.toolsync.api.HealthState;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which healths are asked for: one state, those never checked, or all. */
record HealthFilter(@Nullable HealthState state, boolean unchecked) {

    private static final String UNCHECKED = "unchecked";

    /** All of them where the word is none of ours. */
    static HealthFilter of(@Nullable String word) {
        return read(word).orElse(new HealthFilter(null, false));
    }

    /** @throws WrongFields when the word is none of ours */
    static HealthFilter demand(@Nullable String word) {
        return read(word)
                .orElseThrow(() -> new WrongFields(Map.of(
                        "state", "Ask for healthy, refused, unreachable, unproven or unchecked; without it for all.")));
    }

    static String word(@Nullable HealthState state) {
        return state == null ? UNCHECKED : Words.lower(state);
    }

    /** The word of this filter; null: all. */
    @Nullable
    String word() {
        return state != null || unchecked ? word(state) : null;
    }

    private static Optional<HealthFilter> read(@Nullable String word) {
        if (word == null || word.isBlank()) {
            return Optional.of(new HealthFilter(null, false));
        }
        String asked = word.strip().toUpperCase(Locale.ROOT);
        return asked.equalsIgnoreCase(UNCHECKED)
                ? Optional.of(new HealthFilter(null, true))
                : Arrays.stream(HealthState.values())
                        .filter(state -> state.name().equals(asked))
                        .findFirst()
                        .map(state -> new HealthFilter(state, false));
    }
}
