package dev.claviger.credentials;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One real PostgreSQL for all tests of this module, a database of its own for each test. */
final class TestDatabase {

    private static final AtomicInteger count = new AtomicInteger();
    private static EmbeddedPostgres server;

    private TestDatabase() {}

    static DataSource fresh() {
        DataSource database = empty();
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/credentials")
                .defaultSchema("credentials")
                .createSchemas(true)
                .load()
                .migrate();
        JdbcClient.create(database).sql(JOBS).update();
        return database;
    }

    /** Without a table. */
    static synchronized DataSource empty() {
        try {
            if (server == null) {
                server = EmbeddedPostgres.builder()
                        .setLocaleConfig("locale", "C")
                        .start();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = "test" + count.incrementAndGet();
        JdbcClient.create(server.getPostgresDatabase())
                .sql("create database " + name)
                .update();
        PGSimpleDataSource database = (PGSimpleDataSource) server.getDatabase("postgres", name);
        database.setLogServerErrorDetail(false);
        return database;
    }

    private static final String JOBS = """
            create table scheduled_tasks (task_name text, task_instance text, task_data bytea, execution_time timestamptz,
                picked boolean, picked_by text, last_success timestamptz, last_failure timestamptz,
                consecutive_failures int, last_heartbeat timestamptz, version bigint, priority smallint,
                primary key (task_name, task_instance))""";
}
