package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * When refresh tokens die unless they are used before. A server that goes on with the same one may say how long it lies
 * unused only when it issues it; each use then begins that time anew. Should it have meant a last day instead, the token is
 * used sooner than it needs to be, which costs nothing.
 */
@Component
class RefreshTokenEnds {

    private final JdbcClient jdbc;

    RefreshTokenEnds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The same whether the row already has this token set or still the one before. Null: not known. */
    @Nullable
    Instant after(TokenRefreshed event) {
        if (event.refreshTokenExpiresAt() != null || event.rotated() || event.refreshToken() == null) {
            return event.refreshTokenExpiresAt();
        }
        return jdbc.sql("""
                        select extract(epoch from refresh_expires_at - coalesce(refreshed_at, issued_at)) * 1000
                          from credentials.credential where id = :id and refresh_expires_at is not null""")
                .param("id", event.credentialId().value())
                .query(Double.class)
                .optional()
                .map(unused -> event.refreshedAt().plus(Duration.ofMillis(unused.longValue())))
                .orElse(null);
    }
}
