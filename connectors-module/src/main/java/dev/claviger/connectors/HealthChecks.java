package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.toolsync.api.HealthCommand.CheckHealth;
import dev.claviger.toolsync.api.HealthId;
import dev.claviger.toolsync.api.HealthQuery.FindHealth;
import dev.claviger.toolsync.api.HealthQuery.HealthFacts;
import dev.claviger.toolsync.api.HealthQuery.HealthFactsList;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Has a credential checked when somebody asks, and says what is known of it. */
@Component
class HealthChecks {

    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Answers answers;
    private final CommandGateway commands;

    HealthChecks(Answers answers, CommandGateway commands) {
        this.answers = answers;
        this.commands = commands;
    }

    /** Nothing where the connection is not watched: it is over, or needs no credential. */
    Optional<HealthFacts> facts(ConnectionId connection) {
        return Optional.ofNullable(facts(List.of(connection)).get(connection));
    }

    Map<ConnectionId, HealthFacts> facts(Collection<ConnectionId> connections) {
        List<HealthId> ids = connections.stream()
                .map(connection -> new HealthId(connection.value()))
                .toList();
        return answers.one(new FindHealth(ids), HealthFactsList.class).items().stream()
                .collect(Collectors.toMap(
                        facts -> new ConnectionId(facts.healthId().value()), Function.identity()));
    }

    /**
     * Checks now and waits a little for the outcome.
     *
     * @throws NotFound when the connection is not watched
     */
    HealthFacts check(ConnectionId connection, Duration patience) {
        Instant before = lastChecked(facts(connection).orElseThrow(NotFound::new));
        try {
            commands.sendAndWait(new CheckHealth(new HealthId(connection.value())));
        } catch (AggregateNotFoundException e) {
            throw new NotFound();
        }
        answers.until(
                patience,
                () -> facts(connection)
                        .filter(now -> Objects.equals(lastChecked(now), before))
                        .isEmpty());
        return facts(connection).orElseThrow(NotFound::new);
    }

    private static @Nullable Instant lastChecked(HealthFacts facts) {
        return facts.checkedAt();
    }
}
