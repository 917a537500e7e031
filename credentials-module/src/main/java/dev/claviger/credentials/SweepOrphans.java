package dev.claviger.credentials;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.slf4j.MDC;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sweeps orphaned secrets four times a day. */
@Configuration(proxyBeanMethods = false)
class SweepOrphans {

    private static final String NAME = "credentials.sweep-orphans";

    @Bean
    @SuppressWarnings("try")
    RecurringTask<Void> sweepOrphansTask(Orphans orphans) {
        return Tasks.recurring(NAME, FixedDelay.ofHours(6)).execute((instance, context) -> {
            try (MDC.MDCCloseable actor = MDC.putCloseable("actor", "system:" + NAME)) {
                orphans.sweep();
            }
        });
    }
}
