package dev.claviger.oauth;

import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationRetired;
import java.sql.Timestamp;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Our clients by issuer and redirect URI, so that each is registered once. */
@Component
@ProcessingGroup("oauth-state")
class ClientRegistrationTable {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ClientRegistrationTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** A registration that still holds. */
    Optional<ClientRegistered> find(String issuer, String redirectUri) {
        return jdbc.sql("""
                        select registered from oauth.client_registration
                         where issuer = :issuer and redirect_uri = :redirectUri
                           and (client_secret_expires_at is null or client_secret_expires_at > now())""")
                .param("issuer", issuer)
                .param("redirectUri", redirectUri)
                .query((rs, number) -> json.readValue(rs.getString(1), ClientRegistered.class))
                .optional();
    }

    @EventHandler
    void on(ClientRegistered event) {
        jdbc.sql("""
                        insert into oauth.client_registration
                               (registration_id, issuer, redirect_uri, client_secret_expires_at, registered)
                        values (:id, :issuer, :redirectUri, :expiresAt, cast(:registered as jsonb))
                        on conflict (registration_id) do update
                           set client_secret_expires_at = excluded.client_secret_expires_at,
                               registered = excluded.registered""")
                .param("id", event.registrationId().value())
                .param("issuer", event.issuer())
                .param("redirectUri", event.redirectUri())
                .param(
                        "expiresAt",
                        event.clientSecretExpiresAt() == null ? null : Timestamp.from(event.clientSecretExpiresAt()))
                .param("registered", json.writeValueAsString(event))
                .update();
    }

    /** Authorizations keep what they need of it in their own rows. */
    @EventHandler
    void on(ClientRegistrationRetired event) {
        jdbc.sql("delete from oauth.client_registration where registration_id = :id")
                .param("id", event.registrationId().value())
                .update();
    }
}
