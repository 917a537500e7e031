package dev.claviger.bench;

import dev.claviger.bench.Load.Line;
import dev.claviger.bench.Load.Lines;
import dev.claviger.bench.Load.Result;
import dev.claviger.bench.Seeding.Connected;
import dev.claviger.demoprovider.CheckFailed;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.RunningClaviger;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The fresh-credential path against its own floor: the same row by JDBC, a constant of the same server, the credential, and
 * “still valid”. All four take turns, so that whatever else the machine does meets them alike.
 */
final class CredentialsBench {

    private enum Kind {
        SELECT("SELECT of the row, JDBC"),
        CONSTANT("a constant, GET /api/v1/ping"),
        CREDENTIAL("a fresh credential"),
        STILL_VALID("still valid (304)");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private static final int[] LEVELS = {1, 8, 64};
    private static final int FULL = 64;
    private static final double LEAST_SHARE = 0.6;
    private static final double MOST_LATENCY = 3;
    /** The heap fills up to its limit once; after that nothing may be added. */
    private static final double MOST_GROWTH = 1.05;

    private final RunningClaviger claviger;
    private final BenchDatabase database;
    private final List<Connected> agents;
    private final AtomicLong handedOut = new AtomicLong();
    private final Map<String, String> owners = new ConcurrentHashMap<>();

    private CredentialsBench(RunningClaviger claviger, BenchDatabase database, List<Connected> agents) {
        this.claviger = claviger;
        this.database = database;
        this.agents = agents;
    }

    static boolean run(Path jar, Path scratch, List<String> arguments) throws Exception {
        Options options = Options.parse(
                arguments, Set.of("assert", "agents", "rounds", "round", "warm-up", "soak", "connections"));
        try (BenchDatabase database = BenchDatabase.start(scratch);
                DemoProvider provider = DemoProvider.start();
                Cluster cluster = new Cluster(jar, scratch, database)) {
            // The limit on one agent is not what is measured.
            cluster.start(1, List.of("--claviger.agents.calls-per-second=1000000"));
            RunningClaviger claviger = cluster.processes().get(0);
            List<Connected> agents = new Seeding(claviger, provider).connect(options.number("agents", FULL), 1);
            boolean reached = new CredentialsBench(claviger, database, agents).measure(options);
            return reached || !options.has("assert");
        }
    }

    private boolean measure(Options options) throws Exception {
        Duration round = options.duration("round", Duration.ofSeconds(5));
        System.out.println("Warming up ...");
        for (Kind kind : Kind.values()) {
            Load.run(lines(kind), FULL, Duration.ZERO, options.duration("warm-up", Duration.ofSeconds(40)));
        }
        System.out.printf("%n%-32s %12s %12s %10s %10s%n", "", "connections", "a second", "p50 ms", "p99 ms");
        Map<Kind, Result> full = new EnumMap<>(Kind.class);
        int only = options.number("connections", 0);
        for (int level : only == 0 ? LEVELS : new int[] {only}) {
            Map<Kind, Result> results = level(level, options.number("rounds", 3), round);
            results.forEach((kind, result) -> System.out.printf(
                    "%-32s %12d %12.0f %10.2f %10.2f%n",
                    kind.words, level, result.perSecond(), result.percentile(0.5), result.percentile(0.99)));
            full = results;
        }
        boolean fast = verdict(full);
        boolean flat = soak(options.duration("soak", Duration.ofSeconds(60)));
        return recorded() & fast & flat;
    }

    private Map<Kind, Result> level(int connections, int rounds, Duration round) throws Exception {
        Map<Kind, List<Result>> results = new EnumMap<>(Kind.class);
        for (int i = 0; i < rounds; i++) {
            for (Kind kind : Kind.values()) {
                results.computeIfAbsent(kind, none -> new ArrayList<>())
                        .add(Load.run(lines(kind), connections, Duration.ofMillis(500), round));
            }
        }
        Map<Kind, Result> whole = new EnumMap<>(Kind.class);
        results.forEach((kind, parts) -> whole.put(kind, Result.together(parts)));
        return whole;
    }

    private static boolean verdict(Map<Kind, Result> results) {
        Result constant = Objects.requireNonNull(results.get(Kind.CONSTANT));
        Result credential = Objects.requireNonNull(results.get(Kind.CREDENTIAL));
        double share = credential.perSecond() / constant.perSecond();
        double latency = credential.percentile(0.99) / constant.percentile(0.99);
        System.out.printf(
                "%nAt %d connections: %.0f %% of the constant's throughput (target: at least %.0f %%): %s%n",
                FULL, share * 100, LEAST_SHARE * 100, share >= LEAST_SHARE ? "reached" : "MISSED");
        System.out.printf(
                "At %d connections: p99 %.2f times the constant's (target: below %.0f): %s%n",
                FULL, latency, MOST_LATENCY, latency < MOST_LATENCY ? "reached" : "MISSED");
        return share >= LEAST_SHARE && latency < MOST_LATENCY;
    }

    /** Under full load for a while, watching what the process holds. */
    private boolean soak(Duration length) throws Exception {
        Memory memory = new Memory(claviger.pid());
        long slices = Math.max(6, length.toSeconds() / 5);
        for (int i = 0; i < slices; i++) {
            Load.run(lines(Kind.CREDENTIAL), FULL, Duration.ZERO, length.dividedBy(slices));
            memory.sample();
        }
        if (!memory.isKnown()) {
            System.out.println("Memory: not known on this system");
            return true;
        }
        double growth = memory.most(2) / memory.most(1);
        System.out.printf(
                "Memory under full load (resident, MB, by thirds of %d s): %.0f, %.0f, %.0f (target: flat, last third at most"
                        + " %.0f %% above the one before): %s%n",
                length.toSeconds(),
                memory.most(0),
                memory.most(1),
                memory.most(2),
                (MOST_GROWTH - 1) * 100,
                growth <= MOST_GROWTH ? "reached" : "MISSED");
        return growth <= MOST_GROWTH;
    }

    /** No use record, no secret: there are at least as many uses as there were answers. */
    private boolean recorded() throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement count = connection.prepareStatement(
                        "select count(*) from credentials.credential_use where used_by like 'agent:%'");
                ResultSet rows = count.executeQuery()) {
            rows.next();
            boolean all = rows.getLong(1) >= handedOut.get();
            System.out.printf(
                    "%d answers, %d uses on record: %s%n",
                    handedOut.get(), rows.getLong(1), all ? "none missing" : "SOME MISSING");
            return all;
        }
    }

    private Lines lines(Kind kind) {
        return switch (kind) {
            case SELECT -> this::select;
            case CONSTANT -> this::constant;
            case CREDENTIAL -> number -> credential(number, false);
            case STILL_VALID -> number -> credential(number, true);
        };
    }

    private Connected agent(int number) {
        return agents.get(number % agents.size());
    }

    private Line select(int number) throws SQLException {
        Connection connection = database.connect();
        PreparedStatement statement =
                connection.prepareStatement("select id, kind, state, generation, access_id, header_name, expires_at"
                        + " from credentials.credential where id = ?");
        UUID id = UUID.fromString(agent(number).attempt());
        return new Line() {
            @Override
            public void ask() throws SQLException {
                statement.setObject(1, id);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next() || !"ACTIVE".equals(row.getString("state"))) {
                        throw new CheckFailed("The row of " + id + " is gone");
                    }
                }
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }

    private Line constant(int number) throws IOException {
        return asking(new HttpLine(address(), "GET", "/api/v1/ping", ""), 200, false);
    }

    /** Every connection is an agent of its own and is given its own token, whatever the others are given. */
    private Line credential(int number, boolean known) throws IOException {
        Connected agent = agent(number);
        String path = "/api/v1/agent/connectors/" + agent.connector().serverKey() + "/credential";
        String key = "Authorization: Bearer " + agent.agent().key() + "\r\n";
        String tag;
        try (HttpLine first = new HttpLine(address(), "GET", path, key)) {
            expect(200, first);
            tag = first.entityTag();
            String answer = new String(first.body(), StandardCharsets.UTF_8);
            if (!owners.computeIfAbsent(answer, none -> agent.attempt()).equals(agent.attempt())) {
                throw new CheckFailed("Two agents were given the same credential");
            }
        }
        if (!known) {
            return asking(new HttpLine(address(), "GET", path, key), 200, true);
        }
        return asking(new HttpLine(address(), "GET", path, key + "If-None-Match: " + tag + "\r\n"), 304, true);
    }

    private Line asking(HttpLine http, int status, boolean counted) {
        return new Line() {
            private byte[] before = new byte[0];

            @Override
            public void ask() throws IOException {
                expect(status, http);
                if (before.length > 0 && !Arrays.equals(before, http.body())) {
                    throw new CheckFailed("A connection was answered something else than before");
                }
                before = http.body();
                if (counted) {
                    handedOut.incrementAndGet();
                }
            }

            @Override
            public void close() throws IOException {
                http.close();
            }
        };
    }

    private void expect(int status, HttpLine http) throws IOException {
        int answered = http.exchange();
        if (answered != status) {
            throw new CheckFailed("Answered " + answered + " instead of " + status);
        }
    }

    private URI address() {
        return claviger.address();
    }
}
