package dev.claviger.credentials.outbound;

import java.time.Duration;

/** The effect did nothing yet and is to run again after the pause. No failure: it is neither counted nor given up. */
public final class Later extends RuntimeException {

    private final Duration pause;

    public Later(Duration pause) {
        super("To be run again in " + pause, null, false, false);
        this.pause = pause;
    }

    public Duration pause() {
        return pause;
    }
}
