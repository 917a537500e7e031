package dev.claviger.app.jobs;

import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import java.time.Duration;
import org.axonframework.deadline.dbscheduler.DbSchedulerHumanReadableDeadlineDetails;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Axon's task for deadlines, but one that fails says so and tries again soon rather than in five minutes. */
final class DeadlineTask extends OneTimeTask<DbSchedulerHumanReadableDeadlineDetails> {

    private static final Logger log = LoggerFactory.getLogger(DeadlineTask.class);

    private final Task<DbSchedulerHumanReadableDeadlineDetails> axon;

    DeadlineTask(Task<DbSchedulerHumanReadableDeadlineDetails> axon) {
        super(
                axon.getName(),
                axon.getDataClass(),
                new FailureHandler.ExponentialBackoffFailureHandler<>(Duration.ofSeconds(1), 2),
                new DeadExecutionHandler.ReviveDeadExecution<>());
        this.axon = axon;
    }

    @Override
    public void executeOnce(TaskInstance<DbSchedulerHumanReadableDeadlineDetails> instance, ExecutionContext context) {
        try {
            axon.execute(instance, context);
        } catch (RuntimeException e) {
            log.error(
                    "The deadline {} failed and will be tried again",
                    instance.getData().getDeadlineName(),
                    e);
            throw e;
        }
    }
}
