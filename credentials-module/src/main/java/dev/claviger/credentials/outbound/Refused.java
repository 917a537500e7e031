package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;

/** The server answered, with an OAuth or MCP error or with nonsense. Record it and show the code; no retry. */
public final class Refused extends RuntimeException {

    private final FailureCode code;

    public Refused(FailureCode code, String message) {
        super(message);
        this.code = code;
    }

    public FailureCode code() {
        return code;
    }

    /** The failure for an event. */
    public Failure failure() {
        return new Failure(code, String.valueOf(getMessage()));
    }
}
