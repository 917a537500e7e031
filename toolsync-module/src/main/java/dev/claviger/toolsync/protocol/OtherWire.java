package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.Refused;

/** The server does not speak this way; perhaps it speaks another one. */
final class OtherWire extends RuntimeException {

    private final Refused refusal;

    OtherWire(Refused refusal) {
        super(refusal.getMessage(), refusal);
        this.refusal = refusal;
    }

    /** What to say when it speaks no other way either. */
    Refused refusal() {
        return refusal;
    }
}
