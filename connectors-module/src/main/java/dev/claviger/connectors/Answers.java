package dev.claviger.connectors;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.stereotype.Component;

/** Asks queries for pages and APIs, and waits for a projection to show what was just done. */
@Component
class Answers {

    private static final Duration PROJECTION_PATIENCE = Duration.ofSeconds(3);

    private final QueryGateway queries;

    Answers(QueryGateway queries) {
        this.queries = queries;
    }

    <T> T one(Object query, Class<T> type) {
        try {
            return queries.query(query, ResponseTypes.instanceOf(type)).join();
        } catch (CompletionException e) {
            throw unwrapped(e);
        }
    }

    <T> Optional<T> maybe(Object query, Class<T> type) {
        try {
            return queries.query(query, ResponseTypes.optionalInstanceOf(type)).join();
        } catch (CompletionException e) {
            throw unwrapped(e);
        }
    }

    /** @throws NotFound when there is no answer */
    <T> T need(Object query, Class<T> type) {
        return maybe(query, type).orElseThrow(NotFound::new);
    }

    /**
     * Waits until a projection has followed a command, so that the page after it shows what was done. Gives up quietly:
     * then the page is a moment behind.
     */
    void until(BooleanSupplier seen) {
        until(PROJECTION_PATIENCE, seen);
    }

    /** Answers whether it was seen in time. */
    boolean until(Duration patience, BooleanSupplier seen) {
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = 10;
        while (!seen.getAsBoolean()) {
            if (System.nanoTime() >= deadline || !paused(pause)) {
                return false;
            }
            pause = Math.min(100, pause + 10);
        }
        return true;
    }

    private static boolean paused(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static RuntimeException unwrapped(CompletionException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : e;
    }
}
