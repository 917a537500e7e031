package dev.claviger.bench.canary;

import dev.claviger.bench.BenchDatabase;
import dev.claviger.bench.canary.Sweep.Area;
import dev.claviger.demoprovider.CheckFailed;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Drive;
import dev.claviger.demoprovider.RunningClaviger;
import dev.claviger.demoprovider.RunningClaviger.Start;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the packaged application through its journeys with secrets that are known, then searches everything that outlives a
 * request for them. A decoy that is no secret is put into every kind of place: if the search does not find it everywhere,
 * its silence about the secrets proves nothing, and the run has failed.
 */
public final class Canary {

    /** Every statement with its parameters: no row and no question to the database passes unseen. */
    private static final Map<String, String> LOG_STATEMENTS = Map.of(
            "log_statement",
            "all",
            "logging_collector",
            "on",
            "log_directory",
            "log",
            "log_filename",
            "statements.log",
            "log_rotation_size",
            "0",
            "log_rotation_age",
            "0");

    private final Path scratch;
    private final BenchDatabase database;
    private final Planted planted = new Planted();
    private final String adminToken = RunningClaviger.newAdminToken();

    private Canary(Path scratch, BenchDatabase database) {
        this.scratch = scratch;
        this.database = database;
    }

    /** @return whether no secret was found, and the search can be trusted */
    public static boolean run(Path jar, Path scratch, List<String> options) throws Exception {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("canary takes no options");
        }
        try (BenchDatabase database = BenchDatabase.startKeepingFiles(scratch, LOG_STATEMENTS)) {
            return new Canary(scratch, database).search(jar);
        }
    }

    private boolean search(Path jar) throws Exception {
        Sweep sweep;
        try (DemoProvider provider = DemoProvider.start();
                RunningClaviger claviger = RunningClaviger.begin(start(jar)).ready()) {
            Journeys journeys = new Journeys(claviger, adminToken, planted);
            try {
                journeys.travel(provider);
                plantDecoys(claviger, provider);
                settle(claviger);
            } catch (CheckFailed failed) {
                throw new CheckFailed(failed.getMessage() + "\nThe end of the log:\n" + claviger.endOfLog());
            }
            Needles needles = planted.needles();
            needles.add("the admin's token", adminToken);
            sweep = new Sweep(needles);
            sweep.look(
                    Area.COMMAND_LINE,
                    "command line",
                    ProcessHandle.of(claviger.pid())
                            .flatMap(process -> process.info().commandLine())
                            .orElse(""));
            long begin = System.nanoTime();
            journeys.answers().forEach(answer -> sweep.look(Area.API, answer.request(), answer.body()));
            openEverything(claviger, sweep);
            System.out.printf("%7.2f s  every answer and page%n", (System.nanoTime() - begin) / 1e9);
        }
        List<String> tables;
        try (Connection connection = database.connect()) {
            tables = new Rows(connection).sweep(sweep);
        }
        lookAtFiles(sweep);
        Verdict verdict = Verdict.of(sweep, tables);
        System.out.println();
        System.out.println("planted: " + planted.counts());
        verdict.lines().forEach(System.out::println);
        return verdict.passed();
    }

    private Start start(Path jar) throws IOException {
        Path temporary = Files.createDirectories(scratch.resolve("tmp"));
        return new Start(
                jar,
                scratch,
                0,
                null,
                adminToken,
                List.of("-Xmx512m", "-Djava.io.tmpdir=" + temporary),
                List.of(
                        "--spring.datasource.url=" + database.url(),
                        "--spring.datasource.username=" + BenchDatabase.USER,
                        // Stands in every line of the log.
                        "--spring.application.name=claviger-" + planted.decoy(),
                        // So that the deletion of a client is among the journeys.
                        "--claviger.oauth.keep-unused-client=1s",
                        "--logging.level.dev.claviger=TRACE",
                        "--logging.level.org.axonframework=INFO",
                        "--logging.level.org.axonframework.eventhandling.pooled=INFO",
                        "--logging.level.com.github.kagkarlsson.scheduler=INFO"),
                Map.of(
                        "CLAVIGER_VAULT_MASTER_KEY",
                        planted.masterKey(),
                        "CLAVIGER_ADMIN_PASSWORD",
                        planted.password()));
    }

    /** A name goes everywhere a secret must not go: events, projections, pages, answers, exports. */
    private void plantDecoys(RunningClaviger claviger, DemoProvider provider)
            throws IOException, InterruptedException, SQLException {
        new Drive(claviger).oauthConnector("Named " + planted.decoy(), provider.mcpUrl(), "shared");
        byte[] bytes = planted.decoy().getBytes(StandardCharsets.UTF_8);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create schema canary");
            statement.execute("create table canary.decoy (as_bytes bytea, as_base64 text)");
            try (PreparedStatement insert = connection.prepareStatement("insert into canary.decoy values (?, ?)")) {
                insert.setBytes(1, bytes);
                insert.setString(
                        2,
                        Base64.getEncoder().encodeToString(("x" + planted.decoy()).getBytes(StandardCharsets.UTF_8)));
                insert.execute();
            }
        }
        Files.write(Files.createDirectories(scratch.resolve("data")).resolve("decoy"), bytes);
    }

    /** Until no job is due and every projection has read every event. */
    private void settle(RunningClaviger claviger) throws IOException, InterruptedException, SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            Drive.until("jobs to be done", () -> due(statement) == 0);
        }
        Drive.until(
                "projections to catch up",
                () -> claviger.admin("GET", "/api/v1/projections", null)
                        .path("items")
                        .valueStream()
                        .allMatch(projection -> projection.path("read").asLong()
                                >= projection.path("of").asLong()));
    }

    private static long due(Statement statement) {
        try (ResultSet count = statement.executeQuery(
                "select count(*) from app.scheduled_tasks where execution_time < now() + interval '1 second'")) {
            count.next();
            return count.getLong(1);
        } catch (SQLException e) {
            throw new CheckFailed("The jobs cannot be counted: " + e.getMessage());
        }
    }

    private void openEverything(RunningClaviger claviger, Sweep sweep) throws IOException, InterruptedException {
        List<String> first =
                new ArrayList<>(List.of("/", "/help", "/receipts", "/forecast.ics", "/audit/export.jsonl"));
        for (String id : new ApiAnswers(claviger, adminToken).sweep(sweep)) {
            first.add("/connections/" + id);
            first.add("/connections/" + id + "/trace");
            first.add("/connections/" + id + "/receipt");
        }
        Pages pages = new Pages(claviger.address());
        pages.signIn("admin", planted.password());
        pages.sweep(sweep, first);
    }

    /** Of the application, which has ended, and of its database, which is stopped: what they wrote. */
    private void lookAtFiles(Sweep sweep) throws IOException, InterruptedException {
        Path ofDatabase = BenchDatabase.directory(scratch);
        // While it runs, files come and go.
        database.close();
        Drive.until("the database to stop", () -> !Files.exists(ofDatabase.resolve("postmaster.pid")));
        Path programs = scratch.resolve("pgbin");
        List<Path> files;
        try (Stream<Path> all = Files.walk(scratch)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(programs))
                    .toList();
        }
        for (Path file : files) {
            sweep.look(area(file, ofDatabase), file, scratch.relativize(file).toString());
        }
    }

    private Area area(Path file, Path ofDatabase) {
        if (file.startsWith(ofDatabase.resolve("log"))) {
            return Area.STATEMENTS;
        }
        if (file.startsWith(ofDatabase)) {
            return Area.DATABASE_FILES;
        }
        return scratch.equals(file.getParent()) && file.toString().endsWith(".log") ? Area.LOG : Area.FILES;
    }
}
