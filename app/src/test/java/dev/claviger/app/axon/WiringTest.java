package dev.claviger.app.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.claviger.app.ClavigerTest;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolsSynced;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.dbscheduler.DbSchedulerDeadlineManager;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.SubscribingEventProcessor;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.modelling.saga.repository.jdbc.JdbcSagaStore;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** Axon boots happily without half of what it needs; this is what it must have. */
@ClavigerTest
@Import(Counting.class)
class WiringTest {

    @Autowired
    ApplicationContext context;

    @Autowired
    CommandGateway commands;

    @Autowired
    JdbcClient database;

    @Test
    void everyInfrastructureBeanIsTheOneWeMean() {
        assertBean(PlatformTransactionManager.class, JdbcTransactionManager.class);
        assertBean(TransactionManager.class, SpringTransactionManager.class);
        assertBean(PersistenceExceptionResolver.class, UniqueViolations.class);
        assertBean(EventStorageEngine.class, JsonbEventStorageEngine.class);
        assertBean(EventStore.class, WakingEventStore.class);
        assertBean(EventBus.class, WakingEventStore.class);
        assertBean(TokenStore.class, JdbcTokenStore.class);
        assertBean(SagaStore.class, JdbcSagaStore.class);
        assertBean(CommandBus.class, SimpleCommandBus.class);
        assertBean(DeadlineManager.class, DbSchedulerDeadlineManager.class);
        assertThat(context.getBean("aggregateCache")).isInstanceOf(FreshAggregateCache.class);
        assertThat(context.getBeansOfType(Serializer.class).values())
                .allSatisfy(serializer -> assertThat(serializer).isInstanceOf(Jackson3Serializer.class));
        assertThat(context.getBean(Scheduler.class).getSchedulerState().isStarted())
                .isTrue();
    }

    @Test
    void numbersInToolDefinitionsKeepEveryDigit() {
        String numbers = "{\"a\":0.10000000000000000000000000001,\"b\":12345678901234567890123,\"c\":1.50}";
        JsonMapper json = context.getBean(JsonMapper.class);
        assertThat(json.readTree(numbers).toString()).isEqualTo(numbers);

        Serializer events = context.getBean("eventSerializer", Serializer.class);
        ToolsSynced synced = new ToolsSynced(
                new ToolCatalogId(UUID.randomUUID()),
                UUID.randomUUID(),
                "2026-07-28",
                null,
                null,
                List.of(new Tool("a", json.readTree(numbers))),
                List.of(),
                List.of(),
                1,
                null,
                null,
                null,
                null);
        SerializedObject<String> stored = events.serialize(synced, String.class);
        ToolsSynced read = events.deserialize(stored);
        assertThat(read.added().get(0).definition().toString()).isEqualTo(numbers);
    }

    @Test
    void handlersRunWhereTheirGroupSays() {
        EventProcessingConfiguration processing = context.getBean(EventProcessingConfiguration.class);
        assertThat(processing.eventProcessor("counting-state")).containsInstanceOf(SubscribingEventProcessor.class);
        assertThat(processing.eventProcessor("counting-jobs")).containsInstanceOf(SubscribingEventProcessor.class);
        assertThat(processing.eventProcessor("counting-views")).containsInstanceOf(PooledStreamingEventProcessor.class);
        assertThat(processing.eventProcessor("counting-saga")).containsInstanceOf(PooledStreamingEventProcessor.class);
        assertThat(processing.eventProcessors())
                .allSatisfy((name, processor) -> assertThat(processor instanceof SubscribingEventProcessor)
                        .as(name)
                        .isEqualTo(name.endsWith("-state") || name.endsWith("-jobs")));
    }

    @Test
    void thereIsNoXStream() {
        assertThatThrownBy(() -> Class.forName("com.thoughtworks.xstream.XStream"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void eventsAreReadableWithSqlAndSayWhoCausedThem() {
        String counter = "counter:" + UUID.randomUUID();
        try (MDC.MDCCloseable actor = MDC.putCloseable("actor", "person:anna");
                MDC.MDCCloseable source = MDC.putCloseable("source", "192.0.2.1")) {
            commands.sendAndWait(new Counting.Count(counter, "hello"));
        }
        Map<String, Object> row = database.sql("select payload ->> 'note' note, meta_data ->> 'actor' actor,"
                        + " meta_data ->> 'source' source, meta_data ->> 'cause' cause"
                        + " from app.domain_event where payload ->> 'counterId' = ?")
                .param(counter)
                .query()
                .singleRow();
        assertThat(row).containsEntry("note", "hello").containsEntry("actor", "person:anna");
        assertThat(row).containsEntry("source", "192.0.2.1");
        assertThat(row.get("cause")).isNotNull();
    }

    @Test
    void aSagaMeetsItsDeadlineAndItsCommandRemembersTheActor() {
        String counter = "counter:" + UUID.randomUUID();
        try (MDC.MDCCloseable actor = MDC.putCloseable("actor", "person:berta")) {
            commands.sendAndWait(new Counting.Count(counter, Counting.AGAIN));
        }
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(database.sql("select meta_data ->> 'actor' from app.domain_event"
                                        + " where aggregate_identifier = ? and payload ->> 'note' = 'later'")
                                .param(counter)
                                .query(String.class)
                                .list())
                        .containsExactly("person:berta"));
    }

    @Test
    void manyEventsOfOneAggregateLeaveASnapshot() {
        String counter = "counter:" + UUID.randomUUID();
        for (int i = 0; i < 55; i++) {
            commands.sendAndWait(new Counting.Count(counter, "tick"));
        }
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(database.sql(
                                        "select payload ->> 'number' from app.snapshot_event where aggregate_identifier = ?")
                                .param(counter)
                                .query(Integer.class)
                                .single())
                        .isGreaterThanOrEqualTo(50));
    }

    @Test
    void segmentsAreSharedBetweenNodes() {
        assertThat(Processors.share("some-views", 1)).isEqualTo(4);
        assertThat(Processors.share("some-views", 2)).isEqualTo(2);
        assertThat(Processors.share("some-views", 3)).isEqualTo(2);
        assertThat(Processors.share("app-audit", 2)).isEqualTo(1);
    }

    private <T> void assertBean(Class<T> type, Class<?> expected) {
        assertThat(context.getBean(type)).isExactlyInstanceOf(expected);
    }
}
