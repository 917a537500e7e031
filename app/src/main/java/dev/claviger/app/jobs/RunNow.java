package dev.claviger.app.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** Brings a job forward to now. */
@Component
class RunNow {

    private final Scheduler scheduler;
    private final Clock clock;

    RunNow(Scheduler scheduler, Clock clock) {
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** What came of it. */
    enum Outcome {
        STARTED,
        DONE_ALREADY,
        RUNNING_ALREADY
    }

    Outcome run(String task, String instance) {
        try {
            scheduler.reschedule(TaskInstanceId.of(task, instance), clock.instant());
            scheduler.triggerCheckForDueExecutions();
            return Outcome.STARTED;
        } catch (TaskInstanceNotFoundException e) {
            return Outcome.DONE_ALREADY;
        } catch (TaskInstanceCurrentlyExecutingException e) {
            return Outcome.RUNNING_ALREADY;
        }
    }
}
