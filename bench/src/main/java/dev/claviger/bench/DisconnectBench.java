package dev.claviger.bench;

import dev.claviger.bench.Seeding.Connected;
import dev.claviger.demoprovider.CheckFailed;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.RunningClaviger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToDoubleFunction;

/**
 * How soon a disconnect and a freeze hold on the other process: agents ask both processes for the credential as fast as
 * they can, one of the two is told to end it, and nobody who asks after its answer may be given it.
 */
final class DisconnectBench {

    /** What ends it, by the process that is told so. */
    private interface End {
        void by(RunningClaviger told) throws IOException, InterruptedException;
    }

    private static final Set<Integer> ENDED = Set.of(404, 409, 410);
    private static final Set<Integer> FROZEN = Set.of(423);

    private final List<RunningClaviger> processes;

    private DisconnectBench(List<RunningClaviger> processes) {
        this.processes = processes;
    }

    static boolean run(Path jar, Path scratch, List<String> arguments) throws Exception {
        Options options = Options.parse(arguments, Set.of("connections"));
        try (BenchDatabase database = BenchDatabase.start(scratch);
                DemoProvider provider = DemoProvider.start();
                Cluster cluster = new Cluster(jar, scratch, database)) {
            // The limit on one agent is not what is measured.
            cluster.start(2, List.of("--claviger.agents.calls-per-second=1000000"));
            List<Connected> connections =
                    new Seeding(cluster.processes().get(0), provider).connect(options.number("connections", 50), 1);
            return new DisconnectBench(cluster.processes()).measure(connections);
        }
    }

    private boolean measure(List<Connected> connections) throws Exception {
        System.out.printf(
                "%d connections, each asked for by %d threads on each of two processes until it ends%n",
                connections.size(), Pressure.THREADS);
        List<Pressure.Seen> freezes = new ArrayList<>();
        List<Pressure.Seen> disconnects = new ArrayList<>();
        for (int i = 0; i < connections.size(); i++) {
            Connected connection = connections.get(i);
            RunningClaviger told = processes.get(i % 2);
            RunningClaviger other = processes.get((i + 1) % 2);
            String freeze = UUID.randomUUID().toString();
            freezes.add(end(
                    connection,
                    told,
                    other,
                    FROZEN,
                    process -> process.admin(
                            "POST",
                            "/api/v1/freezes",
                            Map.of(
                                    "id",
                                    freeze,
                                    "subject",
                                    "agent:" + connection.agent().id(),
                                    "reason",
                                    "Measured"))));
            told.admin("POST", "/api/v1/freezes/" + freeze + "/thaw", Map.of("reason", "Measured"));
            disconnects.add(end(
                    connection,
                    told,
                    other,
                    ENDED,
                    process -> process.admin(
                            "POST",
                            "/api/v1/connectors/" + connection.connector().id() + "/disconnect?agentId="
                                    + connection.agent().id(),
                            null)));
        }
        return report("freeze", freezes) & report("disconnect", disconnects);
    }

    private static Pressure.Seen end(
            Connected connection, RunningClaviger told, RunningClaviger other, Set<Integer> expected, End end)
            throws Exception {
        try (Pressure pressure = new Pressure(connection, told, other)) {
            pressure.awaitHandOuts();
            long asked = System.nanoTime();
            end.by(told);
            Pressure.Seen seen = pressure.endedBetween(asked, System.nanoTime());
            if (!expected.containsAll(seen.refusals())) {
                throw new CheckFailed("Who asked afterwards was answered " + seen.refusals() + ", not " + expected);
            }
            return seen;
        }
    }

    private static boolean report(String what, List<Pressure.Seen> all) {
        Percentiles answers = percentiles(all, Pressure.Seen::answerMillis);
        Percentiles askedFor = percentiles(all, Pressure.Seen::lastAskedMillis);
        Percentiles arrived = percentiles(all, Pressure.Seen::lastArrivedMillis);
        long late = all.stream().mapToLong(Pressure.Seen::late).sum();
        System.out.printf("%n%s, %d times%n", what, all.size());
        System.out.printf(
                "  request to answer               p50 %.1f ms, longest %.1f ms%n", answers.at(0.5), answers.at(1));
        System.out.printf("  given to who asked afterwards   %d%n", late);
        System.out.printf(
                "  the other process's last        asked for at %+.1f ms, arrived at %+.1f ms from the answer at the latest%n",
                askedFor.at(1), arrived.at(1));
        return late == 0;
    }

    private static Percentiles percentiles(List<Pressure.Seen> all, ToDoubleFunction<Pressure.Seen> of) {
        return new Percentiles(all.stream().mapToDouble(of).toArray());
    }
}
