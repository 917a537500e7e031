package dev.claviger.connectors;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One scope of an authorization.
 *
 * @param wanted a server refused an operation for want of it
 */
record ScopeLine(String scope, boolean asked, boolean granted, boolean wanted) {

    /**
     * @param granted null: as asked (RFC 6749 section 5.1)
     */
    static List<ScopeLine> of(@Nullable String asked, @Nullable String granted, @Nullable String wanted) {
        Set<String> askedFor = split(asked);
        Set<String> given = granted == null ? askedFor : split(granted);
        Set<String> missed = split(wanted);
        Set<String> all = new LinkedHashSet<>(askedFor);
        all.addAll(given);
        all.addAll(missed);
        return all.stream()
                .map(scope ->
                        new ScopeLine(scope, askedFor.contains(scope), given.contains(scope), missed.contains(scope)))
                .toList();
    }

    private static Set<String> split(@Nullable String scopes) {
        return scopes == null || scopes.isBlank()
                ? Set.of()
                : new LinkedHashSet<>(Arrays.asList(scopes.strip().split("\\s+")));
    }
}
