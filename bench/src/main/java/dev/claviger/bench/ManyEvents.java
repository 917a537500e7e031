package dev.claviger.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills the event store with copies of real histories: every event of connectors, agents, connections, credentials and
 * catalogues that is there, again and again under new ids.
 */
final class ManyEvents {

    private static final String UUIDS = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final int COPIES_AT_ONCE = 200;

    private final BenchDatabase database;

    ManyEvents(BenchDatabase database) {
        this.database = database;
    }

    /** Copies until there are so many events; no process of the application may run. */
    void fill(long events) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table public.story as select global_index as place, aggregate_identifier,"
                            + " sequence_number, type, meta_data::text as meta_data, payload::text as payload, payload_revision,"
                            + " payload_type, time_stamp from app.domain_event where payload_type ~ '^(connectors|credentials|oauth|toolsync)\\.'");
            long length = number(statement, "select count(*) from public.story");
            String renamed = renamed(ids(statement));
            long copies = (events - number(statement, "select count(*) from app.domain_event") + length - 1) / length;
            for (long from = 1; from <= copies; from += COPIES_AT_ONCE) {
                statement.execute("insert into app.domain_event (aggregate_identifier, sequence_number, type,"
                        + " event_identifier, meta_data, payload, payload_revision, payload_type, time_stamp)"
                        + " select " + renamed.formatted("aggregate_identifier") + ", sequence_number, type,"
                        + " gen_random_uuid()::text, meta_data::jsonb, (" + renamed.formatted("payload")
                        + ")::jsonb, payload_revision, payload_type, time_stamp"
                        + " from public.story, generate_series(" + from + ", "
                        + Math.min(copies, from + COPIES_AT_ONCE - 1) + ") as copy order by copy, place");
            }
            statement.execute("analyze app.domain_event");
        }
    }

    /** An SQL expression that gives every id of the story another one for each copy. */
    private static String renamed(List<String> ids) {
        String expression = "%s";
        for (String id : ids) {
            expression = "replace(" + expression + ", '" + id + "', md5('" + id + "' || copy)::uuid::text)";
        }
        return expression;
    }

    private static List<String> ids(Statement statement) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (ResultSet rows =
                statement.executeQuery("select distinct (regexp_matches(aggregate_identifier || payload, '" + UUIDS
                        + "', 'g'))[1] from public.story")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
