package dev.claviger.app.security;

import dev.claviger.app.security.UserEvent.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** API tokens of admins, of which only the hash is kept. */
@Component
class ApiTokens {

    static final String PREFIX = "clv_admin_";

    private static final String FIRST_START = "system:first-start";
    private static final int SHORTEST = 32;
    private static final Duration LONGEST = Duration.ofDays(36_525);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final UserEvents events;
    private final Clock clock;

    ApiTokens(JdbcClient jdbc, UserEvents events, Clock clock) {
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    record ApiToken(
            UUID id,
            String name,
            Scope scope,
            String issuedBy,
            Instant issuedAt,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant lastUsedAt) {

        boolean usableAt(Instant now) {
            return revokedAt == null && (expiresAt == null || expiresAt.isAfter(now));
        }
    }

    static String generate() {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** SHA-256 in lower-case hex; enough for what has 256 random bits. */
    static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    List<ApiToken> all() {
        return jdbc.sql("select * from app.api_token order by revoked_at is not null, issued_at desc")
                .query((row, n) -> token(row))
                .list();
    }

    Optional<ApiToken> find(UUID id) {
        return jdbc.sql("select * from app.api_token where id = :id")
                .param("id", id)
                .query((row, n) -> token(row))
                .optional();
    }

    /** The usable token that this is; notes the use, at most once a minute. */
    Optional<ApiToken> authenticate(String presented) {
        Optional<ApiToken> found = jdbc.sql("select * from app.api_token where hash = :hash")
                .param("hash", hash(presented))
                .query((row, n) -> token(row))
                .optional()
                .filter(token -> token.usableAt(clock.instant()));
        found.filter(token -> token.lastUsedAt() == null
                        || token.lastUsedAt().isBefore(clock.instant().minusSeconds(60)))
                .ifPresent(token -> jdbc.sql("update app.api_token set last_used_at = now() where id = :id")
                        .param("id", token.id())
                        .update());
        return found;
    }

    /** What is wrong with a new token, by field. */
    Map<String, String> errors(@Nullable String name, @Nullable Scope scope, @Nullable Instant expiresAt) {
        Map<String, String> errors = new LinkedHashMap<>();
        if (name == null || name.isBlank() || name.length() > 100) {
            errors.put("name", "Give the token a name of 1 to 100 characters, so that you know it again.");
        }
        if (scope == null) {
            errors.put("scope", "Choose READ or WRITE.");
        }
        Instant now = clock.instant();
        if (expiresAt != null && (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(LONGEST)))) {
            errors.put("expiresAt", "The expiry must lie in the future, at most 100 years; leave it empty for none.");
        }
        return errors;
    }

    /** Issues a token and answers it, to be shown once. Refused when the id was used before: a page was sent twice. */
    @Transactional
    String issue(UUID id, String name, Scope scope, String issuedBy, @Nullable Instant expiresAt) {
        Map<String, String> errors = errors(name, scope, expiresAt);
        if (!errors.isEmpty()) {
            throw new UserRejected(errors);
        }
        String token = generate();
        if (insert(id, name.strip(), scope, hash(token), issuedBy, expiresAt) == 0) {
            throw new UserRejected("This token was issued already and is shown only once; issue another one.");
        }
        events.tell(new UserEvent.ApiTokenIssued(id, name.strip(), scope, expiresAt));
        return token;
    }

    /** Takes in a token from the configuration, once; a revoked one stays revoked. */
    @Transactional
    void bootstrap(String token) {
        if (token.length() < SHORTEST) {
            throw new IllegalStateException("claviger.admin.token is too short to be safe: give it at least " + SHORTEST
                    + " random characters, for example from: openssl rand -base64 32");
        }
        replaceFormer(hash(token));
        UUID id = UUID.randomUUID();
        if (insert(id, "from the configuration", Scope.WRITE, hash(token), FIRST_START, null) == 1) {
            events.tell(new UserEvent.ApiTokenIssued(id, "from the configuration", Scope.WRITE, null), FIRST_START);
        }
    }

    /** Who changes the configured token wants the former one dead. */
    private void replaceFormer(String hash) {
        jdbc.sql("select id from app.api_token where issued_by = :by and hash <> :hash and revoked_at is null")
                .param("by", FIRST_START)
                .param("hash", hash)
                .query(UUID.class)
                .list()
                .forEach(this::revoke);
    }

    @Transactional
    void revoke(UUID id) {
        int revoked = jdbc.sql("update app.api_token set revoked_at = now() where id = :id and revoked_at is null")
                .param("id", id)
                .update();
        if (revoked == 1) {
            find(id).ifPresent(token -> events.tell(new UserEvent.ApiTokenRevoked(id, token.name())));
        }
    }

    private int insert(UUID id, String name, Scope scope, String hash, String issuedBy, @Nullable Instant expiresAt) {
        return jdbc.sql("""
                        insert into app.api_token (id, name, scope, hash, issued_by, expires_at)
                        values (:id, :name, :scope, :hash, :issuedBy, :expiresAt) on conflict do nothing
                        """)
                .param("id", id)
                .param("name", name)
                .param("scope", scope.name())
                .param("hash", hash)
                .param("issuedBy", issuedBy)
                .param("expiresAt", expiresAt == null ? null : Timestamp.from(expiresAt))
                .update();
    }

    private static ApiToken token(ResultSet row) throws SQLException {
        return new ApiToken(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Scope.valueOf(row.getString("scope")),
                row.getString("issued_by"),
                row.getTimestamp("issued_at").toInstant(),
                instant(row.getTimestamp("expires_at")),
                instant(row.getTimestamp("revoked_at")),
                instant(row.getTimestamp("last_used_at")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
