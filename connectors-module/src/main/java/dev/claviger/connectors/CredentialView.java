package dev.claviger.connectors;

import dev.claviger.credentials.api.CredentialEvent.RefreshRejected;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import dev.claviger.credentials.api.CredentialId;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Follows the credentials: when one dies unless somebody acts, and which grants are dead. */
@Component
@ProcessingGroup("connectors-views")
class CredentialView {

    private final JdbcClient jdbc;

    CredentialView(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(TokenIssued event) {
        write(event.credentialId(), event.expiresAt(), event.refreshToken() != null, false);
    }

    @EventHandler
    void on(TokenRefreshed event) {
        write(event.credentialId(), event.expiresAt(), true, false);
    }

    @EventHandler
    void on(RefreshRejected event) {
        write(event.credentialId(), null, false, true);
    }

    private void write(CredentialId id, @Nullable Instant expiresAt, boolean refreshable, boolean needsConsent) {
        jdbc.sql("""
                        insert into connectors.credential (connection_id, expires_at, refreshable, needs_consent)
                        values (:id, :expiresAt, :refreshable, :needsConsent)
                        on conflict (connection_id) do update
                           set expires_at = excluded.expires_at, refreshable = excluded.refreshable,
                               needs_consent = excluded.needs_consent
                        """)
                .param("id", id.value())
                .param("expiresAt", Stamps.in(expiresAt))
                .param("refreshable", refreshable)
                .param("needsConsent", needsConsent)
                .update();
    }
}
