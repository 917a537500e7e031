package dev.claviger.connectors;

import dev.claviger.credentials.api.CredentialEvent.IdleLimitSet;
import dev.claviger.credentials.api.CredentialEvent.RefreshFailed;
import dev.claviger.credentials.api.CredentialEvent.RefreshGivenUp;
import dev.claviger.credentials.api.CredentialEvent.RefreshRejected;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.RefreshFailure;
import java.sql.Types;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Follows the credentials: when one dies unless somebody acts, which grants are dead, which refreshes fail. */
@Component
@ProcessingGroup("connectors-views")
class CredentialView {

    private final JdbcClient jdbc;

    CredentialView(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(TokenIssued event) {
        write(event.credentialId(), event.expiresAt(), event.renewsItself(), false);
        obtained(event.credentialId(), event.issuedAt());
        refreshTokenEnds(event.credentialId(), event.refreshTokenExpiresAt(), null);
    }

    @EventHandler
    void on(TokenRefreshed event) {
        write(event.credentialId(), event.expiresAt(), true, false);
        obtained(event.credentialId(), event.refreshedAt());
        refreshTokenEnds(event.credentialId(), event.refreshTokenExpiresAt(), event.rotated());
    }

    @EventHandler
    void on(IdleLimitSet event) {
        jdbc.sql("update connectors.credential set idle_days = :days where connection_id = :id")
                .param("days", event.days(), Types.INTEGER)
                .param("id", event.credentialId().value())
                .update();
    }

    @EventHandler
    void on(RefreshRejected event) {
        write(event.credentialId(), null, false, true);
        if (Boolean.TRUE.equals(event.answerLost())) {
            fail(
                    event.credentialId(),
                    FailureCode.REFRESH_ANSWER_LOST,
                    "The answer to a refresh was lost, and the new refresh token with it; the one we have is no longer"
                            + " taken (" + event.error() + ").");
        }
    }

    @EventHandler
    void on(RefreshGivenUp event) {
        write(event.credentialId(), null, false, true);
        fail(
                event.credentialId(),
                FailureCode.REFRESH_GIVEN_UP,
                "Since " + Moment.utc(event.failingSince()) + " none of " + event.attempts()
                        + " refreshes has succeeded. The last: " + event.detail());
    }

    /** Stays until the next token set: only that shows that the refresh works again. */
    @EventHandler
    void on(RefreshFailed event, @Timestamp Instant at) {
        fail(event.credentialId(), code(event.failure()), event.detail());
        jdbc.sql("""
                        update connectors.credential
                           set failing_since = coalesce(failing_since, :at), given_up_at = :givenUpAt
                         where connection_id = :id
                        """)
                .param("at", Stamps.in(at))
                .param("givenUpAt", Stamps.in(event.givenUpAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", event.credentialId().value())
                .update();
    }

    private void fail(CredentialId id, FailureCode code, String detail) {
        jdbc.sql("""
                        update connectors.credential set failure_code = :code, failure_detail = :detail
                         where connection_id = :id
                        """)
                .param("id", id.value())
                .param("code", code.code())
                .param("detail", detail)
                .update();
    }

    private static FailureCode code(RefreshFailure failure) {
        return switch (failure) {
            case TRANSIENT -> FailureCode.REFRESH_UNREACHABLE;
            case THROTTLED -> FailureCode.REFRESH_THROTTLED;
            case CLIENT -> FailureCode.CLIENT_REFUSED;
            case DENIED -> FailureCode.REFRESH_DENIED;
            case UNKNOWN -> FailureCode.REFRESH_UNKNOWN;
        };
    }

    /** The end of one that stays is told once only, or moves with each use; seconds are how long answers took. */
    private void refreshTokenEnds(CredentialId id, @Nullable Instant at, @Nullable Boolean rotated) {
        jdbc.sql("""
                        update connectors.credential
                           set refresh_expires_at = case when :stays then coalesce(:at, refresh_expires_at) else :at end,
                               refresh_rotates = :rotated
                                   or (:stays and coalesce(:at > refresh_expires_at + interval '1 minute', false))
                         where connection_id = :id
                        """)
                .param("id", id.value())
                .param("at", Stamps.in(at), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("stays", Boolean.FALSE.equals(rotated))
                .param("rotated", rotated, Types.BOOLEAN)
                .update();
    }

    private void obtained(CredentialId id, Instant at) {
        jdbc.sql("update connectors.credential set obtained_at = :at where connection_id = :id")
                .param("at", Stamps.in(at))
                .param("id", id.value())
                .update();
    }

    private void write(CredentialId id, @Nullable Instant expiresAt, boolean refreshable, boolean needsConsent) {
        jdbc.sql("""
                        insert into connectors.credential (connection_id, expires_at, refreshable, needs_consent)
                        values (:id, :expiresAt, :refreshable, :needsConsent)
                        on conflict (connection_id) do update
                           set expires_at = excluded.expires_at, refreshable = excluded.refreshable,
                               needs_consent = excluded.needs_consent, failure_code = null, failure_detail = null,
                               failing_since = null, given_up_at = null
                        """)
                .param("id", id.value())
                .param("expiresAt", Stamps.in(expiresAt))
                .param("refreshable", refreshable)
                .param("needsConsent", needsConsent)
                .update();
    }
}
