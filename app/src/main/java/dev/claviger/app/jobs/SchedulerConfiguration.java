package dev.claviger.app.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.stats.StatsRegistry;
import com.github.kagkarlsson.scheduler.task.OnStartup;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.claviger.credentials.api.DatabaseClock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.axonframework.common.AxonThreadFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import tools.jackson.databind.json.JsonMapper;

/** The one durable clock: every {@link Task} bean is known to it, and jobs are stored in the caller's transaction. */
@Configuration(proxyBeanMethods = false)
class SchedulerConfiguration {

    /** Many more than the connections to one host, so that jobs for a server that hangs leave room for all others. */
    private static final int PLATFORM_THREADS = 64;

    private static final int VIRTUAL_THREADS = 256;

    // Stopped by SchedulerShutdown, before what its jobs need is gone.
    @Bean(destroyMethod = "")
    Scheduler scheduler(
            DataSource dataSource,
            List<Task<?>> tasks,
            ObjectProvider<StatsRegistry> stats,
            JsonMapper json,
            DatabaseClock clock,
            Environment environment) {
        boolean virtual = Threading.VIRTUAL.isActive(environment);
        int threads = virtual ? VIRTUAL_THREADS : PLATFORM_THREADS;
        List<Task<?>> others =
                tasks.stream().filter(task -> !(task instanceof OnStartup)).toList();
        return Scheduler.create(new TransactionAwareDataSourceProxy(dataSource), others)
                .startTasks(onStartup(tasks))
                .tableName("app.scheduled_tasks")
                .schedulerName(new SchedulerName.Fixed("node:" + UUID.randomUUID()))
                .serializer(new JobData(json))
                // Nodes compare due times and heartbeats, so they must go by one clock.
                .clock(clock::instant)
                .executorService(virtual ? virtualThreads(threads) : platformThreads(threads))
                .threads(threads)
                .pollUsingLockAndFetch(0.5, 1.0)
                .pollingInterval(Duration.ofMillis(500))
                .heartbeatInterval(Duration.ofSeconds(5))
                .missedHeartbeatsLimit(4)
                .shutdownMaxWait(Duration.ofSeconds(5))
                .statsRegistry(stats.getIfAvailable(() -> StatsRegistry.NOOP))
                .build();
    }

    private static ExecutorService virtualThreads(int atMost) {
        return Executors.newFixedThreadPool(atMost, new VirtualThreadTaskExecutor("job-").getVirtualThreadFactory());
    }

    private static ExecutorService platformThreads(int atMost) {
        return Executors.newFixedThreadPool(atMost, new AxonThreadFactory("job"));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Task<?> & OnStartup> List<T> onStartup(List<Task<?>> tasks) {
        return tasks.stream()
                .filter(OnStartup.class::isInstance)
                .map(task -> (T) task)
                .toList();
    }
}
