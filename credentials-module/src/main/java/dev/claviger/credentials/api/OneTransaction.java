package dev.claviger.credentials.api;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.stereotype.Component;

/**
 * Sealing a secret and the commands that refer to it, in one transaction: all of it happens or none. The commands share
 * one Axon unit of work, so that a rollback also reaches the aggregate cache.
 */
@Component
public class OneTransaction {

    private static final int ATTEMPTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final TransactionManager transactions;

    OneTransaction(TransactionManager transactions) {
        this.transactions = transactions;
    }

    /**
     * Runs {@code work}, again from the beginning when another node changed the same aggregate meanwhile. {@code work}
     * therefore touches the database and the command gateway, never the network. Inside a unit of work it joins that one.
     */
    public <T> T run(Supplier<T> work) {
        if (CurrentUnitOfWork.isStarted()) {
            return work.get();
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(work);
            } catch (ConcurrencyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    /** As {@link #run(Supplier)}, for work without a result. */
    public void run(Runnable work) {
        run(() -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /**
     * As {@link #run(Runnable)}, and again for some ten seconds while the database or the event store is in trouble: for an
     * answer that can be had only once. {@code work} may have succeeded when it is run again, because a commit whose
     * answer was lost looks like a failure.
     */
    public void runWithPatience(Runnable work) {
        if (CurrentUnitOfWork.isStarted()) {
            work.run();
            return;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (long pause = 250; ; pause = Math.min(2 * pause, LONGEST_PAUSE.toMillis())) {
            try {
                run(work);
                return;
            } catch (RuntimeException e) {
                if (!Passing.isPassing(e) || System.nanoTime() - end >= 0) {
                    throw e;
                }
                sleep(pause);
            }
        }
    }

    /**
     * Inside of {@link #run(Runnable)}: runs {@code work} in the same transaction, but after its events are stored and those
     * who listen to them there have written. Nothing is run when it fails before.
     */
    public void atItsEnd(Runnable work) {
        CurrentUnitOfWork.get().root().onPrepareCommit(unitOfWork -> work.run());
    }

    private <T> T attempt(Supplier<T> work) {
        UnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(null);
        try {
            unitOfWork.attachTransaction(transactions);
            T result = work.get();
            unitOfWork.commit();
            return result;
        } catch (RuntimeException | Error e) {
            if (unitOfWork.isActive()) {
                unitOfWork.rollback(e);
            }
            throw e;
        }
    }

    private static void pause(int attempt) {
        sleep(ThreadLocalRandom.current().nextLong(5, 10L << attempt));
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for another transaction", e);
        }
    }
}
