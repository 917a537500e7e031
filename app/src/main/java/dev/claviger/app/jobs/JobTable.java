package dev.claviger.app.jobs;

import dev.claviger.credentials.outbound.EffectGaveUp;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads db-scheduler's table and keeps the list of effects that gave up. */
@Component
class JobTable implements Jobs {

    private final JdbcClient database;

    JobTable(JdbcClient database) {
        this.database = database;
    }

    @EventListener
    void on(EffectGaveUp gaveUp) {
        database.sql("insert into app.given_up_job (effect, instance, attempts, cause) values (?, ?, ?, ?)")
                .params(gaveUp.effect(), gaveUp.instance(), gaveUp.attempts(), gaveUp.cause())
                .update();
    }

    @Override
    public List<Job> list(Standing standing, int offset, int limit) {
        return database.sql("select * from app.scheduled_tasks where " + where(standing)
                        + " order by execution_time, task_name, task_instance offset ? limit ?")
                .params(offset, limit)
                .query(JobTable::job)
                .list();
    }

    @Override
    public List<GivenUp> givenUp(int offset, int limit) {
        return database.sql("select * from app.given_up_job order by id desc offset ? limit ?")
                .params(offset, limit)
                .query((row, number) -> new GivenUp(
                        row.getLong("id"),
                        row.getString("effect"),
                        row.getString("instance"),
                        row.getInt("attempts"),
                        row.getString("cause"),
                        row.getTimestamp("at").toInstant()))
                .list();
    }

    @Override
    public Counts counts() {
        return database.sql("select count(*) filter (where " + where(Standing.WAITING) + ") waiting, "
                        + "count(*) filter (where " + where(Standing.RUNNING) + ") running, "
                        + "count(*) filter (where " + where(Standing.RETRYING) + ") retrying, "
                        + "(select count(*) from app.given_up_job) given_up from app.scheduled_tasks")
                .query((row, number) -> new Counts(
                        row.getInt("waiting"), row.getInt("running"), row.getInt("retrying"), row.getInt("given_up")))
                .single();
    }

    /** Takes one off the list of those that gave up; answers whether it stood there. */
    boolean dismiss(long id) {
        return database.sql("delete from app.given_up_job where id = ?")
                        .param(id)
                        .update()
                > 0;
    }

    private static String where(Standing standing) {
        return switch (standing) {
            case RUNNING -> "picked";
            case RETRYING -> "not picked and coalesce(consecutive_failures, 0) > 0";
            case WAITING -> "not picked and coalesce(consecutive_failures, 0) = 0";
        };
    }

    private static Job job(ResultSet row, int number) throws SQLException {
        return new Job(
                row.getString("task_name"),
                row.getString("task_instance"),
                row.getTimestamp("execution_time").toInstant(),
                row.getInt("consecutive_failures"),
                instant(row.getTimestamp("last_failure")),
                row.getString("picked_by"));
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
