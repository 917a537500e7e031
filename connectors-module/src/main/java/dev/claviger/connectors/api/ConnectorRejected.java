package dev.claviger.connectors.api;

import org.jspecify.annotations.Nullable;

/** A command that a connector does not allow now; the message is for the page. HTTP 409. */
public final class ConnectorRejected extends RuntimeException {

    private final @Nullable String field;

    public ConnectorRejected(String message) {
        this(message, null);
    }

    /** @param field of the settings that another value would mend; null: none */
    public ConnectorRejected(String message, @Nullable String field) {
        super(message);
        this.field = field;
    }

    public @Nullable String field() {
        return field;
    }
}
