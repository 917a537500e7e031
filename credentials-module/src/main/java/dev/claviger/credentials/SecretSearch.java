package dev.claviger.credentials;

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
            return new Found(fingerprint, secrets);
        });
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
