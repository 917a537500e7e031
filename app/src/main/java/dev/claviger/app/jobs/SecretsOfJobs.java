package dev.claviger.app.jobs;

import dev.claviger.credentials.api.SecretKeeper;
import dev.claviger.credentials.api.SecretMentions;
import dev.claviger.credentials.api.SecretPurpose;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Names the secrets that waiting jobs and sagas under way still carry a reference to; asked last, of what is left. */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class SecretsOfJobs implements SecretKeeper {

    private static final String UUIDS = "'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g'";

    private static final String ROWS = """
            select to_jsonb((regexp_matches(encode(task_data, 'escape'), %s))[1])
              from app.scheduled_tasks where task_data is not null
            union all select to_jsonb((regexp_matches(encode(serialized_saga, 'escape'), %s))[1]) from app.saga_entry""".formatted(UUIDS, UUIDS);

    private final JdbcClient jdbc;

    SecretsOfJobs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<SecretPurpose> purposes() {
        return Set.of();
    }

    @Override
    public Set<UUID> stillNeeded(Collection<UUID> secrets) {
        return SecretMentions.in(jdbc, ROWS, secrets);
    }
}
