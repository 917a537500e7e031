package dev.claviger.oauth;

import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.Shredder;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationDeleted;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationRetired;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationUpdated;
import dev.claviger.oauth.api.ClientRegistrationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Our clients by issuer and redirect URI, so that each is registered once; and those that were before. */
@Component
@ProcessingGroup("oauth-state")
class ClientRegistrationTable {

    private static final String COLUMNS = """
            select registered, state, registered_at, retired_because, answer, answered_at from oauth.client_registration
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Shredder shredder;

    ClientRegistrationTable(JdbcClient jdbc, JsonMapper json, Shredder shredder) {
        this.jdbc = jdbc;
        this.json = json;
        this.shredder = shredder;
    }

    /** A registration that still holds. Until the caller's transaction ends nobody retires it for being unused. */
    Optional<ClientRegistered> hold(String issuer, String redirectUri) {
        return jdbc.sql(COLUMNS + """
                         where issuer = :issuer and redirect_uri = :redirectUri and state = 'IN_FORCE'
                           and (client_secret_expires_at is null or client_secret_expires_at > now())
                           for share""")
                .param("issuer", issuer)
                .param("redirectUri", redirectUri)
                .query(this::row)
                .optional()
                .map(ClientRow::client);
    }

    Optional<ClientRow> find(ClientRegistrationId id, String clientId) {
        return jdbc.sql(COLUMNS + "where registration_id = :id and client_id = :clientId")
                .param("id", id.value())
                .param("clientId", clientId)
                .query(this::row)
                .optional();
    }

    Optional<ClientRow> inForce(ClientRegistrationId id) {
        return jdbc.sql(COLUMNS + "where registration_id = :id and state = 'IN_FORCE'")
                .param("id", id.value())
                .query(this::row)
                .optional();
    }

    /** Those in force first, of each kind the newest first. */
    List<ClientRow> page(int offset, int limit) {
        return jdbc.sql(COLUMNS + """
                         order by state <> 'IN_FORCE', registered_at desc, registration_id, client_id
                         offset :offset limit :limit""")
                .param("offset", offset)
                .param("limit", limit)
                .query(this::row)
                .list();
    }

    /** Those in force whose secret ends, the first to end first. */
    List<ClientRow> ending() {
        return jdbc.sql(COLUMNS + """
                         where state = 'IN_FORCE' and client_secret_expires_at is not null
                         order by client_secret_expires_at, registration_id limit 1000""").query(this::row).list();
    }

    int count() {
        return jdbc.sql("select count(*) from oauth.client_registration")
                .query(Integer.class)
                .single();
    }

    /** Whether an authorization may still use it: one under way, or a grant whose provider has not been told of its end. */
    boolean isUsed(ClientRegistrationId id, String clientId) {
        return users(id, clientId, null) > 0;
    }

    /** How many authorizations may still use it, without this one. */
    int users(ClientRegistrationId id, String clientId, @Nullable AuthorizationId but) {
        return jdbc.sql("""
                        select count(*) from oauth.authorization
                         where client ->> 'registration' = :id and client ->> 'clientId' = :clientId
                           and (stage <> 'FAILED' or revoked_at is not null) and not revocation_tried
                           and authorization_id is distinct from cast(:but as uuid)""")
                .param("id", id.toString())
                .param("clientId", clientId)
                .param("but", but == null ? null : but.value())
                .query(Integer.class)
                .single();
    }

    /** The one in force if it is this one; until the caller's transaction ends no authorization takes it up. */
    Optional<ClientRow> lock(ClientRegistrationId id, String clientId) {
        return jdbc.sql(COLUMNS + """
                         where registration_id = :id and client_id = :clientId and state = 'IN_FORCE' for update""")
                .param("id", id.value())
                .param("clientId", clientId)
                .query(this::row)
                .optional();
    }

    /** Whether the caller may ask about it, alone and for a minute. */
    boolean beginAsking(ClientRegistrationId id, String clientId) {
        return jdbc.sql("""
                        update oauth.client_registration set asking_until = now() + interval '1 minute'
                         where registration_id = :id and client_id = :clientId
                           and (asking_until is null or asking_until < now())""").param("id", id.value()).param("clientId", clientId).update() > 0;
    }

    void endAsking(ClientRegistrationId id, String clientId) {
        jdbc.sql("""
                        update oauth.client_registration set asking_until = null
                         where registration_id = :id and client_id = :clientId""").param("id", id.value()).param("clientId", clientId).update();
    }

    /** Some servers know everybody by one client id; then the retired client is in force again. */
    @EventHandler
    void on(ClientRegistered event, @Timestamp Instant at) {
        find(event.registrationId(), event.clientId())
                .map(row -> row.client().registrationAccessToken())
                .filter(token -> !token.equals(event.registrationAccessToken()))
                .ifPresent(token -> shredder.shred(token, "the client was registered anew"));
        jdbc.sql("""
                        insert into oauth.client_registration
                               (registration_id, client_id, issuer, redirect_uri, client_secret_expires_at, registered,
                                registered_at)
                        values (:id, :clientId, :issuer, :redirectUri, :expiresAt, cast(:registered as jsonb), :at)
                        on conflict (registration_id, client_id) do update
                           set client_secret_expires_at = excluded.client_secret_expires_at,
                               registered = excluded.registered, registered_at = excluded.registered_at,
                               state = 'IN_FORCE', retired_because = null, answer = null, answered_at = null""")
                .param("id", event.registrationId().value())
                .param("clientId", event.clientId())
                .param("issuer", event.issuer())
                .param("redirectUri", event.redirectUri())
                .param("expiresAt", timestamp(event.clientSecretExpiresAt()))
                .param("registered", json.writeValueAsString(event))
                .param("at", timestamp(at))
                .update();
    }

    /** What was replaced is worth nothing any more and goes in the same transaction (C30). */
    @EventHandler
    void on(ClientRegistrationUpdated event, @Timestamp Instant at) {
        ClientRow row = find(event.registrationId(), event.clientId()).orElseThrow();
        ClientRegistered before = row.client();
        shredUnless(before.clientSecret(), event.clientSecret());
        shredUnless(before.registrationAccessToken(), event.registrationAccessToken());
        ClientRegistered now = new ClientRegistered(
                before.registrationId(),
                before.registeredFor(),
                before.issuer(),
                before.redirectUri(),
                before.clientId(),
                event.clientSecret(),
                event.clientSecretExpiresAt(),
                event.tokenEndpointAuthMethod(),
                event.registrationAccessToken(),
                event.registrationClientUri(),
                event.metadata());
        jdbc.sql("""
                        update oauth.client_registration
                           set client_secret_expires_at = :expiresAt, registered = cast(:registered as jsonb),
                               answer = :answer, answered_at = :at
                         where registration_id = :id and client_id = :clientId""")
                .param("expiresAt", timestamp(event.clientSecretExpiresAt()))
                .param("registered", json.writeValueAsString(now))
                .param("answer", event.answer())
                .param("at", timestamp(at))
                .param("id", event.registrationId().value())
                .param("clientId", event.clientId())
                .update();
    }

    /** Authorizations keep what they need of it in their own rows. */
    @EventHandler
    void on(ClientRegistrationRetired event) {
        jdbc.sql("""
                        update oauth.client_registration set state = 'RETIRED', retired_because = :reason
                         where registration_id = :id and client_id = :clientId""")
                .param("reason", event.reason())
                .param("id", event.registrationId().value())
                .param("clientId", event.clientId())
                .update();
    }

    @EventHandler
    void on(ClientRegistrationDeleted event, @Timestamp Instant at) {
        find(event.registrationId(), event.clientId())
                .map(row -> row.client().registrationAccessToken())
                .ifPresent(token -> shredder.shred(token, "the client it manages is not managed any more"));
        jdbc.sql("""
                        update oauth.client_registration set state = :state, answer = :answer, answered_at = :at
                         where registration_id = :id and client_id = :clientId""")
                .param("state", (event.deleted() ? ClientState.DELETED : ClientState.ORPHANED).name())
                .param("answer", event.answer())
                .param("at", timestamp(at))
                .param("id", event.registrationId().value())
                .param("clientId", event.clientId())
                .update();
    }

    private void shredUnless(@Nullable SecretRef former, @Nullable SecretRef now) {
        if (former != null && !former.equals(now)) {
            shredder.shred(former, "the authorization server gave another in its place");
        }
    }

    private ClientRow row(ResultSet rs, int number) throws SQLException {
        java.sql.Timestamp answered = rs.getTimestamp("answered_at");
        return new ClientRow(
                json.readValue(rs.getString("registered"), ClientRegistered.class),
                ClientState.valueOf(rs.getString("state")),
                rs.getTimestamp("registered_at").toInstant(),
                rs.getString("retired_because"),
                rs.getString("answer"),
                answered == null ? null : answered.toInstant());
    }

    private static java.sql.@Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : java.sql.Timestamp.from(time);
    }
}
