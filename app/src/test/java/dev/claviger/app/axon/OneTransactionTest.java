package dev.claviger.app.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.app.ClavigerTest;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Sealer;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Event, job, sealed secret and subscribing handler happen together or not at all. */
@ClavigerTest
@Import(Counting.class)
class OneTransactionTest {

    @Autowired
    OneTransaction oneTransaction;

    @Autowired
    CommandGateway commands;

    @Autowired
    JdbcClient database;

    @Autowired
    Sealer vault;

    @Autowired
    Counting.RingBell bell;

    private final String counter = "counter:" + UUID.randomUUID();
    private UUID sealed = UUID.randomUUID();

    @Test
    void allOfItHappens() {
        oneTransaction.run(() -> {
            seal();
            commands.sendAndWait(new Counting.Count(counter, "fine"));
        });
        assertThat(traces()).isEqualTo("1 events, 1 states, 1 sealed");
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> bell.rung.contains(counter));
    }

    @Test
    void anExceptionAtTheEndLeavesNothing() {
        assertThatThrownBy(() -> oneTransaction.run(() -> {
                    seal();
                    commands.sendAndWait(new Counting.Count(counter, "fine"));
                    throw new IllegalStateException("at the end");
                }))
                .hasMessage("at the end");
        assertNothingHappened();
    }

    @Test
    void anExceptionInAHandlerLeavesNothing() {
        assertThatThrownBy(() -> oneTransaction.run(() -> {
                    seal();
                    commands.sendAndWait(new Counting.Count(counter, Counting.REFUSED));
                }))
                .hasMessageContaining("Refused");
        assertNothingHappened();
    }

    @Test
    void aCommandOfItsOwnLeavesNothingEither() {
        assertThatThrownBy(() -> commands.sendAndWait(new Counting.Count(counter, Counting.REFUSED)))
                .hasMessageContaining("Refused");
        assertNothingHappened();
    }

    @Test
    void whatWasRolledBackIsNotRememberedByTheCache() {
        commands.sendAndWait(new Counting.Count(counter, "first"));
        assertThatThrownBy(() -> commands.sendAndWait(new Counting.Count(counter, Counting.REFUSED)))
                .hasMessageContaining("Refused");
        commands.sendAndWait(new Counting.Count(counter, "second"));
        assertThat(lastNumber()).isEqualTo(2);
    }

    @Test
    void theCacheSeesWhatAnotherNodeWrote() {
        commands.sendAndWait(new Counting.Count(counter, "here"));
        database.sql("insert into app.domain_event (aggregate_identifier, sequence_number, type, event_identifier,"
                        + " meta_data, payload, payload_type, time_stamp) select aggregate_identifier,"
                        + " sequence_number + 1, type, gen_random_uuid()::text, meta_data,"
                        + " jsonb_set(payload, '{number}', '41'), payload_type, time_stamp"
                        + " from app.domain_event where aggregate_identifier = ?")
                .param(counter)
                .update();
        commands.sendAndWait(new Counting.Count(counter, "here again"));
        assertThat(lastNumber()).isEqualTo(42);
    }

    private void seal() {
        sealed = vault.seal(SecretPurpose.STATIC_TOKEN, Secret.of("a token for " + counter))
                .id();
    }

    private void assertNothingHappened() {
        assertThat(traces()).isEqualTo("0 events, 0 states, 0 sealed");
        assertThat(count("select count(*) from app.scheduled_tasks where task_instance like ? || '%'", counter))
                .isZero();
        assertThat(bell.rung).doesNotContain(counter);
    }

    private String traces() {
        return count("select count(*) from app.domain_event where aggregate_identifier = ?", counter) + " events, "
                + count("select count(*) from app.counted_state where counter_id = ?", counter) + " states, "
                + count("select count(*) from credentials.secret where id = ?", sealed) + " sealed";
    }

    private int count(String sql, Object parameter) {
        return database.sql(sql).param(parameter).query(Integer.class).single();
    }

    private int lastNumber() {
        return database.sql("select (payload ->> 'number')::int from app.domain_event"
                        + " where aggregate_identifier = ? order by sequence_number desc limit 1")
                .param(counter)
                .query(Integer.class)
                .single();
    }
}
