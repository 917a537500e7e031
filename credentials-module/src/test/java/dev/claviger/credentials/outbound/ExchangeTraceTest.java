package dev.claviger.credentials.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.TestDatabases;
import dev.claviger.credentials.api.TraceQuery.Exchange;
import dev.claviger.credentials.api.TraceQuery.ExchangeFact;
import dev.claviger.credentials.api.TraceQuery.FindTrace;
import dev.claviger.credentials.api.TraceQuery.Part;
import dev.claviger.credentials.api.TraceQuery.Trace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

@Timeout(60)
class ExchangeTraceTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final UUID attempt = UUID.randomUUID();
    private final DataSource database = TestDatabases.fresh();
    private final TraceTable table = new TraceTable(
            JdbcClient.create(database),
            new JdbcTransactionManager(database),
            new TraceSettings(Duration.ofDays(30), 5));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void answersTheNewestFirstPageByPage() {
        for (int i = 0; i < 4; i++) {
            table.write(attempt, exchange(i));
        }
        table.write(UUID.randomUUID(), exchange(9));
        Trace page = table.handle(new FindTrace(List.of(attempt), 1, 2));
        assertThat(page.total()).isEqualTo(4);
        assertThat(page.items()).containsExactly(exchange(2), exchange(1));
        assertThat(table.handle(new FindTrace(List.of(), 0, 10)).items()).isEmpty();
    }

    @Test
    void keepsTheNewestOfEachAttempt() {
        UUID other = UUID.randomUUID();
        table.write(other, exchange(0));
        for (int i = 0; i < 12; i++) {
            table.write(attempt, exchange(i));
        }
        assertThat(table.handle(new FindTrace(List.of(attempt), 0, 100)).items())
                .containsExactly(exchange(11), exchange(10), exchange(9), exchange(8), exchange(7));
        assertThat(table.handle(new FindTrace(List.of(other), 0, 100)).total()).isEqualTo(1);
    }

    @Test
    void forgetsWhatIsOld() {
        table.write(attempt, exchange(0));
        table.write(attempt, exchange(60));
        assertThat(table.forgetBefore(NOW.plusSeconds(30))).isEqualTo(1);
        assertThat(table.handle(new FindTrace(List.of(attempt), 0, 100)).items())
                .containsExactly(exchange(60));
    }

    @Test
    void writesBehindTheBackOfWhoAsks() throws Exception {
        ExchangeTrace trace = new ExchangeTrace(table, meters);
        trace.offer(attempt, exchange(1));
        trace.destroy();
        assertThat(table.handle(new FindTrace(List.of(attempt), 0, 100)).items())
                .containsExactly(exchange(1));
        trace.offer(attempt, exchange(2));
        assertThat(dropped()).isEqualTo(1);
    }

    @Test
    void dropsAndCountsWhatCannotBeWritten() throws Exception {
        ExchangeTrace trace = new ExchangeTrace(table, meters);
        JdbcClient.create(database).sql("drop table credentials.exchange").update();
        trace.offer(attempt, exchange(1));
        trace.offer(attempt, exchange(2));
        trace.destroy();
        assertThat(dropped()).isEqualTo(2);
    }

    @Test
    void neverMakesARequestWaitForADatabaseThatHangs() throws Exception {
        ExchangeTrace trace = new ExchangeTrace(table, meters);
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("lock table credentials.exchange in access exclusive mode");
            long begin = System.nanoTime();
            for (int i = 0; i < 3_000; i++) {
                trace.offer(attempt, exchange(i));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
            assertThat(dropped()).isGreaterThanOrEqualTo(1_998);
            trace.destroy();
            connection.rollback();
        }
    }

    private double dropped() {
        return meters.counter("claviger.trace.dropped").count();
    }

    private static Exchange exchange(int second) {
        return new Exchange(
                NOW.plusSeconds(second),
                "Token request",
                "POST",
                "https://as.example/token",
                second % 2 == 0 ? 200 : null,
                second % 2 == 0 ? null : "no answer",
                second,
                2L * second,
                List.of(
                        new ExchangeFact(Part.REQUEST_HEADER, "Accept", "application/json"),
                        new ExchangeFact(Part.REQUEST_PARAMETER, "code", null)));
    }
}
