package dev.claviger.app.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

/** An application that adds a row to the embedded database, says how many there are, and waits to be stopped or killed. */
final class EmbeddedDatabaseProcess {

    private EmbeddedDatabaseProcess() {}

    public static void main(String[] args) throws Exception {
        EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(args[0]));
        try (Connection connection =
                        DriverManager.getConnection(database.url(), EmbeddedDatabase.USER, database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists kept (at timestamptz default now())");
            statement.execute("insert into kept default values");
            try (ResultSet count = statement.executeQuery("select count(*) from kept")) {
                count.next();
                report("rows=" + count.getInt(1));
            }
            try (ResultSet settings = statement.executeQuery(
                    "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings"
                            + " where name in ('fsync', 'synchronous_commit', 'listen_addresses', 'port')")) {
                settings.next();
                report("settings " + settings.getString(1));
            }
        }
        report("url=" + database.url());
        report("ready");
        // Until told to stop: standard input ends.
        while (System.in.read() >= 0) {}
        database.close();
    }

    private static void report(String line) {
        java.io.PrintStream out =
                new java.io.PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
        out.println(line);
    }
}
