package dev.claviger.app.security;

/** Something about people or tokens that is not allowed; the message is for the page. HTTP 409. */
final class UserRejected extends RuntimeException {
    UserRejected(String message) {
        super(message);
    }
}
