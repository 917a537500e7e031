package dev.claviger.credentials;

import dev.claviger.credentials.RefreshDue.Due;
import dev.claviger.credentials.api.CredentialEvent.IdleLimitSet;
import dev.claviger.credentials.api.CredentialEvent.LateTokensSealed;
import dev.claviger.credentials.api.CredentialEvent.RefreshFailed;
import dev.claviger.credentials.api.CredentialEvent.RefreshGivenUp;
import dev.claviger.credentials.api.CredentialEvent.RefreshInDoubt;
import dev.claviger.credentials.api.CredentialEvent.RefreshRejected;
import dev.claviger.credentials.api.CredentialEvent.SecretsShredded;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import dev.claviger.credentials.api.CredentialEvent.TokenRevoked;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.Vault;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps the table of credentials in step, in the transaction of the event, and destroys the secrets that an event has put
 * out of force: a secret lives exactly as long as something can refer to it.
 */
@Component
@ProcessingGroup("credentials-state")
class CredentialProjection {

    private final JdbcClient jdbc;
    private final Vault vault;
    private final RefreshSettings settings;
    private final RefreshTokenEnds ends;
    private final RefreshDue due;

    CredentialProjection(
            JdbcClient jdbc, Vault vault, RefreshSettings settings, RefreshTokenEnds ends, RefreshDue due) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.settings = settings;
        this.ends = ends;
        this.due = due;
    }

    @EventHandler
    void on(TokenIssued event) {
        SecretRef refresh = event.refreshToken();
        jdbc.sql("""
                        insert into credentials.credential (id, kind, state, generation, access_id, access_fingerprint,
                            refresh_id, refresh_fingerprint, header_name, issued_at, expires_at, scope, issuer,
                            renewed_by_grant, refresh_expires_at, refresh_due_at)
                        values (:id, :kind, 'ACTIVE', 1, :access, :accessPrint, :refresh, :refreshPrint, :header, :issued,
                            :expires, :scope, :issuer, :byGrant, :refreshExpires, :due)
                        on conflict do nothing""")
                .param("id", event.credentialId().value())
                .param("kind", event.kind().name())
                .param("access", event.accessToken().id())
                .param("accessPrint", event.accessToken().fingerprint())
                .param("refresh", refresh == null ? null : refresh.id())
                .param("refreshPrint", refresh == null ? null : refresh.fingerprint())
                .param("header", event.headerName())
                .param("issued", timestamp(event.issuedAt()))
                .param("expires", timestamp(event.expiresAt()))
                .param("scope", event.scope())
                .param("issuer", event.issuer())
                .param("byGrant", Boolean.TRUE.equals(event.renewedByGrant()))
                .param("refreshExpires", timestamp(event.refreshTokenExpiresAt()))
                .param("due", timestamp(due.after(event).map(Due::at).orElse(null)))
                .update();
    }

    @EventHandler
    void on(TokenRefreshed event) {
        SecretRef refresh = event.refreshToken();
        List<SecretRef> before = secretsOf(event.credentialId());
        jdbc.sql("""
                        update credentials.credential
                           set state = 'ACTIVE', generation = :generation, access_id = :access, access_fingerprint = :accessPrint,
                               refresh_id = :refresh, refresh_fingerprint = :refreshPrint, refreshed_at = :refreshed,
                               expires_at = :expires, scope = coalesce(:scope, scope),
                               -- Not its owner: who asked ends the lease, and sees whether it was taken over meanwhile.
                               lease_since = null, lease_until = null, cooldown_until = null, failure = null,
                               failure_detail = null, failures = 0, failing_since = null,
                               refresh_expires_at = :refreshExpires, refresh_due_at = :due, refresh_slot = null,
                               -- An attempt that was taken over may still be under way for as long as a lease.
                               doubts = case when doubts > 0 and coalesce(refreshed_at, issued_at) > :aLeaseAgo
                                   then 1 else 0 end
                         where id = :id and generation < :generation""")
                .param("id", event.credentialId().value())
                .param("generation", event.generation())
                .param("access", event.accessToken().id())
                .param("accessPrint", event.accessToken().fingerprint())
                .param("refresh", refresh == null ? null : refresh.id())
                .param("refreshPrint", refresh == null ? null : refresh.fingerprint())
                .param("refreshed", timestamp(event.refreshedAt()))
                .param("expires", timestamp(event.expiresAt()))
                .param("scope", event.scope())
                .param("aLeaseAgo", timestamp(event.refreshedAt().minus(settings.lease())))
                .param("refreshExpires", timestamp(ends.after(event)))
                .param("due", timestamp(due.after(event).map(Due::at).orElse(null)))
                .update();
        before.stream()
                .filter(ref -> !ref.equals(event.accessToken()) && !ref.equals(refresh))
                .forEach(vault::shred);
    }

    /** Where refreshes fail, the next try is due when it is due. */
    @EventHandler
    void on(IdleLimitSet event) {
        jdbc.sql("""
                        update credentials.credential
                           set idle_days = :days, refresh_due_at = coalesce(cast(:due as timestamptz), refresh_due_at)
                         where id = :id""")
                .param("days", event.days(), Types.INTEGER)
                .param("due", timestamp(due.after(event).map(Due::at).orElse(null)))
                .param("id", event.credentialId().value())
                .update();
    }

    /** What to do about a grant without a person stands in the description, since a consent is not what helps. */
    @EventHandler
    void on(RefreshRejected event) {
        jdbc.sql("""
                        update credentials.credential
                           set state = 'NEEDS_CONSENT', failure = :failure, lease_owner = null,
                               failure_detail = case when renewed_by_grant then coalesce(:description, :error) else :error end,
                               lease_since = null, lease_until = null, cooldown_until = null
                         where id = :id and state = 'ACTIVE'""")
                .param(
                        "failure",
                        Boolean.TRUE.equals(event.answerLost()) ? CredentialRow.ANSWER_LOST : CredentialRow.GRANT_DEAD)
                .param("error", event.error())
                .param("description", event.description())
                .param("id", event.credentialId().value())
                .update();
    }

    @EventHandler
    void on(RefreshGivenUp event) {
        jdbc.sql("""
                        update credentials.credential
                           set state = 'NEEDS_CONSENT', failure = :failure, failure_detail = :detail, lease_owner = null,
                               lease_since = null, lease_until = null, cooldown_until = null
                         where id = :id and state = 'ACTIVE'""")
                .param("failure", CredentialRow.GIVEN_UP)
                .param("detail", event.detail())
                .param("id", event.credentialId().value())
                .update();
    }

    @EventHandler
    void on(RefreshFailed event) {
        jdbc.sql("update credentials.credential set failure = ?, failure_detail = ? where id = ?")
                .params(
                        event.failure().name(),
                        event.detail(),
                        event.credentialId().value())
                .update();
    }

    @EventHandler
    void on(RefreshInDoubt event) {
        jdbc.sql("update credentials.credential set doubts = doubts + 1 where id = ? and generation = ?")
                .params(event.credentialId().value(), event.generation())
                .update();
    }

    @EventHandler
    void on(TokenRevoked event) {
        jdbc.sql("update credentials.credential set state = 'REVOKED' where id = ?")
                .param(event.credentialId().value())
                .update();
    }

    @EventHandler
    void on(LateTokensSealed event) {
        late(event.credentialId(), event.accessToken());
        if (event.refreshToken() != null) {
            late(event.credentialId(), event.refreshToken());
        }
    }

    private void late(CredentialId id, SecretRef secret) {
        jdbc.sql("""
                        insert into credentials.late_token (secret_id, credential_id, fingerprint)
                        values (:secret, :id, :print) on conflict do nothing""")
                .param("secret", secret.id())
                .param("id", id.value())
                .param("print", secret.fingerprint())
                .update();
    }

    @EventHandler
    void on(SecretsShredded event) {
        secretsOf(event.credentialId()).forEach(vault::shred);
    }

    private List<SecretRef> secretsOf(CredentialId id) {
        return jdbc.sql("""
                        select access_id as id, access_fingerprint as print from credentials.credential where id = :id
                        union all
                        select refresh_id, refresh_fingerprint from credentials.credential
                         where id = :id and refresh_id is not null
                        union all
                        select secret_id, fingerprint from credentials.late_token where credential_id = :id""")
                .param("id", id.value())
                .query((row, n) -> new SecretRef(row.getObject("id", UUID.class), row.getString("print")))
                .list();
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }
}
