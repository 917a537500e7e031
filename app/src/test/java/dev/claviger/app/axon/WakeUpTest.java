package dev.claviger.app.axon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Projections do not sleep when there is something to do. */
@ClavigerTest
@Import(Counting.class)
class WakeUpTest {

    private static final Logger log = LoggerFactory.getLogger(WakeUpTest.class);

    @Autowired
    CommandGateway commands;

    @Autowired
    Counting.View view;

    @Autowired
    Counting.RingBell bell;

    @Autowired
    WakeUps wakeUps;

    @Autowired
    JdbcClient database;

    @Test
    void aProjectionAndAJobFollowTheirEvent() {
        List<Long> views = new ArrayList<>();
        List<Long> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String counter = "counter:" + UUID.randomUUID();
            long sent = System.nanoTime();
            commands.sendAndWait(new Counting.Count(counter, "quick"));
            views.add(millisUntil(sent, () -> view.number(counter) == 1));
            jobs.add(millisUntil(sent, () -> bell.rung.contains(counter)));
        }
        Collections.sort(views);
        Collections.sort(jobs);
        log.info("Command to view: median {} ms, longest {} ms", views.get(10), views.get(19));
        log.info("Command to job:  median {} ms, longest {} ms", jobs.get(10), jobs.get(19));
    }

    @Test
    void anotherNodeIsHeard() {
        List<Long> woken = Collections.synchronizedList(new ArrayList<>());
        wakeUps.register(() -> woken.add(System.nanoTime()));
        database.sql("select pg_notify('claviger_events', 'node:another')")
                .query()
                .singleRow();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !woken.isEmpty());
        assertThat(woken).isNotEmpty();
    }

    private static long millisUntil(long since, java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .until(condition);
        return (System.nanoTime() - since) / 1_000_000;
    }
}
