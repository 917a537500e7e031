package dev.claviger.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Moves the expiry of all credentials, and with it the refresh ahead of it, into a window that begins soon. */
final class DueWindow {

    /**
     * How the refreshes went, as the database has it.
     *
     * @param once credentials that are one generation further
     * @param more credentials that are more than one generation further
     * @param untouched credentials that are in force and still are what they were
     * @param notActive credentials that need a person now
     * @param twice events that record a refresh of the same generation a second time
     * @param inDoubt refreshes whose answer may have been lost
     */
    record Outcome(long once, long more, long untouched, long notActive, long twice, long inDoubt) {}

    /** Half of the jitter of a refresh ahead beyond its margin of five minutes. */
    private static final String EXPIRY_AFTER_DUE = "interval '375 seconds'";

    private final BenchDatabase database;
    private final long eventsBefore;

    /** @param lead until the first is due */
    DueWindow(BenchDatabase database, Duration lead, Duration length) throws SQLException {
        this.database = database;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            eventsBefore = number(statement, "select coalesce(max(global_index), 0) from app.domain_event");
            statement.execute("drop table if exists public.due");
            statement.execute("create table public.due as select id, generation, now() + make_interval(secs => "
                    + lead.toSeconds()
                    + " + random() * " + length.toSeconds() + ") as at from credentials.credential"
                    + " where state = 'ACTIVE' and kind = 'OAUTH'");
            statement.execute("create unique index on public.due (id)");
            // Obtained long ago, so that the margin is the whole one.
            statement.execute("update credentials.credential c set expires_at = due.at + " + EXPIRY_AFTER_DUE
                    + ", issued_at = now() - interval '1 hour',"
                    + " refreshed_at = case when refreshed_at is null then null else now() - interval '1 hour' end"
                    + " from public.due where due.id = c.id");
            statement.execute("update app.scheduled_tasks t set execution_time = due.at, version = version + 1"
                    + " from public.due where t.task_name = 'credentials.refresh-ahead' and not t.picked"
                    + " and t.task_instance = 'credential:' || due.id || '/' || due.generation");
        }
    }

    long credentials() throws SQLException {
        return ask("select count(*) from public.due");
    }

    /** How many are not yet one generation further. */
    long waiting() throws SQLException {
        return ask("select count(*) from public.due join credentials.credential c using (id)"
                + " where c.generation = due.generation and c.state = 'ACTIVE'");
    }

    Outcome outcome() throws SQLException {
        String joined = "select count(*) from public.due join credentials.credential c using (id) where ";
        return new Outcome(
                ask(joined + "c.generation = due.generation + 1"),
                ask(joined + "c.generation > due.generation + 1"),
                waiting(),
                ask(joined + "c.state <> 'ACTIVE'"),
                ask(
                        "select count(*) from (select 1 from app.domain_event where payload_type = 'credentials.TokenRefreshed'"
                                + " and global_index > " + eventsBefore
                                + " group by aggregate_identifier, payload ->> 'generation' having count(*) > 1) as doubled"),
                ask(
                        "select count(*) from app.domain_event where payload_type = 'credentials.RefreshInDoubt' and global_index > "
                                + eventsBefore));
    }

    /** Seconds from when each refresh was due to when its tokens were obtained. */
    Percentiles delays() throws SQLException {
        List<Double> delays = new ArrayList<>();
        try (Connection connection = database.connect();
                PreparedStatement statement =
                        connection.prepareStatement("select extract(epoch from c.refreshed_at - due.at) from public.due"
                                + " join credentials.credential c using (id) where c.generation > due.generation");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                delays.add(rows.getDouble(1));
            }
        }
        return new Percentiles(delays.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private long ask(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return number(statement, sql);
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
