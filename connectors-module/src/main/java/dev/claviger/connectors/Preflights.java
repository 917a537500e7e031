package dev.claviger.connectors;

import dev.claviger.connectors.preflight.Preflight;
import dev.claviger.connectors.preflight.PreflightReport;
import dev.claviger.credentials.outbound.OutboundClient;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Runs preflights, few at a time. They are not durable jobs: nobody needs one that was interrupted, its page says so and it
 * is asked for again.
 */
@Component
class Preflights {

    private static final Logger log = LoggerFactory.getLogger(Preflights.class);

    private static final int AT_ONCE = 4;
    private static final int WAITING = 16;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_IN_WINDOW = 20;
    private static final Duration API_PATIENCE = Duration.ofSeconds(30);
    /** All may have to wait for those before them. */
    private static final Duration LONGEST = Preflight.TIME_LIMIT.plusSeconds(5).multipliedBy(1 + WAITING / AT_ONCE);

    private static final int LONGEST_URL = 2_000;

    private final PreflightTable table;
    private final Preflight preflight;
    private final ThreadPoolExecutor workers;

    Preflights(
            PreflightTable table,
            OutboundClient client,
            @Value("${claviger.public-url}") String publicUrl,
            Clock clock) {
        this.table = table;
        this.preflight = Preflight.with(client, publicUrl, clock);
        this.workers = new ThreadPoolExecutor(
                AT_ONCE, AT_ONCE, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "preflight");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    /**
     * Begins; of an id that was used before nothing is begun.
     *
     * @throws WrongFields when this is no URL to begin with
     * @throws TooMany when this person, or everybody together, asks too often
     */
    void begin(UUID id, String askedBy, String url) {
        submit(id, askedBy, url);
    }

    /** Begins and waits. Throws as {@link #begin} does, and {@link TooMany} when its turn does not come in time. */
    PreflightReport now(String askedBy, String url) {
        UUID id = UUID.randomUUID();
        Optional<Future<PreflightReport>> begun = submit(id, askedBy, url);
        try {
            return begun.orElseThrow().get(API_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            begun.orElseThrow().cancel(true);
            throw new TooMany("Too many checks are under way; try again in a minute.", Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TooMany("Claviger is stopping; try again in a minute.", Duration.ofMinutes(1));
        } catch (ExecutionException e) {
            throw new IllegalStateException("A check broke", e.getCause());
        }
    }

    /** @throws NotFound when there is none, or it is too old */
    PreflightTable.Row find(UUID id) {
        return table.find(id, LONGEST)
                .orElseThrow(
                        () -> new NotFound("There is no such check; its report is kept for an hour. Check again."));
    }

    private Optional<Future<PreflightReport>> submit(UUID id, String askedBy, String typed) {
        String url = checked(typed);
        if (table.asked(askedBy, WINDOW) >= MOST_IN_WINDOW) {
            throw new TooMany("You asked for " + MOST_IN_WINDOW + " checks within ten minutes; wait a little.", WINDOW);
        }
        if (!table.add(id, askedBy, url)) {
            return Optional.empty();
        }
        try {
            return Optional.of(workers.submit(() -> run(id, url)));
        } catch (RejectedExecutionException e) {
            table.forget(id);
            throw new TooMany("Too many checks are under way; try again in a minute.", Duration.ofMinutes(1));
        }
    }

    private PreflightReport run(UUID id, String url) {
        try {
            PreflightReport report = preflight.run(url, soFar -> table.save(id, soFar));
            table.save(id, report);
            return report;
        } catch (RuntimeException e) {
            log.error("The preflight {} broke", id, e);
            throw e;
        }
    }

    private static String checked(String typed) {
        String url = typed.strip();
        if (url.isEmpty()) {
            throw new WrongFields(Map.of("url", "Enter the URL of the MCP server."));
        }
        if (url.length() > LONGEST_URL || Words.unprintable(url) || url.contains("\n")) {
            throw new WrongFields(Map.of("url", "Check the URL: it is one line of at most 2,000 characters."));
        }
        return url;
    }

    @PreDestroy
    void stop() {
        workers.shutdownNow();
    }
}
