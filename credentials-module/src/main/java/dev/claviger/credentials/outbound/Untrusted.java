package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;

/**
 * What we were told to trust cannot be: forbidden address, plain http, wrong issuer, no S256, too many bytes. Record it;
 * never retry, never show remote text.
 */
public class Untrusted extends RuntimeException {

    private final FailureCode code;

    public Untrusted(FailureCode code, String message) {
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
