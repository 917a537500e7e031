package dev.claviger.connectors.api;

/** A command that an agent does not allow now; the message is for the page. HTTP 409. */
public final class AgentRejected extends RuntimeException {
    public AgentRejected(String message) {
        super(message);
    }
}
