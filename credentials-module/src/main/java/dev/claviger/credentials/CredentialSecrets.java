package dev.claviger.credentials;

import dev.claviger.credentials.api.SecretKeeper;
import dev.claviger.credentials.api.SecretMentions;
import dev.claviger.credentials.api.SecretPurpose;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Names the secrets that credentials still refer to: the token set in force, and what came late. */
@Component
class CredentialSecrets implements SecretKeeper {

    private static final String ROWS = """
            select to_jsonb(c) from credentials.credential c
            union all select to_jsonb(l) from credentials.late_token l""";

    private final JdbcClient jdbc;

    CredentialSecrets(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<SecretPurpose> purposes() {
        return Set.of(SecretPurpose.ACCESS_TOKEN, SecretPurpose.REFRESH_TOKEN, SecretPurpose.STATIC_TOKEN);
    }

    @Override
    public Set<UUID> stillNeeded(Collection<UUID> secrets) {
        return SecretMentions.in(jdbc, ROWS, secrets);
    }
}
