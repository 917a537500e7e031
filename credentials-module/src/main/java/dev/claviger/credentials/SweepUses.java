package dev.claviger.credentials;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.claviger.credentials.api.OldRows;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Forgets uses of credentials when they are old enough. */
@Configuration(proxyBeanMethods = false)
class SweepUses {

    @Bean
    RecurringTask<Void> sweepUsesTask(JdbcClient jdbc, UseSettings settings) {
        return Tasks.recurring("credentials.sweep-uses", FixedDelay.ofHours(1))
                .execute((instance, context) ->
                        OldRows.delete(jdbc, "credentials.credential_use", "id", settings.keep()));
    }
}
