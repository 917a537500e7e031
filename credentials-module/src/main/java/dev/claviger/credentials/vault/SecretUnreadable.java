package dev.claviger.credentials.vault;

/** A sealed secret cannot be opened. The message names the secret's id and the cause, never its content. */
public final class SecretUnreadable extends RuntimeException {
    public SecretUnreadable(String message) {
        super(message);
    }
}
