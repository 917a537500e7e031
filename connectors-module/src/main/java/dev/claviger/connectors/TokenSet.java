package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names the token set that an agent was given, so that it can say later which one a server refused.
 *
 * @param generation number of the token set of this connection, from 1
 */
record TokenSet(ConnectionId connection, long generation) {

    /** What agents are given, and give back as they got it. */
    String name() {
        return connection.value() + "." + generation;
    }

    /**
     * @param name as {@link #name()} wrote it; null: none
     * @throws WrongFields when it is something else
     */
    static @Nullable TokenSet named(@Nullable String name) {
        if (name == null || name.isBlank()) {
            return null;
        }
        int dot = name.indexOf('.');
        try {
            return new TokenSet(
                    new ConnectionId(UUID.fromString(name.substring(0, Math.max(0, dot)))),
                    Long.parseLong(name.substring(dot + 1)));
        } catch (IllegalArgumentException e) {
            throw new WrongFields(
                    Map.of("refused", "Give the member generation of the answer whose headers the server refused."));
        }
    }

    /** A server that refused the token set of an earlier connection says nothing about that of another. */
    boolean isOf(ConnectionId other) {
        return connection.equals(other);
    }
}
