package dev.claviger.oauth;

import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyCreated;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyRetired;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyRotated;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The keys that are published, in the transaction of their events; a retired one is shredded and gone. */
@Component
@ProcessingGroup("oauth-state")
class SigningKeyTable {

    /** How long others may keep what we published; a new key does not sign before they can have seen it. */
    static final Duration PUBLISHED_FOR = Duration.ofMinutes(10);

    /**
     * A published key.
     *
     * @param publicKey JWK
     * @param retiresAt of one that another has taken the place of
     */
    record Row(
            String keyId,
            String publicKey,
            SecretRef privateKey,
            Instant createdAt,
            @Nullable Instant retiresAt) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Vault vault;

    SigningKeyTable(JdbcClient jdbc, JsonMapper json, Vault vault) {
        this.jdbc = jdbc;
        this.json = json;
        this.vault = vault;
    }

    /** The newest first. */
    List<Row> published() {
        return jdbc.sql("""
                        select key_id, public_key, private_key, created_at, retires_at from oauth.signing_key
                         order by created_at desc, key_id""").query(this::row).list();
    }

    /** The newest key, which the next one takes the place of. */
    Optional<Row> newest() {
        return published().stream().findFirst();
    }

    /** The key to sign with: the newest that everybody can know, or else the oldest. */
    Optional<Row> signing(Instant now) {
        List<Row> published = published();
        return published.stream()
                .filter(row -> row.createdAt().isBefore(now.minus(PUBLISHED_FOR)))
                .findFirst()
                .or(() -> published.isEmpty() ? Optional.empty() : Optional.of(published.get(published.size() - 1)));
    }

    @EventHandler
    void on(SigningKeyCreated event, @org.axonframework.eventhandling.Timestamp Instant at) {
        add(event.keyId(), event.publicKey(), event.privateKey(), at);
    }

    @EventHandler
    void on(SigningKeyRotated event, @org.axonframework.eventhandling.Timestamp Instant at) {
        add(event.keyId(), event.publicKey(), event.privateKey(), at);
        jdbc.sql("update oauth.signing_key set retires_at = :until where key_id = :former")
                .param("until", Timestamp.from(event.formerUntil()))
                .param("former", event.formerKeyId())
                .update();
    }

    @EventHandler
    void on(SigningKeyRetired event) {
        vault.shred(event.privateKey());
        jdbc.sql("delete from oauth.signing_key where key_id = :id")
                .param("id", event.keyId())
                .update();
    }

    private void add(String keyId, String publicKey, SecretRef privateKey, Instant at) {
        jdbc.sql("""
                        insert into oauth.signing_key (key_id, public_key, private_key, created_at)
                        values (:id, cast(:public as jsonb), cast(:private as jsonb), :at)
                        on conflict do nothing""")
                .param("id", keyId)
                .param("public", publicKey)
                .param("private", json.writeValueAsString(privateKey))
                .param("at", Timestamp.from(at))
                .update();
    }

    private Row row(ResultSet rs, int number) throws SQLException {
        Timestamp retiresAt = rs.getTimestamp("retires_at");
        return new Row(
                rs.getString("key_id"),
                rs.getString("public_key"),
                json.readValue(rs.getString("private_key"), SecretRef.class),
                rs.getTimestamp("created_at").toInstant(),
                retiresAt == null ? null : retiresAt.toInstant());
    }
}
