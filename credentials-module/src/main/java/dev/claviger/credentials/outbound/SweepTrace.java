package dev.claviger.credentials.outbound;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Forgets outside requests when they are old enough. */
@Configuration(proxyBeanMethods = false)
class SweepTrace {

    @Bean
    RecurringTask<Void> sweepTraceTask(TraceTable table, TraceSettings settings, Clock clock) {
        return Tasks.recurring("credentials.sweep-trace", FixedDelay.ofHours(1))
                .execute((instance, context) ->
                        table.forgetBefore(clock.instant().minus(settings.keep())));
    }
}
