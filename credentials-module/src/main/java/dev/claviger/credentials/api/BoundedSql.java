package dev.claviger.credentials.api;

import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL for which an agent waits: what a lock holds up is given up after a while, so that everybody is answered. */
public final class BoundedSql {

    /** Seconds that a statement may take. */
    private static final int LONGEST = 10;

    private BoundedSql() {}

    /** Statements that take longer are cancelled and throw {@code QueryTimeoutException}; joins transactions as any other. */
    public static JdbcClient of(DataSource dataSource) {
        JdbcTemplate bounded = new JdbcTemplate(dataSource);
        bounded.setQueryTimeout(LONGEST);
        return JdbcClient.create(bounded);
    }
}
