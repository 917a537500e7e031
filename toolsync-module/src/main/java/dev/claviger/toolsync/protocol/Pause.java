package dev.claviger.toolsync.protocol;

import java.time.Duration;

/** Waits, but never longer than there is time for. */
final class Pause {

    private Pause() {}

    /** Answers false, at once, when there is less time than that. */
    static boolean of(Duration pause, Budget budget) {
        if (!budget.hasTime() || budget.time().compareTo(pause) <= 0) {
            return false;
        }
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Verdict.interrupted();
        }
    }
}
