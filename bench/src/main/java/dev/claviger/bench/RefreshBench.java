package dev.claviger.bench;

import dev.claviger.bench.Seeding.Connected;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.RefreshCounts;
import dev.claviger.demoprovider.RunningClaviger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Many credentials come due within minutes at an authorization server that rotates refresh tokens and ends a grant when an
 * old one is shown again: on one process, on three of which one is killed in the middle, and as a naive system would do it.
 */
final class RefreshBench {

    private static final Duration LEAD = Duration.ofSeconds(10);
    /** A process that was killed leaves its lease, and its jobs to those who find them dead. */
    private static final Duration TAIL = Duration.ofMinutes(10);

    private static final int FETCHES_A_SECOND = 20;

    private final BenchDatabase database;
    private final DemoProvider provider;
    private final Cluster cluster;
    private final List<Connected> credentials;
    private final Duration within;

    private RefreshBench(
            BenchDatabase database,
            DemoProvider provider,
            Cluster cluster,
            List<Connected> credentials,
            Duration within) {
        this.database = database;
        this.provider = provider;
        this.cluster = cluster;
        this.credentials = credentials;
        this.within = within;
    }

    static boolean run(Path jar, Path scratch, List<String> arguments) throws Exception {
        Options options =
                Options.parse(arguments, Set.of("credentials", "within", "provider-delay", "naive-credentials"));
        int count = options.number("credentials", 10_000);
        Duration within = options.duration("within", Duration.ofMinutes(10));
        Duration delay = options.duration("provider-delay", Duration.ofMillis(50));
        int naive = options.number("naive-credentials", Math.max(1, count / 10));
        try (BenchDatabase database = BenchDatabase.start(scratch);
                DemoProvider provider = DemoProvider.start();
                Cluster cluster = new Cluster(jar, scratch, database)) {
            cluster.start(1, List.of());
            List<Connected> credentials = seed(count, cluster, provider);
            provider.knobs().tokenEndpointDelay = delay;
            RefreshBench bench = new RefreshBench(database, provider, cluster, credentials, within);
            System.out.printf(
                    "%n%d credentials due within %s, provider answers after %d ms, %d agent fetches a second%n",
                    credentials.size(), within.toString().substring(2), delay.toMillis(), FETCHES_A_SECOND);
            boolean one = bench.measure("one process", false);
            cluster.start(2, List.of());
            boolean three = bench.measure("three processes, one killed (SIGKILL) in the middle", true);
            cluster.stop();
            bench.measureNaive(naive, within.dividedBy(Math.max(1, credentials.size() / naive)));
            System.out.println(one && three ? "PASSED" : "FAILED");
            return one && three;
        }
    }

    /** Each agent has a credential of its own at each connector. */
    private static List<Connected> seed(int count, Cluster cluster, DemoProvider provider) throws Exception {
        int connectors = (int) Math.ceil(Math.sqrt(count));
        int agents = (count + connectors - 1) / connectors;
        long begin = System.nanoTime();
        List<Connected> connected = new Seeding(cluster.processes().get(0), provider).connect(agents, connectors);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.printf(
                "%d credentials through consent and code exchange in %d s: %.1f a second%n",
                connected.size(), took.toSeconds(), connected.size() * 1e3 / took.toMillis());
        return connected;
    }

    private boolean measure(String what, boolean killOne) throws Exception {
        RefreshCounts before = provider.refreshCounts();
        DueWindow window = new DueWindow(database, LEAD, within);
        long begin = System.nanoTime();
        AgentLoad.Seen seen;
        Duration took;
        try (AgentLoad agents = new AgentLoad(cluster, provider, credentials, FETCHES_A_SECOND)) {
            if (killOne) {
                Thread.sleep(LEAD.plus(within.dividedBy(2)).toMillis());
                RunningClaviger victim = cluster.processes().get(0);
                victim.kill();
            }
            await(window, begin);
            took = Duration.ofNanos(System.nanoTime() - begin).minus(LEAD);
            seen = agents.end();
        }
        return report(what, killOne, window, provider.refreshCounts().since(before), seen, took);
    }

    private void await(DueWindow window, long begin) throws SQLException, InterruptedException {
        long end = begin + LEAD.plus(within).plus(TAIL).toNanos();
        while (window.waiting() > 0 && System.nanoTime() < end) {
            Thread.sleep(500);
        }
    }

    private static boolean report(
            String what, boolean killed, DueWindow window, RefreshCounts counts, AgentLoad.Seen seen, Duration took)
            throws SQLException {
        DueWindow.Outcome outcome = window.outcome();
        // What the provider answered and nobody heard, because the process was dead by then, is the provider's to
        // forgive. Nobody else has such an excuse.
        long forgiven = killed ? outcome.inDoubt() : 0;
        long unheard = counts.refreshed() - outcome.once();
        boolean kept = outcome.untouched() == 0
                && outcome.more() == 0
                && outcome.twice() == 0
                && outcome.notActive() <= forgiven
                && counts.reused() <= forgiven
                && unheard >= 0
                && unheard <= forgiven
                && seen.unanswered() == 0
                && seen.refusedByProvider() == 0;
        System.out.printf("%n%s%n", what);
        speed(outcome.once(), window.credentials(), took, window.delays());
        System.out.printf(
                "  more than once        %d credentials, %d generations recorded twice%n",
                outcome.more(), outcome.twice());
        System.out.printf(
                "  lost                  %d, left undone %d, answers in doubt %d%n",
                outcome.notActive(), outcome.untouched(), outcome.inDoubt());
        load(counts);
        System.out.printf(
                "  agents                %d answered, %d not, %d got what the provider refuses, %d tries again%n",
                seen.answered(), seen.unanswered(), seen.refusedByProvider(), seen.repeated());
        return kept;
    }

    private void measureNaive(int count, Duration length) throws Exception {
        RefreshCounts before = provider.refreshCounts();
        NaiveRefreshes naive = new NaiveRefreshes(database, provider);
        naive.run(count, length, 3);
        RefreshCounts counts = provider.refreshCounts().since(before);
        Percentiles delays = naive.delays();
        System.out.printf("%nread, refresh, write on three nodes, %d credentials at the same rate%n", count);
        speed(delays.count(), count, naive.took(), delays);
        System.out.printf("  lost                  %d%n", counts.deadGrants());
        load(counts);
    }

    private static void speed(long refreshed, long credentials, Duration took, Percentiles delays) {
        System.out.printf(
                "  refreshed             %d of %d in %d s, %.1f a second%n",
                refreshed, credentials, took.toSeconds(), refreshed * 1e3 / took.toMillis());
        System.out.printf(
                "  after they were due   p50 %.2f s, p99 %.2f s, longest %.2f s%n",
                delays.at(0.5), delays.at(0.99), delays.at(1));
    }

    private static void load(RefreshCounts counts) {
        System.out.printf(
                "  the provider saw      %d refreshes, %d old tokens shown again, %d otherwise refused%n",
                counts.refreshed() + counts.reused() + counts.refused(), counts.reused(), counts.refused());
    }
}
