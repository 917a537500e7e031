package dev.claviger.credentials.api;

/** The master key cannot be rotated now; the message is for the page. HTTP 409. */
public final class KeyRotationRejected extends RuntimeException {
    public KeyRotationRejected(String message) {
        super(message);
    }
}
