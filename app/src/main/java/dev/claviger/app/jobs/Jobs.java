package dev.claviger.app.jobs;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the job table holds, for pages. */
public interface Jobs {

    /** How many of a kind a page shows. */
    int SHOWN = 100;

    /** Where a job stands. */
    enum Standing {
        WAITING,
        RUNNING,
        RETRYING
    }

    /** Jobs of one standing, those due first first; at most {@link #SHOWN}. */
    default List<Job> list(Standing standing) {
        return list(standing, 0, SHOWN);
    }

    List<Job> list(Standing standing, int offset, int limit);

    /** Effects that tried for the last time, newest first; at most {@link #SHOWN}. */
    default List<GivenUp> givenUp() {
        return givenUp(0, SHOWN);
    }

    List<GivenUp> givenUp(int offset, int limit);

    Counts counts();

    /**
     * A job that is due or will be.
     *
     * @param task name of the effect, {@code module.verb-noun}
     * @param instance the identifier of what it works for
     * @param due when it runs (again)
     * @param failures in a row, so far
     * @param runningOn the process that runs it
     */
    record Job(
            String task,
            String instance,
            Instant due,
            int failures,
            @Nullable Instant lastFailure,
            @Nullable String runningOn) {}

    /** An effect whose failure was recorded. */
    record GivenUp(long id, String effect, String instance, int attempts, String cause, Instant at) {}

    record Counts(int waiting, int running, int retrying, int givenUp) {

        int of(Standing standing) {
            return switch (standing) {
                case WAITING -> waiting;
                case RUNNING -> running;
                case RETRYING -> retrying;
            };
        }
    }
}
