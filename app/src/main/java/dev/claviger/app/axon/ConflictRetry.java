package dev.claviger.app.axon;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.gateway.RetryScheduler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;

/**
 * Sends a command again when another node changed the same aggregate meanwhile. Never inside a unit of work: that one is
 * lost as a whole and its owner begins again.
 */
final class ConflictRetry implements RetryScheduler {

    private static final int ATTEMPTS = 8;

    private final ScheduledExecutorService executor;

    ConflictRetry(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    @Override
    public boolean scheduleRetry(
            CommandMessage command,
            RuntimeException lastFailure,
            List<Class<? extends Throwable>[]> failures,
            Runnable dispatch) {
        int attempt = failures.size();
        if (!(lastFailure instanceof ConcurrencyException) || CurrentUnitOfWork.isStarted() || attempt >= ATTEMPTS) {
            return false;
        }
        executor.schedule(dispatch, ThreadLocalRandom.current().nextLong(5, 10L << attempt), TimeUnit.MILLISECONDS);
        return true;
    }
}
