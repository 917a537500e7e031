package dev.claviger.app.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Lets running jobs finish while everything they need is still there; the starter starts the scheduler. */
@Component
class SchedulerShutdown implements SmartLifecycle {

    private final Scheduler scheduler;
    private volatile boolean running;

    SchedulerShutdown(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        scheduler.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
