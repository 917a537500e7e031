package dev.claviger.app.freeze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.app.TestDatabase;
import dev.claviger.connectors.api.FreezeSubject;
import dev.claviger.connectors.api.Freezing;
import dev.claviger.credentials.api.FreezeEvent.Frozen;
import dev.claviger.credentials.api.FreezeEvent.Thawed;
import dev.claviger.credentials.api.FreezeId;
import dev.claviger.credentials.api.FreezeRejected;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class FreezeDeskTest {

    private static final FreezeSubject CONNECTOR = FreezeSubject.parse("connector:" + new UUID(1, 1));
    private static final FreezeSubject ANOTHER = FreezeSubject.parse("connector:" + new UUID(1, 2));
    private static final String THEFT = "Somebody has the token";

    private final FreezeId id = new FreezeId(UUID.randomUUID());
    private final JdbcClient jdbc = JdbcClient.create(migrated());
    private final FreezeRecords records = new FreezeRecords(jdbc);
    private final Freezing freezing = new OnceEachId();
    private final FreezeDesk desk = new FreezeDesk(
            jdbc,
            freezing,
            DefaultCommandGateway.builder()
                    .commandBus(SimpleCommandBus.builder().build())
                    .build(),
            new FreezeBanner(jdbc, freezing));

    @Test
    void repeatingAFreezeInForceIsAnsweredLikeTheFirst() {
        desk.freeze(id, CONNECTOR, THEFT);
        assertThat(desk.freeze(id, CONNECTOR, THEFT).thawedAt()).isNull();
        assertThat(desk.inForce()).hasSize(1);
    }

    @Test
    void anIdThatWasUsedForAnotherSubjectFreezesNothingAndSaysSo() {
        desk.freeze(id, CONNECTOR, THEFT);
        assertThatExceptionOfType(FreezeRejected.class)
                .isThrownBy(() -> desk.freeze(id, ANOTHER, THEFT))
                .withMessageContaining("Nothing was frozen")
                .withMessageContaining(CONNECTOR.toString())
                .withMessageContaining("new id");
    }

    @Test
    void anIdWhoseFreezeIsThawedFreezesNothingAndSaysSo() {
        desk.freeze(id, CONNECTOR, THEFT);
        records.on(new Thawed(id, CONNECTOR.toString(), List.of(), "It was found"), null);
        assertThatExceptionOfType(FreezeRejected.class)
                .isThrownBy(() -> desk.freeze(id, CONNECTOR, THEFT))
                .withMessageContaining("which is thawed");
    }

    private static DriverManagerDataSource migrated() {
        TestDatabase.Fresh fresh = TestDatabase.fresh();
        DriverManagerDataSource database = new DriverManagerDataSource(fresh.url(), fresh.username(), fresh.password());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/app")
                .defaultSchema("app")
                .createSchemas(true)
                .load()
                .migrate();
        return database;
    }

    /** As the real one: the same id twice does nothing. */
    private final class OnceEachId implements Freezing {

        private final Set<FreezeId> used = new HashSet<>();

        @Override
        public List<String> names(List<FreezeSubject> subjects) {
            return subjects.stream().map(FreezeSubject::toString).toList();
        }

        @Override
        public List<String> issuers() {
            return List.of();
        }

        @Override
        public Affected affected(FreezeSubject subject) {
            return new Affected(subject, subject.toString(), 0, 0, 0);
        }

        @Override
        public void freeze(FreezeId freeze, FreezeSubject subject, String reason) {
            if (used.add(freeze)) {
                records.on(new Frozen(freeze, subject.toString(), List.of(), reason), null);
            }
        }
    }
}
