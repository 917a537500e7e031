package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialEvent.IdleLimitSet;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import dev.claviger.credentials.api.CredentialId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * When the background is to refresh a token set, as an event leaves it. The answer is the same whether the row has followed
 * that event already or not.
 */
@Component
class RefreshDue {

    /**
     * A token set that the background sees to.
     *
     * @param since when it was obtained
     * @param at when it is to be refreshed
     */
    record Due(long generation, Instant since, Instant at) {}

    private final JdbcClient jdbc;
    private final RefreshSettings settings;
    private final RefreshTokenEnds ends;

    RefreshDue(JdbcClient jdbc, RefreshSettings settings, RefreshTokenEnds ends) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.ends = ends;
    }

    /** Empty: never. */
    Optional<Due> after(TokenIssued event) {
        return event.renewsItself()
                ? due(
                        1,
                        event.issuedAt(),
                        event.expiresAt(),
                        event.refreshTokenExpiresAt(),
                        event.refreshToken() != null)
                : Optional.empty();
    }

    /** Empty: never. */
    Optional<Due> after(TokenRefreshed event) {
        return due(
                event.generation(),
                event.refreshedAt(),
                event.expiresAt(),
                earlier(ends.after(event), idleEnd(event.refreshedAt(), idleDays(event.credentialId()))),
                event.refreshToken() != null);
    }

    /** Empty: nothing changes, because refreshes fail and the next try is decided already, or because there are none. */
    Optional<Due> after(IdleLimitSet event) {
        return jdbc.sql("""
                        select generation, coalesce(refreshed_at, issued_at) as since, expires_at, refresh_expires_at
                          from credentials.credential
                         where id = :id and state = 'ACTIVE' and refresh_id is not null and failures = 0""")
                .param("id", event.credentialId().value())
                .query((row, n) -> due(row, event.days()))
                .optional()
                .flatMap(due -> due);
    }

    private Optional<Due> due(ResultSet row, @Nullable Integer idleDays) throws SQLException {
        Instant since = Objects.requireNonNull(CredentialTable.instant(row, "since"), "never null");
        return due(
                row.getLong("generation"),
                since,
                CredentialTable.instant(row, "expires_at"),
                earlier(CredentialTable.instant(row, "refresh_expires_at"), idleEnd(since, idleDays)),
                true);
    }

    private Optional<Due> due(
            long generation,
            Instant since,
            @Nullable Instant expiresAt,
            @Nullable Instant refreshTokenEnds,
            boolean hasRefreshToken) {
        return Optional.ofNullable(settings.dueAt(generation, since, expiresAt, refreshTokenEnds, hasRefreshToken))
                .map(at -> new Due(generation, since, at));
    }

    private @Nullable Integer idleDays(CredentialId id) {
        return jdbc.sql("select idle_days from credentials.credential where id = :id")
                .param("id", id.value())
                .query(Integer.class)
                .optional()
                .orElse(null);
    }

    private static @Nullable Instant idleEnd(Instant since, @Nullable Integer days) {
        return days == null ? null : since.plus(Duration.ofDays(days));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || other != null && other.isBefore(one) ? other : one;
    }
}
