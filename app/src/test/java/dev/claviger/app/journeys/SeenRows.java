package dev.claviger.app.journeys;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Everything that is in the database, and every version of a row that was ever there: jobs and sagas are deleted when they
 * are done.
 */
final class SeenRows {

    private final JdbcClient database;

    SeenRows(JdbcClient database) {
        this.database = database;
    }

    /** From now on no row passes unseen. */
    void beginJournal() {
        List<String> tables = tables();
        database.sql("create table app.seen_row (what text, content text)").update();
        database.sql("""
                        create function app.note_row() returns trigger language plpgsql as $$
                        begin
                            insert into app.seen_row values (tg_table_schema || '.' || tg_table_name, to_jsonb(new)::text);
                            return null;
                        end $$""").update();
        for (String table : tables) {
            database.sql("create trigger note_row after insert or update on " + table
                            + " for each row execute function app.note_row()")
                    .update();
        }
    }

    /** How many versions of rows each table has had. */
    Map<String, Long> versions() {
        Map<String, Long> versions = new LinkedHashMap<>();
        database.sql("select what, count(*) from app.seen_row group by what order by what")
                .query((row, n) -> versions.put(row.getString(1), row.getLong(2)))
                .list();
        return versions;
    }

    /** Each place where one of the needles is; every column of every table as text, bytes as they are. */
    List<String> leaks(Needles needles) {
        List<String> leaks = new ArrayList<>();
        for (String table : tables()) {
            database.sql("select * from " + table)
                    .query((row, n) -> leaks.addAll(in(table, row, needles)))
                    .list();
        }
        return leaks;
    }

    private static List<String> in(String table, ResultSet row, Needles needles) throws SQLException {
        List<String> leaks = new ArrayList<>();
        ResultSetMetaData columns = row.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            boolean bytes = columns.getColumnTypeName(i).equals("bytea");
            String text = bytes && row.getBytes(i) != null
                    ? new String(row.getBytes(i), StandardCharsets.ISO_8859_1)
                    : row.getString(i);
            String place = table + "." + columns.getColumnName(i);
            needles.in(String.valueOf(text)).ifPresent(found -> leaks.add(place + ": " + found));
        }
        return leaks;
    }

    private List<String> tables() {
        return database.sql("""
                        select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables
                         where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
                        """).query(String.class).list();
    }
}
