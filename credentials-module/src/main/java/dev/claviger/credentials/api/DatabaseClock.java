package dev.claviger.credentials.api;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of the database, by which all nodes go: about an expiry that one node wrote down another decides, and their own
 * clocks may be hours apart. Compared every few seconds, counted in between, so that reading it costs nothing.
 */
public final class DatabaseClock extends Clock implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    /** An answer that took longer says little about when its time was true. */
    private static final Duration SLOWEST = Duration.ofSeconds(1);

    private static final Duration ASLEEP = Duration.ofSeconds(1);

    /** When the database said what, by the counter and by the clock of this machine. */
    private record Comparison(Instant database, long nanos, Instant own) {}

    private final DataSource dataSource;
    private final Clock own;
    private final ScheduledExecutorService comparing;
    private volatile Comparison last;

    /**
     * @param own the clock of this machine, right or wrong
     * @throws SQLException when the database does not answer
     */
    public DatabaseClock(DataSource dataSource, Clock own) throws SQLException {
        this.dataSource = dataSource;
        this.own = own;
        this.last = compare();
        this.comparing = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "database-clock");
            thread.setDaemon(true);
            return thread;
        });
        comparing.scheduleWithFixedDelay(
                this::compareAgain, BETWEEN.toMillis(), BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Instant instant() {
        Comparison then = last;
        Duration counted = Duration.ofNanos(System.nanoTime() - then.nanos());
        Duration passed = Duration.between(then.own(), own.instant());
        // A machine that slept did not count; its clock knows. Too late an hour is a refresh too many, too early a dead
        // token.
        boolean slept = passed.minus(counted).compareTo(ASLEEP) > 0;
        return then.database().plus(slept ? passed : counted);
    }

    private void compareAgain() {
        try {
            long begin = System.nanoTime();
            Comparison now = compare();
            if (System.nanoTime() - begin <= SLOWEST.toNanos()) {
                last = now;
            }
        } catch (SQLException | RuntimeException e) {
            log.debug("The database did not tell the time; it is counted on", e);
        }
    }

    private Comparison compare() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            long asked = System.nanoTime();
            try (ResultSet row = statement.executeQuery("select clock_timestamp()")) {
                row.next();
                long answered = System.nanoTime();
                Instant said = row.getObject(1, OffsetDateTime.class).toInstant();
                return new Comparison(said.plusNanos((answered - asked) / 2), answered, own.instant());
            }
        }
    }

    @Override
    public void close() {
        comparing.shutdownNow();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("Nobody asks for local time");
    }
}
