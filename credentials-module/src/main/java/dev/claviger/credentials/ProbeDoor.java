package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.RevokedCredentials;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Opens what was revoked and not yet shredded, once for each probe; whoever wants to work with it is sent away elsewhere. */
@Component
class ProbeDoor implements RevokedCredentials {

    private final CredentialTable table;
    private final Vault vault;
    private final JdbcClient jdbc;

    ProbeDoor(CredentialTable table, Vault vault, JdbcClient jdbc) {
        this.table = table;
        this.vault = vault;
        this.jdbc = jdbc;
    }

    @Override
    public Optional<FreshCredential> forProbe(CredentialId credentialId) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Probe without an open transaction");
        }
        return table.find(credentialId)
                .filter(row -> row.state() == CredentialState.REVOKED && recordUse(row))
                .flatMap(this::open);
    }

    private Optional<FreshCredential> open(CredentialRow row) {
        Secret secret;
        try {
            secret = vault.open(
                    row.kind() == CredentialKind.OAUTH ? SecretPurpose.ACCESS_TOKEN : SecretPurpose.STATIC_TOKEN,
                    row.accessToken());
        } catch (SecretUnreadable e) {
            return Optional.empty();
        }
        boolean plain = row.kind() == CredentialKind.API_KEY_HEADER;
        return Optional.of(new FreshCredential(
                row.credentialId(),
                plain ? Objects.requireNonNull(row.headerName()) : "Authorization",
                plain ? secret : Secret.of("Bearer " + secret.reveal()),
                row.generation(),
                row.expiresAt()));
    }

    private boolean recordUse(CredentialRow row) {
        return jdbc.sql("""
                        insert into credentials.credential_use (credential_id, generation, used_by, purpose)
                        select id, generation, 'system:toolsync', 'probe after revocation'
                          from credentials.credential where id = ? and state = 'REVOKED'""").param(row.credentialId().value()).update() == 1;
    }
}
