package dev.claviger.connectors;

import dev.claviger.credentials.api.SecretKeeper;
import dev.claviger.credentials.api.SecretMentions;
import dev.claviger.credentials.api.SecretPurpose;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Names the secrets in the settings of connectors, and typed tokens of attempts that are under way. */
@Component
class ConnectorSecrets implements SecretKeeper {

    private static final String ROWS = """
            select settings from connectors.connector where not removed
            union all select to_jsonb(c) from connectors.connection c where state = 'RUNNING'""";

    private final JdbcClient jdbc;

    ConnectorSecrets(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<SecretPurpose> purposes() {
        return Set.of(
                SecretPurpose.STATIC_TOKEN,
                SecretPurpose.CLIENT_SECRET,
                SecretPurpose.PRIVATE_KEY,
                SecretPurpose.SUBJECT_TOKEN);
    }

    @Override
    public Set<UUID> stillNeeded(Collection<UUID> secrets) {
        return SecretMentions.in(jdbc, ROWS, secrets);
    }
}
