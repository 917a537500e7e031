package dev.claviger.connectors;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import javax.sql.DataSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A PostgreSQL with this module's schema, one per test class. */
final class TestDatabase implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final DataSource dataSource;

    TestDatabase() throws IOException {
        postgres = EmbeddedPostgres.builder().setLocaleConfig("locale", "C").start();
        dataSource = postgres.getPostgresDatabase();
        jdbc().sql("create schema connectors").update();
        Resource[] migrations =
                new PathMatchingResourcePatternResolver().getResources("classpath:db/connectors/V*.sql");
        Arrays.sort(migrations, Comparator.comparingInt(TestDatabase::version));
        new ResourceDatabasePopulator(migrations).execute(dataSource);
    }

    private static int version(Resource migration) {
        String name = String.valueOf(migration.getFilename());
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }

    DataSource dataSource() {
        return dataSource;
    }

    JdbcClient jdbc() {
        return JdbcClient.create(dataSource);
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
