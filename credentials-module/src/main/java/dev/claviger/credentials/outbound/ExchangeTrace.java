package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.TraceQuery.Exchange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Writes the trace of outside requests behind the back of those who make them: a short queue and one thread. What does not
 * fit or cannot be written is dropped and counted.
 */
@Component
final class ExchangeTrace implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ExchangeTrace.class);
    private static final int LONGEST_QUEUE = 1_000;
    private static final long SILENCE = TimeUnit.MINUTES.toNanos(1);
    private static final long LAST_CHANCE_MILLIS = 2_000;

    private record Entry(UUID attempt, Exchange exchange) {}

    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(LONGEST_QUEUE);
    private final TraceTable table;
    private final Counter dropped;
    private final Thread writer;
    private volatile boolean ending;
    private volatile long quietUntil = System.nanoTime();

    ExchangeTrace(TraceTable table, MeterRegistry meters) {
        this.table = table;
        this.dropped = meters.counter("claviger.trace.dropped");
        this.writer = new Thread(this::write, "exchange-trace");
        writer.setDaemon(true);
        writer.start();
    }

    /** Returns at once. */
    void offer(UUID attempt, Exchange exchange) {
        if (ending || !queue.offer(new Entry(attempt, exchange))) {
            drop("more come than can be written", null);
        }
    }

    private void write() {
        try {
            while (!ending || !queue.isEmpty()) {
                Entry entry = queue.poll(200, TimeUnit.MILLISECONDS);
                if (entry != null) {
                    write(entry);
                }
            }
        } catch (InterruptedException e) {
            // The end; what is left was not written in time.
        }
    }

    private void write(Entry entry) {
        try {
            table.write(entry.attempt(), entry.exchange());
        } catch (RuntimeException | Error e) {
            drop("they cannot be written", e);
        }
    }

    /** Says so at most once a minute: what breaks one will break the next. */
    private void drop(String why, @Nullable Throwable cause) {
        dropped.increment();
        if (System.nanoTime() - quietUntil >= 0) {
            quietUntil = System.nanoTime() + SILENCE;
            log.warn("Outside requests are missing in the trace: {}", why, cause);
        }
    }

    @Override
    public void destroy() throws InterruptedException {
        ending = true;
        writer.join(LAST_CHANCE_MILLIS);
        writer.interrupt();
    }
}
