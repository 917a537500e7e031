package dev.claviger.credentials.outbound;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Schedules durable jobs in the caller's transaction, and wakes the scheduler when it has committed, so that a quick
 * chain of effects does not wait for the next poll.
 */
@Component
public class Effects {

    private static final Logger log = LoggerFactory.getLogger(Effects.class);

    private final ObjectProvider<Scheduler> scheduler;
    private final Clock clock;

    Effects(ObjectProvider<Scheduler> scheduler, Clock clock) {
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Runs it as soon as the transaction has committed. The same instance scheduled twice runs once. */
    public <D> void now(Task<D> effect, String instance, D data) {
        at(clock.instant(), effect, instance, data);
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    scheduler.getObject().triggerCheckForDueExecutions();
                }
            });
        } else {
            scheduler.getObject().triggerCheckForDueExecutions();
        }
    }

    /** Runs it at the given time or soon after. The same instance scheduled twice runs once, at the earlier call's time. */
    public <D> void at(Instant time, Task<D> effect, String instance, D data) {
        scheduler.getObject().scheduleIfNotExists(effect.instance(instance, data), time);
    }

    /**
     * As {@link #at}, and moves the same instance to that time, earlier or later, where it has not begun. One that has begun
     * goes its own way.
     */
    public <D> void move(Instant time, Task<D> effect, String instance, D data) {
        try {
            scheduler
                    .getObject()
                    .schedule(effect.instance(instance, data), time, ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
        } catch (TaskInstanceCurrentlyExecutingException | TaskInstanceNotFoundException | ExecutionException e) {
            log.debug("{} {} has begun or ended meanwhile", effect.getName(), instance, e);
        }
    }

    /** Forgets a job that has not begun. */
    public void cancel(Task<?> effect, String instance) {
        if (scheduler
                .getObject()
                .getScheduledExecution(effect.instance(instance))
                .isPresent()) {
            scheduler.getObject().cancel(effect.instance(instance));
        }
    }
}
