package dev.claviger.app.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Migrates every module's schema when the data source is made: whoever holds the data source may rely on the tables. One
 * process migrates at a time.
 */
final class Migrations implements BeanPostProcessor {

    static final List<String> MODULES = List.of("app", "credentials", "oauth", "toolsync", "connectors");

    // Any number, as long as nobody else takes the same.
    private static final long LOCK = 0x636c6176696765L;

    private final ObjectProvider<EmbeddedDatabase> embedded;

    Migrations(ObjectProvider<EmbeddedDatabase> embedded) {
        this.embedded = embedded;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof DataSource dataSource) {
            migrate(dataSource);
        }
        return bean;
    }

    private void migrate(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_lock(" + LOCK + ")");
            try {
                MODULES.forEach(module -> migrate(dataSource, module));
                if (embedded.getIfAvailable() != null) {
                    forgetThePrevious(statement);
                }
            } finally {
                statement.execute("select pg_advisory_unlock(" + LOCK + ")");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The database cannot be reached: " + e.getMessage(), e);
        }
    }

    private static void migrate(DataSource dataSource, String module) {
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/" + module)
                .defaultSchema(module)
                .schemas(module)
                .createSchemas(true)
                .table("schema_history")
                .load()
                .migrate();
    }

    /** The embedded database has one user at a time: what the previous process held when it was killed is free. */
    private static void forgetThePrevious(Statement statement) throws SQLException {
        statement.execute("update app.token_entry set owner = null");
        statement.execute("update app.scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null"
                + " where picked");
        statement.execute("delete from app.node");
    }
}
