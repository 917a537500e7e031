package dev.claviger.credentials.api;

/** A command that a credential does not allow now; the message is for the page. HTTP 409. */
public final class CredentialRejected extends RuntimeException {
    public CredentialRejected(String message) {
        super(message);
    }
}
