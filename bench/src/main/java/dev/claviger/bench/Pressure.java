package dev.claviger.bench;

import dev.claviger.bench.Seeding.Connected;
import dev.claviger.demoprovider.CheckFailed;
import dev.claviger.demoprovider.RunningClaviger;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One credential asked for on two processes as fast as they answer, until some time after it was ended. */
final class Pressure implements AutoCloseable {

    /**
     * What the askers saw, measured by their own clock.
     *
     * @param answerMillis from the request to end it to its answer
     * @param lastAskedMillis from that answer to the last request to the other process that was given the credential;
     *     negative: the request began before the answer
     * @param lastArrivedMillis the same to when the credential arrived
     * @param late how many requests to either process were given it although they began after the answer
     * @param refusals the other answers that came after the first hand-out
     */
    record Seen(
            double answerMillis, double lastAskedMillis, double lastArrivedMillis, long late, Set<Integer> refusals) {}

    /** Of the requests of one asker that were given the credential. */
    private record Given(long lastAsked, long lastArrived, long late, Set<Integer> refusals) {}

    /** On each process. */
    static final int THREADS = 4;

    private static final int ASKED_AFTERWARDS = 10;

    private final Connected connection;
    private final ExecutorService threads = Executors.newFixedThreadPool(2 * THREADS);
    private final CountDownLatch handedOut = new CountDownLatch(2 * THREADS);
    private final AtomicLong ended = new AtomicLong(Long.MAX_VALUE);
    private final List<Future<Given>> told = new ArrayList<>();
    private final List<Future<Given>> other = new ArrayList<>();

    Pressure(Connected connection, RunningClaviger told, RunningClaviger other) {
        this.connection = connection;
        for (int i = 0; i < THREADS; i++) {
            this.told.add(threads.submit(() -> ask(told.address())));
            this.other.add(threads.submit(() -> ask(other.address())));
        }
    }

    /** Until every asker was given it once. */
    void awaitHandOuts() throws InterruptedException {
        if (!handedOut.await(60, TimeUnit.SECONDS)) {
            throw new CheckFailed("Not everybody was given the credential before its end");
        }
    }

    /**
     * Lets the askers finish.
     *
     * @param asked when it was asked to end the credential, by {@link System#nanoTime}
     * @param answered when that was answered
     */
    Seen endedBetween(long asked, long answered) throws Exception {
        ended.set(answered);
        long late = 0;
        Set<Integer> refusals = new TreeSet<>();
        for (Future<Given> asker : told) {
            late += asker.get().late();
            refusals.addAll(asker.get().refusals());
        }
        long lastAsked = Long.MIN_VALUE;
        long lastArrived = Long.MIN_VALUE;
        for (Future<Given> asker : other) {
            late += asker.get().late();
            refusals.addAll(asker.get().refusals());
            lastAsked = Math.max(lastAsked, asker.get().lastAsked() - answered);
            lastArrived = Math.max(lastArrived, asker.get().lastArrived() - answered);
        }
        return new Seen((answered - asked) / 1e6, lastAsked / 1e6, lastArrived / 1e6, late, refusals);
    }

    private Given ask(URI process) throws Exception {
        String path = "/api/v1/agent/connectors/" + connection.connector().serverKey() + "/credential";
        String key = "Authorization: Bearer " + connection.agent().key() + "\r\n";
        try (HttpLine line = new HttpLine(process, "POST", path, key)) {
            long lastAsked = 0;
            long lastArrived = 0;
            long late = 0;
            boolean given = false;
            Set<Integer> refusals = new TreeSet<>();
            for (int afterwards = 0; afterwards < ASKED_AFTERWARDS; ) {
                long begun = System.nanoTime();
                boolean after = begun > ended.get();
                afterwards += after ? 1 : 0;
                int status = line.exchange();
                if (status == 200) {
                    lastAsked = begun;
                    lastArrived = System.nanoTime();
                    late += after ? 1 : 0;
                    if (!given) {
                        handedOut.countDown();
                    }
                    given = true;
                } else if (given) {
                    refusals.add(status);
                }
            }
            return new Given(lastAsked, lastArrived, late, refusals);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
