package dev.claviger.credentials.outbound;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationEventPublisherAware;

/**
 * A durable job that makes one outside call and records the outcome with a command. It follows an event: schedule it in
 * that event's transaction with {@link Effects}. It retries with exponential backoff when the other side is {@link
 * Unreachable} or something breaks unexpectedly, and says so with a command when it gives up.
 *
 * <p>Every Spring bean of this type is registered with the scheduler.
 *
 * @param <D> what the job needs to know; a record without secrets, stored as JSON
 */
public abstract class Effect<D> extends OneTimeTask<D> implements ApplicationEventPublisherAware {

    private static final Logger log = LoggerFactory.getLogger(Effect.class);

    private final int maxAttempts;
    private @Nullable ApplicationEventPublisher publisher;

    /**
     * @param name stable, {@code module.verb-noun}; it is a column value
     * @param maxAttempts 1: never retry
     * @param firstPause doubled after each attempt, at most 5 minutes, with jitter
     */
    protected Effect(String name, Class<D> dataClass, int maxAttempts, Duration firstPause) {
        super(name, dataClass, new Backoff<>(firstPause), new DeadExecutionHandler.ReviveDeadExecution<>());
        this.maxAttempts = maxAttempts;
    }

    /**
     * Makes the call and sends the outcome. May run again after a crash: the command must be harmless the second time.
     *
     * @throws Later when the time has not come
     */
    protected abstract void perform(D data);

    /** Sends the failure. {@code cause} is the last failure: {@link Unreachable}, or a bug. */
    protected abstract void giveUp(D data, RuntimeException cause);

    /** The attempt in whose trace the requests belong; null where none can be named. */
    protected @Nullable UUID attempt(D data) {
        return null;
    }

    @Override
    public final void setApplicationEventPublisher(ApplicationEventPublisher applicationEventPublisher) {
        publisher = applicationEventPublisher;
    }

    @Override
    public final CompletionHandler<D> execute(TaskInstance<D> instance, ExecutionContext context) {
        try {
            return super.execute(instance, context);
        } catch (Later later) {
            return (complete, operations) ->
                    operations.reschedule(complete, complete.getTimeDone().plus(later.pause()));
        }
    }

    @Override
    @SuppressWarnings("try")
    public final void executeOnce(TaskInstance<D> instance, ExecutionContext context) {
        try (MDC.MDCCloseable actor = MDC.putCloseable("actor", "system:" + getName());
                MDC.MDCCloseable correlation = MDC.putCloseable("correlation", instance.getId());
                ExchangeScope scope = ExchangeScope.of(attempt(instance.getData()))) {
            try {
                perform(instance.getData());
            } catch (Later later) {
                throw later;
            } catch (RuntimeException | Error thrown) {
                // What a hostile answer breaks, a stack for example, must run out of attempts like any other failure.
                RuntimeException e = thrown instanceof RuntimeException known
                        ? known
                        : new IllegalStateException(thrown.getClass().getName(), thrown);
                if (e instanceof MasterKeyUnavailable) {
                    // Ours is the trouble, and it heals by itself: nothing is given up for it.
                    log.warn("{} {} waits: {}", getName(), instance.getId(), e.getMessage());
                    throw e;
                }
                int attempts = context.getExecution().consecutiveFailures + 1;
                if (!(e instanceof Unreachable)) {
                    log.error("{} {} failed unexpectedly", getName(), instance.getId(), e);
                }
                if (attempts < maxAttempts) {
                    throw e;
                }
                giveUp(instance.getData(), e);
                Objects.requireNonNull(publisher, "a Spring bean")
                        .publishEvent(new EffectGaveUp(getName(), instance.getId(), attempts, describe(e)));
            }
        }
    }

    private static String describe(RuntimeException e) {
        return e instanceof Unreachable
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName();
    }
}
