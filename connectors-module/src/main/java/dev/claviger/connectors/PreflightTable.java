package dev.claviger.connectors;

import dev.claviger.connectors.preflight.PreflightReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Preflights of the last hour: for every node to show, and to count how many a person asks for. */
@Repository
class PreflightTable {

    /**
     * @param report as far as it has come; null: nothing yet
     * @param isInterrupted whether nobody works on it any more, because its node stopped
     */
    record Row(
            UUID id, String url, Instant askedAt, @Nullable PreflightReport report, boolean isInterrupted) {}

    private static final Duration KEPT = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final JsonMapper json;

    PreflightTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Answers false when there is one of this id: a double click. */
    boolean add(UUID id, String askedBy, String url) {
        jdbc.sql("delete from connectors.preflight where asked_at < now() - :kept * interval '1 second'")
                .param("kept", KEPT.toSeconds())
                .update();
        return jdbc.sql("""
                        insert into connectors.preflight (preflight_id, asked_by, url, asked_at)
                        values (:id, :askedBy, :url, now())
                        on conflict (preflight_id) do nothing
                        """)
                        .param("id", id)
                        .param("askedBy", askedBy)
                        .param("url", url)
                        .update()
                == 1;
    }

    void forget(UUID id) {
        jdbc.sql("delete from connectors.preflight where preflight_id = :id")
                .param("id", id)
                .update();
    }

    void save(UUID id, PreflightReport report) {
        jdbc.sql("update connectors.preflight set report = :report::jsonb where preflight_id = :id")
                .param("id", id)
                .param("report", json.writeValueAsString(report))
                .update();
    }

    /** How many this person asked for within that time. */
    int asked(String askedBy, Duration within) {
        return jdbc.sql("""
                        select count(*) from connectors.preflight
                         where asked_by = :askedBy and asked_at > now() - :within * interval '1 second'
                        """)
                .param("askedBy", askedBy)
                .param("within", within.toSeconds())
                .query(Integer.class)
                .single();
    }

    /** @param longest after which nobody can be working on it any more */
    Optional<Row> find(UUID id, Duration longest) {
        return jdbc.sql("""
                        select url, asked_at, report, asked_at < now() - :longest * interval '1 second' as late
                          from connectors.preflight
                         where preflight_id = :id and asked_at > now() - :kept * interval '1 second'
                        """)
                .param("id", id)
                .param("longest", longest.toSeconds())
                .param("kept", KEPT.toSeconds())
                .query((row, number) -> {
                    String stored = row.getString("report");
                    PreflightReport report = stored == null ? null : json.readValue(stored, PreflightReport.class);
                    return new Row(
                            id,
                            row.getString("url"),
                            row.getTimestamp("asked_at").toInstant(),
                            report,
                            row.getBoolean("late") && (report == null || report.verdict() == null));
                })
                .optional();
    }
}
