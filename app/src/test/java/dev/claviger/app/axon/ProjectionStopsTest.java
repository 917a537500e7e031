package dev.claviger.app.axon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.StoppedProcessors;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Import;

/** An event that a projection cannot digest is neither skipped nor kept quiet. */
@ClavigerTest
@Import(Counting.class)
class ProjectionStopsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Autowired
    CommandGateway commands;

    @Autowired
    Counting.View view;

    @Autowired
    StoppedProcessors stopped;

    @Autowired
    HealthIndicator projections;

    @Test
    void stopsTellsAndGoesOnWhenMended() {
        String counter = "counter:" + UUID.randomUUID();
        commands.sendAndWait(new Counting.Count(counter, "before"));
        Awaitility.await().atMost(PATIENCE).until(() -> view.number(counter) == 1);

        view.poison.add(counter);
        commands.sendAndWait(new Counting.Count(counter, "cannot be digested"));
        commands.sendAndWait(new Counting.Count(counter, "after it"));
        Awaitility.await().atMost(PATIENCE).until(() -> !stopped.list().isEmpty());
        assertThat(stopped.list())
                .singleElement()
                .satisfies(entry -> assertThat(entry.processor()).isEqualTo("counting-views"))
                .satisfies(entry -> assertThat(entry.event()).isEqualTo("Counted"));
        assertThat(projections.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(view.number(counter)).isEqualTo(1);

        view.poison.remove(counter);
        Awaitility.await().atMost(PATIENCE).until(() -> view.number(counter) == 3);
        Awaitility.await().atMost(PATIENCE).until(() -> stopped.list().isEmpty());
        assertThat(projections.health().getStatus()).isEqualTo(Status.UP);
    }
}
