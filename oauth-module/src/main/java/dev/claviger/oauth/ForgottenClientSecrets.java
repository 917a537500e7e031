package dev.claviger.oauth;

import dev.claviger.credentials.api.SecretRef;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Client secrets, private keys and subject tokens for which nobody will ask again, until they are shredded. */
@Component
class ForgottenClientSecrets {

    private final JdbcClient jdbc;

    ForgottenClientSecrets(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(SecretRef secret) {
        jdbc.sql("insert into oauth.forgotten_client_secret (secret_id) values (:id) on conflict do nothing")
                .param("id", secret.id())
                .update();
    }

    /**
     * Strikes it off when no authorization may still use it: one under way, or a grant whose provider has not been told of
     * its end. Answers whether it did.
     */
    boolean takeIfUnused(SecretRef secret) {
        return jdbc.sql("""
                        delete from oauth.forgotten_client_secret
                         where secret_id = :id and not exists (
                               select 1 from oauth.authorization
                                where :text in (
                                      coalesce(client, started -> 'settings') -> 'clientSecret' ->> 'id',
                                      started -> 'settings' -> 'privateKey' ->> 'id',
                                      started -> 'settings' -> 'identityProvider' -> 'clientSecret' ->> 'id',
                                      started -> 'settings' -> 'identityProvider' -> 'subjectToken' ->> 'id')
                                  and (stage <> 'FAILED' or revoked_at is not null) and not revocation_tried)""")
                        .param("id", secret.id())
                        .param("text", secret.id().toString())
                        .update()
                > 0;
    }
}
