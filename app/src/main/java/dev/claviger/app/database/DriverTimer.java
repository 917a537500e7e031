package dev.claviger.app.database;

import java.util.Timer;
import java.util.TimerTask;
import org.postgresql.Driver;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Gives the timer of the PostgreSQL driver one task that is always due before the others. Without it, the end of nearly every
 * statement with a time limit would be the first task in the queue, and each would wake the timer's thread.
 */
@Component
class DriverTimer implements DisposableBean {

    /** Shorter than any time limit of a statement, which JDBC counts in whole seconds. */
    private static final long EVERY_MILLIS = 900;

    private final TimerTask first = new TimerTask() {
        @Override
        public void run() {}
    };

    DriverTimer() {
        Timer timer = Driver.getSharedTimer().getTimer();
        timer.schedule(first, EVERY_MILLIS, EVERY_MILLIS);
    }

    @Override
    public void destroy() {
        first.cancel();
        Driver.getSharedTimer().releaseTimer();
    }
}
