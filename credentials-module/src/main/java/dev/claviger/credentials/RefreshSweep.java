package dev.claviger.credentials;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.claviger.credentials.outbound.Effects;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Finds credentials that should have been refreshed by now and gives them a job again, where a thaw, a restored backup or
 * a bug has left them without one. Who has a job keeps it.
 */
@Configuration(proxyBeanMethods = false)
class RefreshSweep {

    private static final Duration OVERDUE = Duration.ofMinutes(2);
    private static final int MOST = 10_000;

    /** A crowd found at once is spread; the pace of each issuer sees to the rest. */
    private static final Duration SPREAD = Duration.ofMinutes(1);

    @Bean
    RecurringTask<Void> sweepRefreshesTask(
            CredentialTable table, Effects effects, RefreshAhead refreshAhead, Clock clock) {
        return Tasks.recurring("credentials.sweep-refreshes", FixedDelay.ofMinutes(5))
                .execute((instance, context) -> sweep(table, effects, refreshAhead, clock));
    }

    static void sweep(CredentialTable table, Effects effects, RefreshAhead refreshAhead, Clock clock) {
        List<RefreshAhead.Job> overdue = table.overdue(OVERDUE, MOST);
        for (RefreshAhead.Job job : overdue) {
            Duration later = Duration.ofMillis(ThreadLocalRandom.current().nextLong(SPREAD.toMillis()));
            effects.at(
                    clock.instant().plus(overdue.size() == 1 ? Duration.ZERO : later),
                    refreshAhead,
                    job.instance(),
                    job);
        }
    }
}
