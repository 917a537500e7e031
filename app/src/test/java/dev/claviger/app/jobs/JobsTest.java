package dev.claviger.app.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.claviger.app.ClavigerTest;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.credentials.outbound.Unreachable;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Jobs are durable, readable, and nobody gives up silently. */
@ClavigerTest
@Import(JobsTest.Configuration.class)
class JobsTest {

    @Autowired
    Effects effects;

    @Autowired
    CallSomebody effect;

    @Autowired
    Jobs jobs;

    @Autowired
    JobTable table;

    @Autowired
    Scheduler scheduler;

    @Autowired
    JdbcClient database;

    private final String instance = "call:" + UUID.randomUUID();

    @Test
    void aJobWaitsReadablyAndRuns() {
        effects.at(Instant.now().plusSeconds(3600), effect, instance, new Call("somebody"));
        assertThat(jobs.list(Jobs.Standing.WAITING))
                .anyMatch(job -> job.instance().equals(instance));
        assertThat(database.sql(
                                "select convert_from(task_data, 'UTF8') from app.scheduled_tasks where task_instance = ?")
                        .param(instance)
                        .query(String.class)
                        .single())
                .isEqualTo("{\"whom\":\"somebody\"}");
        scheduler.reschedule(effect.instanceId(instance), Instant.now());
        await(() -> effect.called.contains("somebody"));
    }

    @Test
    void anEffectThatGivesUpIsListedUntilDismissed() {
        effects.now(effect, instance, new Call("nobody"));
        await(() -> jobs.givenUp().stream().anyMatch(job -> job.instance().equals(instance)));
        Jobs.GivenUp gaveUp = jobs.givenUp().stream()
                .filter(job -> job.instance().equals(instance))
                .findFirst()
                .orElseThrow();
        assertThat(gaveUp.effect()).isEqualTo("jobs-test.call-somebody");
        assertThat(gaveUp.attempts()).isEqualTo(2);
        assertThat(gaveUp.cause()).isEqualTo("Nobody is there");
        assertThat(effect.toldFailure).contains("nobody");
        assertThat(jobs.counts().givenUp()).isPositive();

        table.dismiss(gaveUp.id());
        assertThat(jobs.givenUp()).noneMatch(job -> job.instance().equals(instance));
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(condition::getAsBoolean);
    }

    record Call(String whom) {}

    @TestConfiguration
    static class Configuration {
        @Bean
        CallSomebody callSomebody() {
            return new CallSomebody();
        }
    }

    static class CallSomebody extends Effect<Call> {

        final Set<String> called = ConcurrentHashMap.newKeySet();
        final Set<String> toldFailure = ConcurrentHashMap.newKeySet();

        CallSomebody() {
            super("jobs-test.call-somebody", Call.class, 2, Duration.ofMillis(20));
        }

        @Override
        protected void perform(Call data) {
            if (data.whom().equals("nobody")) {
                throw new Unreachable("Nobody is there", false, null);
            }
            called.add(data.whom());
        }

        @Override
        protected void giveUp(Call data, RuntimeException cause) {
            toldFailure.add(data.whom());
        }
    }
}
