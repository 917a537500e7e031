package dev.claviger.bench.canary;

import dev.claviger.bench.canary.Sweep.Area;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Every column of every row of every table, as text, and bytes as they are. */
final class Rows {

    private static final int FETCHED_AT_ONCE = 500;

    private final Connection connection;

    Rows(Connection connection) {
        this.connection = connection;
    }

    /** @return the tables, each with its schema */
    List<String> sweep(Sweep sweep) throws SQLException {
        List<String> tables = tables();
        connection.setAutoCommit(false);
        for (String table : tables) {
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(FETCHED_AT_ONCE);
                try (ResultSet rows = statement.executeQuery("select * from " + table)) {
                    while (rows.next()) {
                        sweep.count(Area.ROWS, look(sweep, table, rows));
                    }
                }
            }
        }
        connection.commit();
        return tables;
    }

    private static long look(Sweep sweep, String table, ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        long size = 0;
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            byte[] content = content(row, columns, i);
            sweep.lookAlso(Area.ROWS, table + "." + columns.getColumnName(i), content);
            size += content.length;
        }
        return size;
    }

    private static byte[] content(ResultSet row, ResultSetMetaData columns, int column) throws SQLException {
        if (columns.getColumnTypeName(column).equals("bytea")) {
            byte[] bytes = row.getBytes(column);
            return bytes == null ? new byte[0] : bytes;
        }
        String text = row.getString(column);
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> tables() throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery("""
                        select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables
                         where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
                         order by 1
                        """)) {
            while (names.next()) {
                tables.add(names.getString(1));
            }
        }
        return tables;
    }
}
