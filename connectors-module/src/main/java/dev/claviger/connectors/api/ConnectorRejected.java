package dev.claviger.connectors.api;

/** A command that a connector does not allow now; the message is for the page. HTTP 409. */
public final class ConnectorRejected extends RuntimeException {
    public ConnectorRejected(String message) {
        super(message);
    }
}
