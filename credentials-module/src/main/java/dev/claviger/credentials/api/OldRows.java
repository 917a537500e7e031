package dev.claviger.credentials.api;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Deletes what is too old from a table that only grows at its end, a bounded number of rows in each transaction. */
public final class OldRows {

    private static final int MOST_AT_ONCE = 5_000;

    private OldRows() {}

    /**
     * Answers how many rows went. Time is the database's.
     *
     * @param table with its schema; has a column {@code at}
     * @param id its primary key, which grows with {@code at}
     */
    public static long delete(JdbcClient jdbc, String table, String id, Duration keep) {
        // By the primary key: an index on the time would cost every insertion.
        String sql = "delete from " + table + " where " + id + " in (select " + id + " from (select " + id
                + ", at from " + table + " order by " + id + " limit " + MOST_AT_ONCE + ") as oldest"
                + " where at < now() - make_interval(secs => ?))";
        long deleted = 0;
        while (true) {
            int now = jdbc.sql(sql).param((double) keep.toSeconds()).update();
            deleted += now;
            if (now < MOST_AT_ONCE) {
                return deleted;
            }
        }
    }
}
