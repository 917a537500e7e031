package dev.claviger.bench;

import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.DemoProvider.RegisteredClient;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What many systems do: read the row, refresh when it is due, write the row, on each of several nodes. The measure for
 * what a lease and a fence are worth.
 */
final class NaiveRefreshes {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BenchDatabase database;
    private final DemoProvider provider;
    private final RegisteredClient client;
    private final HttpClient http = HttpClient.newHttpClient();

    NaiveRefreshes(BenchDatabase database, DemoProvider provider) throws SQLException {
        this.database = database;
        this.provider = provider;
        this.client = provider.registerClient(URI.create("http://localhost/callback"));
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table public.naive (id bigint primary key, refresh_token text not null,"
                    + " due timestamptz not null, asked boolean not null default false, refreshed_at timestamptz)");
        }
    }

    /** Refreshes so many that come due within {@code length}, on so many nodes; answers when all have had their turn. */
    void run(int credentials, Duration length, int nodes) throws Exception {
        seed(credentials, length);
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                work.add(() -> {
                    node(length);
                    return null;
                });
            }
            for (Future<Void> node : threads.invokeAll(work)) {
                node.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** From when the first was due to when the last had new tokens for the first time. */
    Duration took() throws SQLException {
        double[] seconds = numbers(
                "select extract(epoch from max(refreshed_at) - min(due)) from public.naive having count(refreshed_at) > 0");
        return seconds.length == 0 ? Duration.ZERO : Duration.ofMillis((long) (seconds[0] * 1e3));
    }

    /** Seconds from when each refresh was due to when its new tokens were first written; what never was is not among them. */
    Percentiles delays() throws SQLException {
        return new Percentiles(numbers(
                "select extract(epoch from refreshed_at - due) from public.naive where refreshed_at is not null"));
    }

    private double[] numbers(String sql) throws SQLException {
        DoubleStream.Builder numbers = DoubleStream.builder();
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                numbers.add(rows.getDouble(1));
            }
        }
        return numbers.build().toArray();
    }

    private void seed(int credentials, Duration length) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement("insert into public.naive (id, refresh_token,"
                        + " due) values (?, ?, now() + make_interval(secs => random() * ?))")) {
            for (int i = 0; i < credentials; i++) {
                insert.setInt(1, i);
                insert.setString(2, provider.refreshTokenOf(client));
                insert.setDouble(3, length.toSeconds());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Looks once a second for what is due, as a timer would. */
    private void node(Duration length) throws Exception {
        long end = System.nanoTime() + length.plusSeconds(5).toNanos();
        try (Connection connection = database.connect()) {
            while (System.nanoTime() < end) {
                for (long id : due(connection)) {
                    refresh(connection, id);
                }
                Thread.sleep(1_000);
            }
        }
    }

    private static List<Long> due(Connection connection) throws SQLException {
        List<Long> due = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select id from public.naive where due < now() and not asked")) {
            while (rows.next()) {
                due.add(rows.getLong(1));
            }
        }
        return due;
    }

    private void refresh(Connection connection, long id) throws SQLException, IOException, InterruptedException {
        String token;
        try (PreparedStatement read =
                connection.prepareStatement("select refresh_token from public.naive where id = ? and not asked")) {
            read.setLong(1, id);
            try (ResultSet row = read.executeQuery()) {
                if (!row.next()) {
                    return;
                }
                token = row.getString(1);
            }
        }
        JsonNode answer = ask(token);
        String next = answer.path("refresh_token").asString(null);
        try (PreparedStatement write =
                connection.prepareStatement("update public.naive set refresh_token = coalesce(?, refresh_token),"
                        + " refreshed_at = case when ? then coalesce(refreshed_at, now()) else refreshed_at end,"
                        + " asked = true where id = ?")) {
            write.setString(1, next);
            write.setBoolean(2, next != null);
            write.setLong(3, id);
            write.executeUpdate();
        }
    }

    private JsonNode ask(String token) throws IOException, InterruptedException {
        String basic = Base64.getEncoder()
                .encodeToString((client.clientId() + ":" + client.clientSecret()).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(provider.issuer() + "/token"))
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=refresh_token&refresh_token="
                                + URLEncoder.encode(token, StandardCharsets.UTF_8)
                                + "&resource="
                                + URLEncoder.encode(provider.mcpUrl().toString(), StandardCharsets.UTF_8)))
                        .build(),
                BodyHandlers.ofString());
        return JSON.readTree(answer.body());
    }
}
