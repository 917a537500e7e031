package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.vault.PendingAnswers;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads from the lease of a refresh whether it is over: whoever sees an answer, or that there is none, gives it back. */
@Component
class LeasedAnswers implements PendingAnswers {

    private final JdbcClient jdbc;

    LeasedAnswers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One that cools down has lost its answer, however long its lease has been stretched. */
    @Override
    public Optional<Duration> of(CredentialId id) {
        return jdbc.sql("""
                        select case when cooldown_until is null
                                    then greatest(0, extract(epoch from lease_until - clock_timestamp())) * 1000
                                    else 0 end as left_millis
                          from credentials.credential where id = ? and lease_since is not null""")
                .param(id.value())
                .query((row, n) -> Duration.ofMillis(row.getLong("left_millis")))
                .optional();
    }
}
