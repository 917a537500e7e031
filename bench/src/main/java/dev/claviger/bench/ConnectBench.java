package dev.claviger.bench;

import dev.claviger.demoprovider.DemoProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** How many connections a second: discovery, consent, code exchange, sealing, each through the API. */
final class ConnectBench {

    private ConnectBench() {}

    static boolean run(Path jar, Path scratch, List<String> arguments) throws Exception {
        Options options = Options.parse(arguments, Set.of("agents", "connectors"));
        int agents = options.number("agents", 20);
        int connectors = options.number("connectors", 10);
        try (BenchDatabase database = BenchDatabase.start(scratch);
                DemoProvider provider = DemoProvider.start();
                Cluster cluster = new Cluster(jar, scratch, database)) {
            cluster.start(1, List.of());
            long begin = System.nanoTime();
            int connected = new Seeding(cluster.processes().get(0), provider)
                    .connect(agents, connectors)
                    .size();
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            System.out.printf(
                    "%d connections in %.1f s: %.1f a second%n",
                    connected, took.toMillis() / 1e3, connected * 1e3 / took.toMillis());
            return connected == agents * connectors;
        }
    }
}
