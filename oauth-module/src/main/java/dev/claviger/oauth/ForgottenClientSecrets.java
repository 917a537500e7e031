package dev.claviger.oauth;

import dev.claviger.credentials.api.SecretRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Client secrets, private keys and subject tokens for which nobody will ask again, until they are shredded. */
@Component
class ForgottenClientSecrets {

    private final JdbcClient jdbc;

    ForgottenClientSecrets(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param by who wanted it, as an actor such as {@code person:ada} */
    record Forgotten(String why, @Nullable String by) {}

    /** The first who forgets it is named. */
    void add(SecretRef secret, Forgotten forgotten) {
        jdbc.sql("""
                        insert into oauth.forgotten_client_secret (secret_id, why, forgotten_by)
                        values (:id, :why, :by) on conflict do nothing""")
                .param("id", secret.id())
                .param("why", forgotten.why())
                .param("by", forgotten.by())
                .update();
    }

    /**
     * Strikes it off when no authorization may still use it: one under way, or a grant whose provider has not been told of
     * its end. Empty when it did not.
     */
    Optional<Forgotten> takeIfUnused(SecretRef secret) {
        return jdbc.sql("""
                        delete from oauth.forgotten_client_secret
                         where secret_id = :id and not exists (
                               select 1 from oauth.authorization
                                where :text in (
                                      coalesce(client, started -> 'settings') -> 'clientSecret' ->> 'id',
                                      started -> 'settings' -> 'privateKey' ->> 'id',
                                      started -> 'settings' -> 'identityProvider' -> 'clientSecret' ->> 'id',
                                      started -> 'settings' -> 'identityProvider' -> 'subjectToken' ->> 'id')
                                  and (stage <> 'FAILED' or revoked_at is not null) and not revocation_tried)
                        returning coalesce(why, 'it was forgotten') as why, forgotten_by""")
                .param("id", secret.id())
                .param("text", secret.id().toString())
                .query((row, n) -> new Forgotten(row.getString("why"), row.getString("forgotten_by")))
                .optional();
    }
}
