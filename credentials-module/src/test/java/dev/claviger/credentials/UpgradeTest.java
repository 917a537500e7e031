package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Databases of former versions, with what they held. */
class UpgradeTest {

    @Test
    void aRefreshTokenOfBeforeIsDueThoughItsAccessTokenSaysNoEnd() {
        DataSource database = TestDatabase.empty();
        migrate(database, "6");
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql("insert into credentials.secret (id, purpose, key_id, fingerprint, shredded_at)"
                        + " values ('00000000-0000-0000-0000-000000000001', 'REFRESH_TOKEN', 'k', 'f', now())")
                .update();
        jdbc.sql("""
                        insert into credentials.credential (id, kind, state, generation, access_id, access_fingerprint,
                            refresh_id, issued_at, refreshed_at, expires_at)
                        select gen_random_uuid(), 'OAUTH', state, 1, s.id, 'f', case when refreshable then s.id end,
                               timestamptz '2026-01-01 00:00Z', refreshed, expires
                          from credentials.secret s,
                               (values ('ACTIVE', true, null::timestamptz, null::timestamptz),
                                       ('ACTIVE', true, timestamptz '2026-02-01 00:00Z', null),
                                       ('ACTIVE', true, null, timestamptz '2026-03-04 00:00Z'),
                                       ('ACTIVE', false, null, null),
                                       ('REVOKED', true, null, null)) as v (state, refreshable, refreshed, expires)""").update();
        migrate(database, "latest");
        assertThat(jdbc.sql("""
                                select to_char(refresh_due_at at time zone 'UTC', 'YYYY-MM-DD') from credentials.credential
                                 order by refresh_due_at nulls last""").query(String.class).list())
                .containsExactly("2026-01-31", "2026-03-03", "2026-03-04", null, null);
    }

    private static void migrate(DataSource database, String version) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/credentials")
                .defaultSchema("credentials")
                .createSchemas(true)
                .target(version)
                .load()
                .migrate();
    }
}
