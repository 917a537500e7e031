package dev.claviger.app.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the trail, filtered, page by page along the position of the events. */
@Component
class AuditEntries {

    private static final String SELECT = """
            select e.*, c.name as connector_name, a.name as agent_name, coalesce(aa.name, t.name) as actor_name
            from app.audit_entry e
            left join app.audit_name c on c.kind = 'connector' and c.id = e.connector_id
            left join app.audit_name a on a.kind = 'agent' and a.id = e.agent_id
            left join app.audit_name aa on aa.kind = 'agent' and 'agent:' || aa.id = e.actor
            left join app.audit_name t on t.kind = 'token' and 'token:' || t.id = e.actor
            """;

    private final JdbcClient jdbc;

    AuditEntries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Absent parts let everything through. {@code actor} with its kind ({@code person:ada}) or without. */
    record Filter(
            @Nullable UUID connector,
            @Nullable UUID agent,
            @Nullable UUID attempt,
            @Nullable String actor,
            @Nullable String event,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /** @param facts JSON object */
    record Entry(
            long position,
            String eventId,
            Instant at,
            String event,
            String actor,
            @Nullable String actorName,
            @Nullable String source,
            @Nullable String correlation,
            @Nullable UUID connectorId,
            @Nullable String connectorName,
            @Nullable UUID agentId,
            @Nullable String agentName,
            @Nullable UUID attempt,
            String sentence,
            String facts) {}

    record Named(UUID id, String name, boolean gone) {}

    /** The newest entries before a position, newest first. */
    List<Entry> before(Filter filter, long position, int limit) {
        return find(filter, "e.position < :position", "desc", position, limit);
    }

    /** The oldest entries after a position, newest first. */
    List<Entry> after(Filter filter, long position, int limit) {
        List<Entry> entries = new ArrayList<>(find(filter, "e.position > :position", "asc", position, limit));
        Collections.reverse(entries);
        return entries;
    }

    /** The entries of the events that mention a fingerprint, the newest first, without the questions about it. */
    List<Entry> mentioning(String fingerprint, int limit) {
        return jdbc.sql(SELECT + """
                         where e.event_id in (select event_id from app.fingerprint_mention where fingerprint = :fingerprint)
                           and e.event <> 'FingerprintSearched'
                         order by e.position desc limit :limit""")
                .param("fingerprint", fingerprint)
                .param("limit", limit)
                .query((row, n) -> entry(row))
                .list();
    }

    /**
     * A credential whose events mention a fingerprint.
     *
     * @param first when they first did
     * @param generation the last token set with it; null: it was in none, it came after the end
     */
    record Holding(
            UUID attempt,
            Instant first,
            @Nullable Long generation,
            @Nullable UUID connectorId,
            @Nullable String connectorName,
            @Nullable UUID agentId,
            @Nullable String agentName) {}

    /** Every credential that ever had a secret, the one that had it last first; however often that was told. */
    List<Holding> holding(String fingerprint, int limit) {
        return jdbc.sql("""
                        select h.*, e.connector_id, c.name as connector_name, e.agent_id, a.name as agent_name
                        from (select attempt, min(at) as first, max(position) as last,
                                     max(case event when 'TokenIssued' then 1
                                                    when 'TokenRefreshed' then (facts ->> 'generation')::bigint end)
                                         as generation
                              from app.audit_entry
                              where event_id in (select event_id from app.fingerprint_mention
                                                  where fingerprint = :fingerprint)
                                and event in ('TokenIssued', 'TokenRefreshed', 'LateTokensSealed')
                                and attempt is not null
                              group by attempt) h
                        join app.audit_entry e on e.position = h.last
                        left join app.audit_name c on c.kind = 'connector' and c.id = e.connector_id
                        left join app.audit_name a on a.kind = 'agent' and a.id = e.agent_id
                        order by h.last desc limit :limit""")
                .param("fingerprint", fingerprint)
                .param("limit", limit)
                .query((row, n) -> new Holding(
                        row.getObject("attempt", UUID.class),
                        row.getTimestamp("first").toInstant(),
                        row.getObject("generation", Long.class),
                        row.getObject("connector_id", UUID.class),
                        row.getString("connector_name"),
                        row.getObject("agent_id", UUID.class),
                        row.getString("agent_name")))
                .list();
    }

    /** Everything of a kind that the trail has a name for, by name. */
    List<Named> names(String kind) {
        return jdbc.sql(
                        "select id, name, gone from app.audit_name where kind = :kind order by gone, lower(name) limit 1000")
                .param("kind", kind)
                .query((row, n) ->
                        new Named(row.getObject("id", UUID.class), row.getString("name"), row.getBoolean("gone")))
                .list();
    }

    /** Who acted lately, for completing what is typed. */
    List<String> recentActors() {
        return jdbc.sql("""
                        select distinct actor from (select actor from app.audit_entry order by position desc limit 2000) recent
                        where actor not like 'agent:%' and actor not like 'token:%' order by actor limit 100
                        """).query(String.class).list();
    }

    private List<Entry> find(Filter filter, String bound, String direction, long position, int limit) {
        List<String> conditions = new ArrayList<>(List.of(bound));
        Map<String, Object> params = new HashMap<>(Map.of("position", position, "limit", limit));
        add(conditions, params, "e.connector_id = :connector", "connector", filter.connector());
        add(conditions, params, "e.agent_id = :agent", "agent", filter.agent());
        add(conditions, params, "e.attempt = :attempt", "attempt", filter.attempt());
        add(
                conditions,
                params,
                "e.actor in (:actor, 'person:' || :actor, 'agent:' || :actor, 'token:' || :actor, 'system:' || :actor)",
                "actor",
                filter.actor());
        add(conditions, params, "e.event = :event", "event", filter.event());
        add(conditions, params, "e.at >= :from", "from", filter.from() == null ? null : Timestamp.from(filter.from()));
        add(conditions, params, "e.at < :to", "to", filter.to() == null ? null : Timestamp.from(filter.to()));
        return jdbc.sql(SELECT + " where " + String.join(" and ", conditions) + " order by e.position " + direction
                        + " limit :limit")
                .params(params)
                .query((row, n) -> entry(row))
                .list();
    }

    private static void add(
            List<String> conditions,
            Map<String, Object> params,
            String condition,
            String name,
            @Nullable Object value) {
        if (value != null) {
            conditions.add(condition);
            params.put(name, value);
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong("position"),
                row.getString("event_id"),
                row.getTimestamp("at").toInstant(),
                row.getString("event"),
                row.getString("actor"),
                row.getString("actor_name"),
                row.getString("source"),
                row.getString("correlation"),
                row.getObject("connector_id", UUID.class),
                row.getString("connector_name"),
                row.getObject("agent_id", UUID.class),
                row.getString("agent_name"),
                row.getObject("attempt", UUID.class),
                row.getString("sentence"),
                row.getString("facts"));
    }
}
