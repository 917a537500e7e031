package dev.claviger.credentials.outbound;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Doubles the pause after each failure, spreads it by up to a fifth, and waits at least as long as the server asked. */
final class Backoff<D> implements FailureHandler<D> {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Duration firstPause;

    Backoff(Duration firstPause) {
        this.firstPause = firstPause;
    }

    @Override
    public void onFailure(ExecutionComplete complete, ExecutionOperations<D> operations) {
        Duration pause = pause(complete.getExecution().consecutiveFailures);
        if (complete.getCause().orElse(null) instanceof Unreachable unreachable
                && unreachable.retryAfter() != null
                && unreachable.retryAfter().compareTo(pause) > 0) {
            pause = unreachable.retryAfter();
        }
        long jitter = ThreadLocalRandom.current().nextLong(Math.max(1, pause.toMillis() / 5));
        operations.reschedule(complete, complete.getTimeDone().plus(pause).plusMillis(jitter));
    }

    private Duration pause(int failuresBefore) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(failuresBefore, 20));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
