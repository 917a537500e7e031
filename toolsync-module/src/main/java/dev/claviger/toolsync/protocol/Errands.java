package dev.claviger.toolsync.protocol;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What threads that read leave to be done on the thread that talks. A reader that is faster waits; one that is interrupted
 * leaves nothing.
 */
final class Errands {

    private static final int MOST = 256;

    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MOST);

    void leave(Runnable errand) {
        try {
            waiting.put(errand);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Only wakes up whoever waits; a full queue is awake. */
    void nudge() {
        waiting.offer(() -> {});
    }

    /** Runs what is there and waits for nothing more. */
    void runWaiting() {
        for (Runnable errand = waiting.poll(); errand != null; errand = waiting.poll()) {
            errand.run();
        }
    }

    /** Runs errands as they come until {@code done}. Answers false when the time is up before. */
    boolean runUntil(BooleanSupplier done, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!done.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                Runnable errand = waiting.poll(left, TimeUnit.NANOSECONDS);
                if (errand != null) {
                    errand.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Verdict.interrupted();
            }
        }
        return true;
    }
}
