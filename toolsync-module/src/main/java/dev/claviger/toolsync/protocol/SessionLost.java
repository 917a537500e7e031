package dev.claviger.toolsync.protocol;

/** The server no longer knows the session; a new {@code initialize} may help once. */
final class SessionLost extends RuntimeException {
    SessionLost() {
        super("The server no longer knows the session");
    }
}
