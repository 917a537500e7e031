package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.FingerprintSearch;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.VaultEvent.FingerprintSearched;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.UUID;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Compares fingerprints: every secret that was ever sealed has kept its own. */
@Component
class SecretSearch implements FingerprintSearch {

    private final TinkVault vault;
    private final JdbcClient jdbc;
    private final OneTransaction oneTransaction;
    private final EventGateway events;

    SecretSearch(TinkVault vault, JdbcClient jdbc, OneTransaction oneTransaction, EventGateway events) {
        this.vault = vault;
        this.jdbc = jdbc;
        this.oneTransaction = oneTransaction;
        this.events = events;
    }

    @Override
    public Found find(Secret leaked) {
        String fingerprint = vault.fingerprint(leaked);
        return oneTransaction.run(() -> {
            List<SealedSecret> secrets = jdbc.sql("""
                            select id, purpose, created_at, shredded_at from credentials.secret
                             where fingerprint = :fingerprint order by created_at desc, id""")
                    .param("fingerprint", fingerprint)
                    .query(SecretSearch::secret)
                    .list();
            events.publish(new FingerprintSearched(fingerprint, secrets.size()));
            return new Found(fingerprint, secrets, secrets.isEmpty() ? List.of() : held(fingerprint));
        });
    }

    /** From what is in force, not from what was told of it: the history of a token that is not rotated is long. */
    private List<Held> held(String fingerprint) {
        return jdbc.sql("""
                        select c.id, c.generation, bool_or(h.in_set) and c.state <> 'REVOKED' as in_force
                          from (select id, access_id as secret_id, true as in_set from credentials.credential
                                 where access_fingerprint = :fingerprint
                                union all
                                select id, refresh_id, true from credentials.credential
                                 where refresh_fingerprint = :fingerprint
                                union all
                                select credential_id, secret_id, false from credentials.late_token
                                 where fingerprint = :fingerprint) h
                          join credentials.secret s on s.id = h.secret_id and s.shredded_at is null
                          join credentials.credential c on c.id = h.id
                         group by c.id
                         order by in_force desc, c.issued_at desc, c.id limit 1000""")
                .param("fingerprint", fingerprint)
                .query((row, n) -> new Held(
                        new CredentialId(row.getObject("id", UUID.class)),
                        row.getLong("generation"),
                        row.getBoolean("in_force")))
                .list();
    }

    private static SealedSecret secret(ResultSet row, int number) throws SQLException {
        Timestamp shredded = row.getTimestamp("shredded_at");
        return new SealedSecret(
                row.getObject("id", UUID.class),
                SecretPurpose.valueOf(row.getString("purpose")),
                row.getTimestamp("created_at").toInstant(),
                shredded == null ? null : shredded.toInstant());
    }
}
