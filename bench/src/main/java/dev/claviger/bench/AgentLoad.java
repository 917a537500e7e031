package dev.claviger.bench;

import dev.claviger.bench.Seeding.Connected;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.RunningClaviger;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Agents that fetch credentials at a steady rate and show each to the provider. A process that does not answer is what a
 * load balancer hides: the next one is asked.
 */
final class AgentLoad implements AutoCloseable {

    /**
     * What the agents saw.
     *
     * @param answered fetches that got a credential
     * @param unanswered fetches that got none within the patience
     * @param refusedByProvider credentials that the provider did not take
     * @param repeated tries that were made again with another process
     */
    record Seen(long answered, long unanswered, long refusedByProvider, long repeated) {}

    private static final int AGENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final DemoProvider provider;
    private final List<Connected> credentials;
    private final long pauseMillis;
    private final ExecutorService threads = Executors.newFixedThreadPool(AGENTS);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private volatile boolean running = true;

    /** @param perSecond fetches of all agents together */
    AgentLoad(Cluster cluster, DemoProvider provider, List<Connected> credentials, int perSecond) {
        this.cluster = cluster;
        this.provider = provider;
        this.credentials = credentials;
        this.pauseMillis = 1_000L * AGENTS / perSecond;
        for (int i = 0; i < AGENTS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            threads.execute(() -> keepFetching(random));
        }
    }

    private void keepFetching(SplittableRandom random) {
        try {
            while (running) {
                fetch(credentials.get(random.nextInt(credentials.size())), random);
                Thread.sleep(pauseMillis);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void fetch(Connected wanted, SplittableRandom random) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            List<RunningClaviger> alive = cluster.processes();
            try {
                RunningClaviger.Answer answer = alive.get(random.nextInt(alive.size()))
                        .call(
                                wanted.agent().key(),
                                "POST",
                                "/api/v1/agent/connectors/" + wanted.connector().serverKey() + "/credential",
                                Map.of());
                if (answer.status() == 200) {
                    answered.incrementAndGet();
                    show(answer);
                    return;
                }
            } catch (IOException died) {
                // The next process is asked.
            }
            repeated.incrementAndGet();
            Thread.sleep(100);
        }
        unanswered.incrementAndGet();
    }

    private void show(RunningClaviger.Answer answer) {
        String value = answer.json().path("headers").path("Authorization").asString("");
        if (!provider.accepts(value.substring(value.indexOf(' ') + 1))) {
            refused.incrementAndGet();
        }
    }

    /** Ends the load and says what it saw. */
    Seen end() throws InterruptedException {
        running = false;
        threads.shutdown();
        threads.awaitTermination(PATIENCE.toSeconds() + 30, TimeUnit.SECONDS);
        return new Seen(answered.get(), unanswered.get(), refused.get(), repeated.get());
    }

    @Override
    public void close() {
        running = false;
        threads.shutdownNow();
    }
}
