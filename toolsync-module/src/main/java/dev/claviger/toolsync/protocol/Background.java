package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.ExchangeScope;
import dev.claviger.credentials.outbound.Hangup;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.MDC;

/** Reads on a thread of its own, which is gone when this is closed. */
final class Background<T> implements AutoCloseable {

    static final String THREAD = "mcp-stream";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Hangup hangup;
    private final FutureTask<T> task;
    private final Thread thread;

    /**
     * @param hangup ends what the work waits for
     * @param whenDone called on that thread, whatever the end
     */
    Background(Hangup hangup, Callable<T> work, Runnable whenDone) {
        this.hangup = hangup;
        Map<String, String> context = MDC.getCopyOfContextMap();
        UUID attempt = ExchangeScope.current();
        this.task = new FutureTask<>(work) {
            @Override
            protected void done() {
                whenDone.run();
            }
        };
        this.thread = new Thread(
                () -> {
                    if (context != null) {
                        MDC.setContextMap(context);
                    }
                    try (ExchangeScope scope = ExchangeScope.of(attempt)) {
                        task.run();
                    }
                },
                THREAD);
        thread.setDaemon(true);
        thread.start();
    }

    boolean isDone() {
        return task.isDone();
    }

    /** What the work answered or threw; waits for it. */
    T result() {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Verdict.interrupted();
        }
    }

    @Override
    public void close() {
        hangup.hangUp();
        thread.interrupt();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
