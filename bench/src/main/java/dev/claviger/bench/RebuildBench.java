package dev.claviger.bench;

import dev.claviger.bench.Seeding.Connected;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.RunningClaviger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** All projections read all events again while agents fetch credentials and an admin opens pages. */
final class RebuildBench {

    private static final Duration LONGEST = Duration.ofMinutes(60);
    private static final int FETCHES_A_SECOND = 20;

    private final RunningClaviger claviger;
    private final List<Double> pages = new ArrayList<>();
    private final List<Long> memory = new ArrayList<>();
    private int failedPages;

    private RebuildBench(RunningClaviger claviger) {
        this.claviger = claviger;
    }

    static boolean run(Path jar, Path scratch, List<String> arguments) throws Exception {
        Options options = Options.parse(arguments, Set.of("events"));
        int events = options.number("events", 1_000_000);
        try (BenchDatabase database = BenchDatabase.start(scratch);
                DemoProvider provider = DemoProvider.start();
                Cluster cluster = new Cluster(jar, scratch, database)) {
            cluster.start(1, List.of());
            List<Connected> credentials = new Seeding(cluster.processes().get(0), provider).connect(2, 2);
            cluster.stop();
            long begin = System.nanoTime();
            new ManyEvents(database).fill(events);
            System.out.printf("%d events written in %d s%n", count(database), seconds(begin));

            cluster.start(1, List.of());
            RebuildBench bench = new RebuildBench(cluster.processes().get(0));
            AgentLoad.Seen seen;
            begin = System.nanoTime();
            try (AgentLoad agents = new AgentLoad(cluster, provider, credentials, FETCHES_A_SECOND)) {
                bench.rebuildAll();
                seen = agents.end();
            }
            return bench.report(count(database), Duration.ofNanos(System.nanoTime() - begin), seen);
        }
    }

    private static long count(BenchDatabase database) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return ManyEvents.number(statement, "select count(*) from app.domain_event");
        }
    }

    private static long seconds(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toSeconds();
    }

    private void rebuildAll() throws IOException, InterruptedException {
        for (JsonNode projection : projections()) {
            String name = projection.path("name").asString();
            claviger.admin("POST", "/api/v1/projections/" + name + "/rebuild", Map.of());
        }
        long end = System.nanoTime() + LONGEST.toNanos();
        while (isBehind() && System.nanoTime() < end) {
            open("/api/v1/connectors");
            open("/api/v1/audit?limit=50");
            memory.add(residentBytes());
            Thread.sleep(1_000);
        }
    }

    private JsonNode projections() throws IOException, InterruptedException {
        return claviger.admin("GET", "/api/v1/projections", null).path("items");
    }

    private boolean isBehind() throws IOException, InterruptedException {
        for (JsonNode projection : projections()) {
            if (projection.path("rebuilding").asBoolean()
                    || projection.path("read").asLong() < projection.path("of").asLong()) {
                return true;
            }
        }
        return false;
    }

    private void open(String path) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try {
            claviger.admin("GET", path, null);
            pages.add((System.nanoTime() - begin) / 1e6);
        } catch (RuntimeException refused) {
            failedPages++;
        }
    }

    /** Of the whole process, as the kernel counts; -1 where it does not say. */
    private long residentBytes() throws IOException {
        Path status = Path.of("/proc/" + claviger.pid() + "/status");
        if (!Files.exists(status)) {
            return -1;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        return -1;
    }

    private boolean report(long events, Duration took, AgentLoad.Seen seen) throws IOException, InterruptedException {
        Percentiles answers =
                new Percentiles(pages.stream().mapToDouble(Double::doubleValue).toArray());
        boolean kept = !isBehind() && failedPages == 0 && seen.unanswered() == 0 && seen.refusedByProvider() == 0;
        int projections = projections().size();
        System.out.printf(
                "%d projections, each from %d events, in %d s: %.0f events a second into all of them%n",
                projections, events, took.toSeconds(), events * 1e3 / took.toMillis());
        System.out.printf(
                "memory of the process   %d MiB after the first quarter, %d MiB at the end, at most %d MiB (heap limit 512 MiB)%n",
                mebibytes(memory.get(memory.size() / 4)),
                mebibytes(memory.get(memory.size() - 1)),
                mebibytes(memory.stream().mapToLong(Long::longValue).max().orElse(-1)));
        System.out.printf(
                "answers meanwhile       %d, p50 %.0f ms, p99 %.0f ms, %d failed%n",
                answers.count(), answers.at(0.5), answers.at(0.99), failedPages);
        System.out.printf(
                "agents meanwhile        %d answered, %d not, %d got what the provider refuses%n",
                seen.answered(), seen.unanswered(), seen.refusedByProvider());
        System.out.println(kept ? "PASSED" : "FAILED");
        return kept;
    }

    private static long mebibytes(long bytes) {
        return bytes / 1024 / 1024;
    }
}
