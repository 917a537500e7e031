package dev.claviger.credentials;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.HandOuts;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.credentials.vault.TokenRefresher;
import dev.claviger.credentials.vault.Vault;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.queryhandling.QueryGateway;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The module as one process of the application would run it, on a database that others may share. */
final class Node implements AutoCloseable {

    static final String MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    Node(DataSource database, Clock clock, TokenRefresher refresher, Map<String, Object> properties) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test",
                        Map.of("claviger.vault.master-key", MASTER_KEY, "claviger.refresh.cool-down", "400ms")));
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("own", properties));
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(database);
        pool.setMinimumIdle(1);
        context.registerBean(HikariDataSource.class, () -> new HikariDataSource(pool));
        context.registerBean(Clock.class, () -> clock);
        context.registerBean(TokenRefresher.class, () -> refresher);
        context.register(Wiring.class);
        context.refresh();
        context.getBean(Configuration.class).start();
    }

    FreshCredentials fresh() {
        return context.getBean(FreshCredentials.class);
    }

    HandOuts handOuts() {
        return context.getBean(HandOuts.class);
    }

    TransactionTemplate transaction() {
        return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    CommandGateway commands() {
        return context.getBean(CommandGateway.class);
    }

    QueryGateway queries() {
        return context.getBean(Configuration.class).queryGateway();
    }

    OneTransaction oneTransaction() {
        return context.getBean(OneTransaction.class);
    }

    Vault vault() {
        return context.getBean(Vault.class);
    }

    DataSource dataSource() {
        return context.getBean(DataSource.class);
    }

    JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    /** The events of this database, oldest first, by simple name. */
    List<String> events() {
        return context.getBean(EventStorageEngine.class)
                .readEvents(null, false)
                .map(EventMessage::getPayloadType)
                .map(Class::getSimpleName)
                .collect(Collectors.toList());
    }

    /** Lets the event store fail the next times it is written to. */
    void breakEventStore(int times) {
        context.getBean(StoreTrouble.class).set(times);
    }

    /** As the job would that comes ahead of a token's end. */
    void renewAhead(CredentialId id, long generation) {
        context.getBean(RefreshAhead.class).perform(new RefreshAhead.Job(id, generation));
    }

    /** The piece of the module under test. */
    <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    Refreshes refreshes() {
        return context.getBean(Refreshes.class);
    }

    /** As the sweep would that looks for lost jobs. */
    void sweepRefreshes() {
        RefreshSweep.sweep(
                context.getBean(CredentialTable.class),
                context.getBean(Effects.class),
                context.getBean(RefreshAhead.class),
                context.getBean(Clock.class));
    }

    void startJobs() {
        context.getBean(Scheduler.class).start();
    }

    @Override
    public void close() {
        context.getBean(Configuration.class).shutdown();
        context.close();
    }

    @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
    @ComponentScan("dev.claviger.credentials")
    static class Wiring {

        @Bean
        JdbcClient jdbc(DataSource database) {
            return JdbcClient.create(database);
        }

        @Bean
        PlatformTransactionManager transactions(DataSource database) {
            return new DataSourceTransactionManager(database);
        }

        @Bean
        TransactionManager axonTransactions(PlatformTransactionManager transactions) {
            return new SpringTransactionManager(transactions);
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        StoreTrouble trouble() {
            return new StoreTrouble();
        }

        @Bean
        EventStorageEngine engine(DataSource database, TransactionManager transactions, StoreTrouble trouble) {
            Jackson3Serializer json = Jackson3Serializer.builder().build();
            JdbcEventStorageEngine.Builder settings = JdbcEventStorageEngine.builder()
                    .snapshotSerializer(json)
                    .eventSerializer(json)
                    .persistenceExceptionResolver(Wiring::isUniqueViolation)
                    .connectionProvider(new UnitOfWorkAwareConnectionProviderWrapper(
                            new SpringDataSourceConnectionProvider(database)))
                    .transactionManager(transactions);
            JdbcEventStorageEngine engine = new TroubledEngine(settings, trouble);
            if (JdbcClient.create(database)
                    .sql("select to_regclass('domainevententry') is null")
                    .query(Boolean.class)
                    .single()) {
                engine.createSchema(PostgresEventTableFactory.INSTANCE);
            }
            return engine;
        }

        private static boolean isUniqueViolation(Exception e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                if (t instanceof SQLException sql && "23505".equals(sql.getSQLState())) {
                    return true;
                }
            }
            return false;
        }

        @Bean
        Configuration axon(EventStorageEngine engine, TransactionManager transactions, Clock clock, BeanFactory beans) {
            Jackson3Serializer json = Jackson3Serializer.builder().build();
            return DefaultConfigurer.defaultConfiguration()
                    .configureSerializer(c -> json)
                    .configureTransactionManager(c -> transactions)
                    .configureEmbeddedEventStore(c -> engine)
                    .registerComponent(Clock.class, c -> clock)
                    .configureAggregate(Credential.class)
                    .configureAggregate(Freeze.class)
                    .configureAggregate(KeyRotation.class)
                    .eventProcessing(processing -> processing
                            .usingSubscribingEventProcessors()
                            .registerDefaultListenerInvocationErrorHandler(c -> PropagatingErrorHandler.instance())
                            .registerDefaultErrorHandler(c -> PropagatingErrorHandler.instance())
                            .registerEventHandler(c -> beans.getBean(CredentialProjection.class))
                            .registerEventHandler(c -> beans.getBean(FreezeRows.class))
                            .registerEventHandler(c -> beans.getBean(CredentialJobs.class))
                            .registerEventHandler(c -> beans.getBean(KeyRotationTable.class))
                            .registerEventHandler(c -> beans.getBean(KeyRotationJobs.class)))
                    .registerQueryHandler(c -> beans.getBean(CredentialViews.class))
                    .registerQueryHandler(c -> beans.getBean(KeyRotationViews.class))
                    .buildConfiguration();
        }

        @Bean
        EventGateway events(Configuration axon) {
            return axon.eventGateway();
        }

        @Bean
        CommandGateway commands(Configuration axon) {
            return axon.commandGateway();
        }

        @Bean(destroyMethod = "stop")
        Scheduler scheduler(DataSource database, List<Task<?>> tasks) {
            return Scheduler.create(new TransactionAwareDataSourceProxy(database), tasks)
                    .serializer(new JobData())
                    .pollingInterval(Duration.ofMillis(100))
                    .threads(2)
                    .build();
        }
    }

    /** How often the event store is still to say that its connection broke. */
    private static final class StoreTrouble extends AtomicInteger {}

    private static final class TroubledEngine extends JdbcEventStorageEngine {

        private final StoreTrouble trouble;

        TroubledEngine(Builder settings, StoreTrouble trouble) {
            super(settings);
            this.trouble = trouble;
        }

        @Override
        protected void appendEvents(
                List<? extends EventMessage<?>> events, org.axonframework.serialization.Serializer json) {
            if (trouble.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new EventStoreException("An attempt was made to use a closed connection");
            }
            super.appendEvents(events, json);
        }
    }

    private static final class JobData implements Serializer {

        private final JsonMapper json = JsonMapper.builder().build();

        @Override
        public byte[] serialize(Object data) {
            return data == null ? null : json.writeValueAsBytes(data);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] data) {
            return data == null ? null : json.readValue(data, type);
        }
    }
}
