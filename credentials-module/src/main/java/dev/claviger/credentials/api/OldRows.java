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
     * @param table with its schema; has a column {@code at} and a block range index on it: one that names every row would
     *     cost every insertion
     */
    public static long delete(JdbcClient jdbc, String table, Duration keep) {
        String sql = "delete from " + table + " where ctid = any (array(select ctid from " + table
                + " where at < now() - make_interval(secs => ?) limit " + MOST_AT_ONCE + "))";
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
