package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Freezes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Answers from the table of freezes in force. */
@Component
class FrozenNow implements Freezes {

    private final JdbcClient jdbc;

    FrozenNow(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<String> reason(CredentialId credentialId, @Nullable String issuer) {
        return jdbc.sql("""
                        select f.reason from credentials.freeze f
                          join credentials.freeze_scope s on s.freeze_id = f.id
                         where (s.kind, s.target) in (('EVERYTHING', ''), ('ISSUER', cast(:issuer as text)),
                                                      ('CREDENTIAL', :credential))
                         order by f.frozen_at limit 1""")
                .param("issuer", issuer)
                .param("credential", credentialId.value().toString())
                .query(String.class)
                .optional();
    }
}
