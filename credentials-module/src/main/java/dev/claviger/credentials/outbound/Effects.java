package dev.claviger.credentials.outbound;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Clock;
import java.time.Instant;
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
