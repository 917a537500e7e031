package dev.claviger.toolsync.protocol;

import java.util.List;

/** The server knows the credential and does not let it do this (HTTP 403). Holds no remote text but the challenges. */
public final class Forbidden extends RuntimeException {

    private final List<String> challenges;

    Forbidden(String message, List<String> challenges) {
        super(message);
        this.challenges = List.copyOf(challenges);
    }

    /** The {@code WWW-Authenticate} values as received; may be empty. */
    public List<String> challenges() {
        return challenges;
    }
}
