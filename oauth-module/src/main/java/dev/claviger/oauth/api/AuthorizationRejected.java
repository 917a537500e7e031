package dev.claviger.oauth.api;

/** A command that an authorization does not allow now; the message is for the page. HTTP 409. */
public final class AuthorizationRejected extends RuntimeException {
    public AuthorizationRejected(String message) {
        super(message);
    }
}
