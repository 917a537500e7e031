package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import dev.claviger.credentials.api.CredentialEvent.TokenRevoked;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationFailed;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationGranted;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationResponseReceived;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.AuthorizationEvent.EnteredClientHeld;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerApproved;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerChangeFound;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationEvent.ProviderRevocationTried;
import dev.claviger.oauth.api.AuthorizationEvent.RevocationAttempted;
import dev.claviger.oauth.api.AuthorizationEvent.ScopeChallenged;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationUpdated;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps the row of every authorization in the transaction of its events, so that the callback and a refresh see what is so
 * now.
 */
@Component
@ProcessingGroup("oauth-state")
class AuthorizationTable {

    private static final String COLUMNS = """
            select authorization_id, stage, failure_code, started, metadata, client, consent, granted_scope,
                   access_token, refresh_token, mismatch, challenged_scope, refreshable, expires_at
              from oauth.authorization
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Vault vault;

    AuthorizationTable(JdbcClient jdbc, JsonMapper json, Vault vault) {
        this.jdbc = jdbc;
        this.json = json;
        this.vault = vault;
    }

    Optional<AuthorizationRow> find(AuthorizationId id) {
        return jdbc.sql(COLUMNS + "where authorization_id = :id")
                .param("id", id.value())
                .query(this::row)
                .optional();
    }

    Optional<AuthorizationRow> findByState(String stateHash) {
        return jdbc.sql(COLUMNS + "where state_hash = :hash")
                .param("hash", stateHash)
                .query(this::row)
                .optional();
    }

    @EventHandler
    void on(AuthorizationStarted event) {
        jdbc.sql("""
                        insert into oauth.authorization (authorization_id, stage, bound_to, return_to, started)
                        values (:id, :stage, :boundTo, :returnTo, cast(:started as jsonb))
                        on conflict do nothing""")
                .param("id", event.authorizationId().value())
                .param("stage", Stage.DISCOVERY.name())
                .param("boundTo", event.boundTo())
                .param("returnTo", event.returnTo())
                .param("started", json.writeValueAsString(event))
                .update();
    }

    @EventHandler
    void on(MetadataDiscovered event) {
        advance(event.authorizationId(), Stage.CLIENT, "metadata", event);
    }

    @EventHandler
    void on(IssuerChangeFound event) {
        stage(event.authorizationId(), Stage.APPROVAL);
    }

    @EventHandler
    void on(EnteredClientHeld event) {
        stage(event.authorizationId(), Stage.APPROVAL);
    }

    @EventHandler
    void on(IssuerApproved event) {
        stage(event.authorizationId(), Stage.CLIENT);
    }

    @EventHandler
    void on(ClientObtained event) {
        Stage next = Stage.withClient(find(event.authorizationId())
                .map(row -> row.started().settings().grant())
                .orElse(Grant.AUTHORIZATION_CODE));
        advance(event.authorizationId(), next, "client", event);
    }

    @EventHandler
    void on(ConsentRequested event) {
        advance(event.authorizationId(), Stage.CONSENT, "consent", event);
        jdbc.sql("update oauth.authorization set state_hash = :hash where authorization_id = :id")
                .param("hash", event.stateHash())
                .param("id", event.authorizationId().value())
                .update();
    }

    @EventHandler
    void on(AuthorizationResponseReceived event) {
        end(event.authorizationId(), Stage.CODE_EXCHANGE, null, null);
    }

    @EventHandler
    void on(AuthorizationGranted event) {
        end(event.authorizationId(), Stage.GRANTED, null, event.scope());
        jdbc.sql("""
                        update oauth.authorization set refreshable = :refreshable, expires_at = :expiresAt
                         where authorization_id = :id""")
                .param("refreshable", event.refreshable())
                .param("expiresAt", timestamp(event.expiresAt()))
                .param("id", event.authorizationId().value())
                .update();
        shredConsent(event.authorizationId());
    }

    @EventHandler
    void on(AuthorizationFailed event) {
        end(event.authorizationId(), Stage.FAILED, event.failure().code(), null);
        if (event.mismatch() != null) {
            jdbc.sql("update oauth.authorization set mismatch = cast(:pair as jsonb) where authorization_id = :id")
                    .param("pair", json.writeValueAsString(event.mismatch()))
                    .param("id", event.authorizationId().value())
                    .update();
        }
        shredConsent(event.authorizationId());
    }

    @EventHandler
    void on(ScopeChallenged event) {
        jdbc.sql("update oauth.authorization set challenged_scope = :scope where authorization_id = :id")
                .param("scope", event.scope())
                .param("id", event.authorizationId().value())
                .update();
    }

    /** Whoever refreshes next does it with what is in force now. */
    @EventHandler
    void on(ClientRegistrationUpdated event) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>();
        changed.put("clientSecret", event.clientSecret());
        changed.put("tokenEndpointAuthMethod", event.tokenEndpointAuthMethod());
        jdbc.sql("""
                        update oauth.authorization set client = client || cast(:changed as jsonb)
                         where client ->> 'registration' = :registration and client ->> 'clientId' = :clientId""")
                .param("changed", json.writeValueAsString(changed))
                .param("registration", event.registrationId().toString())
                .param("clientId", event.clientId())
                .update();
    }

    @EventHandler
    void on(TokenRevoked event, @Timestamp Instant at) {
        jdbc.sql("""
                        update oauth.authorization set revoked_at = coalesce(revoked_at, :at)
                         where authorization_id = :id""")
                .param("at", timestamp(at))
                .param("id", event.credentialId().value())
                .update();
    }

    @EventHandler
    void on(RevocationAttempted event) {
        jdbc.sql("""
                        insert into oauth.revocation_step (authorization_id, kind, outcome) values (:id, :kind, :outcome)
                        on conflict (authorization_id, kind) do update set outcome = excluded.outcome""")
                .param("id", event.authorizationId().value())
                .param("kind", event.step().kind().name())
                .param("outcome", event.step().outcome().name())
                .update();
    }

    /** The steps of its revocation that were tried, each with what came of it last. */
    Map<RevocationStep.Kind, RevocationStep.Outcome> revocation(AuthorizationId id) {
        Map<RevocationStep.Kind, RevocationStep.Outcome> steps = new EnumMap<>(RevocationStep.Kind.class);
        jdbc.sql("select kind, outcome from oauth.revocation_step where authorization_id = :id")
                .param("id", id.value())
                .query(row -> {
                    steps.put(
                            RevocationStep.Kind.valueOf(row.getString("kind")),
                            RevocationStep.Outcome.valueOf(row.getString("outcome")));
                });
        return steps;
    }

    /** When its tokens were revoked here; where that was before it was noted, from now on it counts as {@code now}. */
    Instant revokedAt(AuthorizationId id, Instant now) {
        return jdbc.sql("""
                        update oauth.authorization set revoked_at = coalesce(revoked_at, :now)
                         where authorization_id = :id returning revoked_at""")
                .param("now", timestamp(now))
                .param("id", id.value())
                .query((row, n) -> Objects.requireNonNull(instant(row, "revoked_at")))
                .optional()
                .orElse(now);
    }

    @EventHandler
    void on(ProviderRevocationTried event) {
        jdbc.sql("update oauth.authorization set revocation_tried = true where authorization_id = :id")
                .param("id", event.authorizationId().value())
                .update();
    }

    @EventHandler
    void on(TokenIssued event) {
        if (event.kind() == CredentialKind.OAUTH) {
            tokens(event.credentialId(), event.accessToken(), event.refreshToken());
        }
    }

    @EventHandler
    void on(TokenRefreshed event) {
        tokens(event.credentialId(), event.accessToken(), event.refreshToken());
        jdbc.sql("""
                        update oauth.authorization
                           set expires_at = :expiresAt, granted_scope = coalesce(:scope, granted_scope)
                         where authorization_id = :id""")
                .param("expiresAt", timestamp(event.expiresAt()))
                .param("scope", event.scope())
                .param("id", event.credentialId().value())
                .update();
    }

    /** A token of this authorization that was in force to the last; empty: it has none of this kind. */
    Optional<SecretRef> token(AuthorizationId id, RevocationStep.Kind kind) {
        String column = switch (kind) {
            case REFRESH_TOKEN -> "refresh_token";
            case ACCESS_TOKEN -> "access_token";
            default -> throw new IllegalArgumentException(kind + " is not about such a token");
        };
        return jdbc.sql("select " + column
                        + "::text as token from oauth.authorization where authorization_id = :id and " + column
                        + " is not null")
                .param("id", id.value())
                .query((row, n) -> json.readValue(row.getString("token"), SecretRef.class))
                .optional();
    }

    private void stage(AuthorizationId id, Stage stage) {
        jdbc.sql("update oauth.authorization set stage = :stage where authorization_id = :id")
                .param("stage", stage.name())
                .param("id", id.value())
                .update();
    }

    private void advance(AuthorizationId id, Stage stage, String column, Object event) {
        jdbc.sql("update oauth.authorization set stage = :stage, " + column
                        + " = cast(:event as jsonb) where authorization_id = :id")
                .param("stage", stage.name())
                .param("event", json.writeValueAsString(event))
                .param("id", id.value())
                .update();
    }

    private void end(AuthorizationId id, Stage stage, @Nullable FailureCode failure, @Nullable String grantedScope) {
        jdbc.sql("""
                        update oauth.authorization set stage = :stage, failure_code = :failure, granted_scope = :scope
                         where authorization_id = :id""")
                .param("stage", stage.name())
                .param("failure", failure == null ? null : failure.code())
                .param("scope", grantedScope)
                .param("id", id.value())
                .update();
    }

    private void tokens(CredentialId id, SecretRef accessToken, @Nullable SecretRef refreshToken) {
        jdbc.sql("""
                        update oauth.authorization
                           set access_token = cast(:access as jsonb), refresh_token = cast(:refresh as jsonb)
                         where authorization_id = :id""")
                .param("access", json.writeValueAsString(accessToken))
                .param("refresh", refreshToken == null ? null : json.writeValueAsString(refreshToken))
                .param("id", id.value())
                .update();
    }

    /** State and verifier are good for one consent; once it has ended they are worth nothing but trouble. */
    private void shredConsent(AuthorizationId id) {
        find(id).map(AuthorizationRow::consent).ifPresent(consent -> {
            vault.shred(consent.state());
            vault.shred(consent.codeVerifier());
            if (consent.requestUri() != null) {
                vault.shred(consent.requestUri());
            }
        });
    }

    private AuthorizationRow row(ResultSet rs, int number) throws SQLException {
        String failure = rs.getString("failure_code");
        return new AuthorizationRow(
                new AuthorizationId(rs.getObject("authorization_id", UUID.class)),
                Stage.valueOf(rs.getString("stage")),
                failure == null ? null : FailureCode.of(failure),
                json.readValue(rs.getString("started"), AuthorizationStarted.class),
                read(rs, "metadata", MetadataDiscovered.class),
                read(rs, "client", ClientObtained.class),
                read(rs, "consent", ConsentRequested.class),
                rs.getString("granted_scope"),
                read(rs, "access_token", SecretRef.class),
                read(rs, "refresh_token", SecretRef.class),
                read(rs, "mismatch", IssuerException.class),
                rs.getString("challenged_scope"),
                rs.getObject("refreshable", Boolean.class),
                instant(rs, "expires_at"));
    }

    private <T> @Nullable T read(ResultSet rs, String column, Class<T> type) throws SQLException {
        String text = rs.getString(column);
        return text == null ? null : json.readValue(text, type);
    }

    private static java.sql.@Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : java.sql.Timestamp.from(time);
    }

    private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        java.sql.Timestamp time = rs.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
