package dev.claviger.toolsync.protocol;

import java.util.List;

/** The server wants a credential, or does not take the one it was shown. Holds no remote text but the challenges. */
public final class Unauthorized extends RuntimeException {

    private final List<String> challenges;

    Unauthorized(String message, List<String> challenges) {
        super(message);
        this.challenges = List.copyOf(challenges);
    }

    /** The {@code WWW-Authenticate} values as received; empty when the refusal came inside an answer with status 200. */
    public List<String> challenges() {
        return challenges;
    }
}
