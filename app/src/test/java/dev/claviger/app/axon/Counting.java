package dev.claviger.app.axon;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Effects;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Aggregate;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A module in small, to prove the wiring with: an aggregate, its handlers of each kind, an effect and a saga. */
@TestConfiguration
@Import({Counting.Counter.class, Counting.Later.class})
class Counting {

    /** A note that the handler in the transaction refuses. */
    static final String REFUSED = "refused";

    /** A note after which the saga counts again, half a second later. */
    static final String AGAIN = "again";

    record Count(@TargetAggregateIdentifier String counterId, String note) {}

    record Counted(String counterId, int number, String note) {}

    record Ring(String counterId) {}

    @Bean
    StateHandler stateHandler(JdbcClient database) {
        database.sql("create table if not exists app.counted_state (counter_id text, number int)")
                .update();
        return new StateHandler(database);
    }

    @Bean
    JobHandler jobHandler(Effects effects, RingBell ringBell) {
        return new JobHandler(effects, ringBell);
    }

    @Bean
    View view(JdbcClient database) {
        database.sql("create table if not exists app.counted_view (counter_id text primary key, number int)")
                .update();
        return new View(database);
    }

    @Bean
    RingBell ringBell() {
        return new RingBell();
    }

    @Aggregate(cache = "aggregateCache", snapshotTriggerDefinition = "snapshotTrigger")
    @JsonAutoDetect(
            fieldVisibility = Visibility.ANY,
            getterVisibility = Visibility.NONE,
            isGetterVisibility = Visibility.NONE)
    static class Counter {

        @AggregateIdentifier
        private String counterId;

        private int number;

        Counter() {}

        @CommandHandler
        @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
        void handle(Count command) {
            AggregateLifecycle.apply(new Counted(command.counterId(), number + 1, command.note()));
        }

        @EventSourcingHandler
        void on(Counted event) {
            counterId = event.counterId();
            number = event.number();
        }
    }

    @ProcessingGroup("counting-state")
    static class StateHandler {

        private final JdbcClient database;

        StateHandler(JdbcClient database) {
            this.database = database;
        }

        @EventHandler
        void on(Counted event) {
            database.sql("insert into app.counted_state values (?, ?)")
                    .params(event.counterId(), event.number())
                    .update();
            if (event.note().equals(REFUSED)) {
                throw new IllegalStateException("Refused in the transaction of the event");
            }
        }
    }

    @ProcessingGroup("counting-jobs")
    static class JobHandler {

        private final Effects effects;
        private final RingBell ringBell;

        JobHandler(Effects effects, RingBell ringBell) {
            this.effects = effects;
            this.ringBell = ringBell;
        }

        @EventHandler
        void on(Counted event) {
            effects.now(ringBell, event.counterId() + "/" + event.number(), new Ring(event.counterId()));
        }
    }

    @ProcessingGroup("counting-views")
    static class View {

        /** Counters whose events this view cannot digest, until it is mended. */
        final Set<String> poison = ConcurrentHashMap.newKeySet();

        private final JdbcClient database;

        View(JdbcClient database) {
            this.database = database;
        }

        @EventHandler
        void on(Counted event) {
            if (poison.contains(event.counterId())) {
                throw new IllegalStateException("A view that cannot digest this");
            }
            database.sql("insert into app.counted_view values (?, ?)"
                            + " on conflict (counter_id) do update set number = excluded.number")
                    .params(event.counterId(), event.number())
                    .update();
        }

        int number(String counterId) {
            return database.sql("select number from app.counted_view where counter_id = ?")
                    .param(counterId)
                    .query(Integer.class)
                    .optional()
                    .orElse(0);
        }
    }

    static class RingBell extends Effect<Ring> {

        final Set<String> rung = ConcurrentHashMap.newKeySet();
        final Set<String> broken = ConcurrentHashMap.newKeySet();

        RingBell() {
            super("counting.ring-bell", Ring.class, 1, Duration.ofMillis(50));
        }

        @Override
        protected void perform(Ring data) {
            if (broken.contains(data.counterId())) {
                throw new IllegalStateException("The bell is broken");
            }
            rung.add(data.counterId());
        }

        @Override
        protected void giveUp(Ring data, RuntimeException cause) {}
    }

    @Saga
    @ProcessingGroup("counting-saga")
    @JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
    public static class Later {

        private transient @Autowired CommandGateway commands;
        private String counterId;

        public Later() {}

        @StartSaga
        @SagaEventHandler(associationProperty = "counterId")
        void on(Counted event, DeadlineManager deadlines) {
            counterId = event.counterId();
            if (event.note().equals(AGAIN)) {
                deadlines.schedule(Duration.ofMillis(500), "later");
            }
        }

        @EndSaga
        @DeadlineHandler(deadlineName = "later")
        void later() {
            commands.sendAndWait(new Count(counterId, "later"));
        }
    }
}
