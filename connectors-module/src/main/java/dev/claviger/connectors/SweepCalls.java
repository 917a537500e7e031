package dev.claviger.connectors;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.claviger.credentials.api.OldRows;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Forgets what agents asked for when it is old enough, at the same age as the uses of credentials. */
@Configuration(proxyBeanMethods = false)
class SweepCalls {

    @Bean
    RecurringTask<Void> sweepCallsTask(JdbcClient jdbc, @Value("${claviger.uses.keep:400d}") Duration keep) {
        return Tasks.recurring("connectors.sweep-calls", FixedDelay.ofHours(1))
                .execute((instance, context) -> OldRows.delete(jdbc, "connectors.agent_call", "call_id", keep));
    }
}
