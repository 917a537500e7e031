package dev.claviger.credentials;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.NonNull;

/** Of all threads that want the same work done, the first does it and the others wait for its result. */
final class SingleFlight<T extends @NonNull Object> {

    private final ConcurrentMap<String, CompletableFuture<T>> flights = new ConcurrentHashMap<>();

    /** Empty when another thread's work did not succeed, or did not end in time. */
    Optional<T> run(String key, Duration patience, Supplier<T> work) {
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> running = flights.putIfAbsent(key, mine);
        if (running != null) {
            return await(running, patience);
        }
        try {
            T result = work.get();
            mine.complete(result);
            return Optional.of(result);
        } finally {
            flights.remove(key, mine);
            mine.cancel(false);
        }
    }

    private static <T extends @NonNull Object> Optional<T> await(CompletableFuture<T> running, Duration patience) {
        try {
            return Optional.of(running.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | CancellationException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
