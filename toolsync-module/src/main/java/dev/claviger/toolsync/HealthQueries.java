package dev.claviger.toolsync;

import dev.claviger.toolsync.api.HealthQuery.FindHealth;
import dev.claviger.toolsync.api.HealthQuery.HealthFactsList;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.stereotype.Component;

/** Answers what may be asked about the health of credentials. */
@Component
class HealthQueries {

    private static final int MOST = 1_000;

    private final HealthTable table;

    HealthQueries(HealthTable table) {
        this.table = table;
    }

    @QueryHandler
    HealthFactsList handle(FindHealth query) {
        if (query.healthIds().size() > MOST) {
            throw new IllegalArgumentException("Ask for at most %d".formatted(MOST));
        }
        return new HealthFactsList(query.healthIds().isEmpty() ? List.of() : table.facts(query.healthIds()));
    }
}
