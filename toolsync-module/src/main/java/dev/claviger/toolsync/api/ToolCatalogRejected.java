package dev.claviger.toolsync.api;

/** A command that a tool catalogue does not allow now; the message is for the page. HTTP 409. */
public final class ToolCatalogRejected extends RuntimeException {
    public ToolCatalogRejected(String message) {
        super(message);
    }
}
