package dev.claviger.connectors;

import dev.claviger.connectors.ServerOffers.Found;
import dev.claviger.connectors.api.ConnectionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers that an agent has already, by their entity tags: which connection, which token set of it and which version
 * of the connector's settings; nothing of the secret.
 *
 * @param any {@code *}: whatever it is
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2">RFC 9110, section 13.1.2</a>
 */
record EntityTags(boolean any, List<String> tags) {

    private static final int MOST = 20;

    /** @param ifNoneMatch the header's values, each one tag, several, or {@code *}; null: there is none */
    static @Nullable EntityTags read(@Nullable Iterable<String> ifNoneMatch) {
        if (ifNoneMatch == null || !ifNoneMatch.iterator().hasNext()) {
            return null;
        }
        List<String> tags = new ArrayList<>();
        boolean any = false;
        for (String line : ifNoneMatch) {
            for (String tag : line.split(",", MOST)) {
                String bare = tag.strip();
                any |= bare.equals("*");
                // The comparison is the weak one.
                tags.add(bare.startsWith("W/") ? bare.substring(2) : bare);
            }
        }
        return new EntityTags(any, List.copyOf(tags));
    }

    /** The tag of an answer, in its quotes. */
    static String of(Found found, long generation) {
        ConnectionId connection = found.offer().connection();
        String what = connection == null
                ? found.offer().connector().value().toString()
                : new TokenSet(connection, generation).name();
        return "\"" + what + "." + found.version() + "\"";
    }

    boolean match(String tag) {
        return any || tags.contains(tag);
    }
}
