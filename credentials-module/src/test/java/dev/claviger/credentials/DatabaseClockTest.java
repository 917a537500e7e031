package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.claviger.credentials.api.DatabaseClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class DatabaseClockTest {

    private final DataSource database = TestDatabase.fresh();

    @Test
    void goesByTheDatabaseHoweverWrongTheMachineIs() throws Exception {
        for (Duration wrong : new Duration[] {Duration.ofHours(-7), Duration.ZERO, Duration.ofDays(400)}) {
            try (DatabaseClock clock = new DatabaseClock(database, Clock.offset(Clock.systemUTC(), wrong))) {
                assertThat(clock.instant()).isCloseTo(databaseTime(), within(5, ChronoUnit.SECONDS));
            }
        }
    }

    @Test
    void doesNotFollowAClockThatIsPutBack() throws Exception {
        MovableClock machine = new MovableClock();
        try (DatabaseClock clock = new DatabaseClock(database, machine)) {
            machine.advance(Duration.ofHours(-3));
            assertThat(clock.instant()).isCloseTo(databaseTime(), within(5, ChronoUnit.SECONDS));
        }
    }

    @Test
    void believesTheMachineThatItWasAsleepForAWhile() throws Exception {
        MovableClock machine = new MovableClock();
        try (DatabaseClock clock = new DatabaseClock(database, machine)) {
            Instant before = clock.instant();
            machine.advance(Duration.ofHours(3));
            assertThat(Duration.between(before, clock.instant())).isGreaterThanOrEqualTo(Duration.ofHours(2));
        }
    }

    private Instant databaseTime() {
        return JdbcClient.create(database)
                .sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }
}
