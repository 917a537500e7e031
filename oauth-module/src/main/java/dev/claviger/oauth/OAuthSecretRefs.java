package dev.claviger.oauth;

import dev.claviger.credentials.api.SecretKeeper;
import dev.claviger.credentials.api.SecretMentions;
import dev.claviger.credentials.api.SecretPurpose;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Names the secrets that authorizations under way, grants whose end the provider has not been told, clients that are not
 * gone, exchanged identity tokens and signing keys still refer to.
 */
@Component
class OAuthSecretRefs implements SecretKeeper {

    private static final String ROWS = """
            select to_jsonb(a) from oauth.authorization a
             where (stage <> 'FAILED' or revoked_at is not null) and not revocation_tried
            union all select to_jsonb(c) from oauth.client_registration c where state not in ('DELETED', 'ORPHANED')
            union all select to_jsonb(s) from oauth.subject_token s
            union all select to_jsonb(k) from oauth.signing_key k""";

    private final JdbcClient jdbc;

    OAuthSecretRefs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<SecretPurpose> purposes() {
        return Set.of(
                SecretPurpose.CLIENT_SECRET,
                SecretPurpose.PRIVATE_KEY,
                SecretPurpose.SUBJECT_TOKEN,
                SecretPurpose.REGISTRATION_ACCESS_TOKEN,
                SecretPurpose.CODE_VERIFIER,
                SecretPurpose.STATE);
    }

    @Override
    public Set<UUID> stillNeeded(Collection<UUID> secrets) {
        return SecretMentions.in(jdbc, ROWS, secrets);
    }
}
