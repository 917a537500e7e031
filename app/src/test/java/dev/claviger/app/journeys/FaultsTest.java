package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of the database: every agent is answered, none gets a secret off the record, and nobody restarts us. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class FaultsTest {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    /** Pools and processors try again after pauses of their own. */
    private static final Duration RECOVERY = Duration.ofSeconds(120);

    private final OwnPostgres postgres = OwnPostgres.begin();
    private final DemoProvider provider = DemoProvider.start();
    private final DemoProvider later = DemoProvider.start();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Agent> agents = new ArrayList<>();

    private String publicUrl;
    private ApplicationProcess application;
    private Claviger claviger;
    private Connector connector;

    @BeforeAll
    void start() throws InterruptedException {
        int port = ApplicationProcess.freePort();
        publicUrl = "http://localhost:" + port;
        application = ApplicationProcess.begin(
                        postgres.database(), port, publicUrl, "--spring.datasource.hikari.connection-timeout=1000")
                .ready();
        claviger = new Claviger(application.url());
        connector = claviger.oauthConnector("Lasting", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        for (int i = 0; i < 4; i++) {
            Agent agent = claviger.agent("Steady");
            claviger.choose(agent, connector, "*");
            Claviger.until("the offer", () -> claviger.offered(agent).containsKey(connector.serverKey()));
            agents.add(agent);
        }
    }

    @AfterAll
    void stop() {
        threads.shutdownNow();
        application.close();
        postgres.close();
        provider.close();
        later.close();
    }

    @Test
    void aDatabaseThatIsRestartedUnderLoadCostsAgentsAMomentAndNobodyARecord() throws Exception {
        long before = uses();
        Browser browser = claviger.signedIn();
        AtomicBoolean over = new AtomicBoolean();
        Queue<Reply> replies = new ConcurrentLinkedQueue<>();
        List<Future<?>> hammers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Agent agent = agents.get(i % agents.size());
            hammers.add(threads.submit(() -> {
                while (!over.get()) {
                    replies.add(claviger.credential(agent, connector));
                }
            }));
        }
        Claviger.until("agents to be served", () -> count(replies, OK) > 50);

        postgres.stop();
        eventually("agents to be refused", () -> count(replies, UNAVAILABLE) > 24);
        long served = count(replies, OK);
        assertThat(claviger.call(null, "GET", "/actuator/health/liveness", null).status())
                .isEqualTo(OK);
        var page = browser.get("/connectors");
        assertThat(page.statusCode()).as(page.body()).isEqualTo(UNAVAILABLE);
        assertThat(page.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(page.headers().firstValue("Retry-After")).isPresent();
        assertThat(page.body()).contains("The database does not answer as it should");
        assertThat(count(replies, OK)).as("served without a database").isEqualTo(served);

        postgres.start();
        eventually("agents to be served again", () -> count(replies, OK) > served + 50);
        over.set(true);
        for (Future<?> hammer : hammers) {
            hammer.get(60, TimeUnit.SECONDS);
        }

        assertThat(replies).extracting(Reply::status).containsOnly(OK, UNAVAILABLE);
        assertThat(replies).filteredOn(reply -> reply.status() != OK).allSatisfy(this::isProblemWithoutSecret);
        assertThat(count(replies, OK)).isLessThanOrEqualTo(uses() - before);
        everythingWorks();
    }

    /** Jobs, projections and effects as well as hand-outs. */
    private void everythingWorks() {
        Connector another = claviger.oauthConnector("Afterwards", later.mcpUrl(), "shared");
        eventually("a connection", () -> {
            claviger.connectWithConsent(later, another, null);
            return true;
        });
        Agent agent = claviger.agent("Newcomer");
        eventually("tools", () -> !claviger.tools(another).isEmpty());
        claviger.choose(agent, another, "*");
        eventually("the offer", () -> claviger.offered(agent).containsKey(another.serverKey()));
        assertThat(claviger.credential(agent, another).status()).isEqualTo(OK);
    }

    /** The first has everybody wait for who they are, the others for what is written about them. */
    @ParameterizedTest
    @ValueSource(strings = {"connectors.agent_key", "connectors.agent_call", "credentials.credential_use"})
    void whoFindsNoConnectionIsToldToComeBack(String table) throws Exception {
        try (ApplicationProcess tiny = ApplicationProcess.begin(
                        postgres.database(),
                        ApplicationProcess.freePort(),
                        publicUrl,
                        "--spring.datasource.hikari.maximum-pool-size=3",
                        "--spring.datasource.hikari.connection-timeout=1000")
                .ready()) {
            Claviger there = new Claviger(tiny.url());
            eventually("the first answer", () -> served(there));
            long before = uses();

            List<Reply> replies;
            try (Connection outside = connection();
                    Statement statement = outside.createStatement()) {
                outside.setAutoCommit(false);
                statement.execute("lock table " + table + " in access exclusive mode");
                // Within a minute, which is how long the client waits: each bears two rounds of ten seconds.
                replies = atOnce(40, there);
                outside.rollback();
            }

            assertThat(told(table, replies)).allSatisfy(this::isProblemWithoutSecret);
            assertThat(replies).extracting(Reply::status).isSubsetOf(OK, UNAVAILABLE);
            eventually(
                    "everybody to be served", () -> atOnce(40, there).stream().allMatch(reply -> reply.status() == OK));
            assertThat(uses()).isGreaterThanOrEqualTo(before + 40);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"credentials.credential_use", "connectors.agent_call"})
    void aFullDiskUnderTheRecordKeepsTheSecretIn(String table) throws Exception {
        long before = uses();
        long refreshes = provider.count("POST", "/token");
        String generation = claviger.credential(agents.get(0), connector)
                .ok()
                .json()
                .path("generation")
                .asString();
        sql("create function public.disk_full() returns trigger language plpgsql as $$ begin"
                + " raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$");
        sql("create trigger full_disk before insert on " + table + " for each row execute function public.disk_full()");
        try {
            String path = "/api/v1/agent/connectors/" + connector.serverKey() + "/credential";
            String key = agents.get(0).key();
            List<Reply> replies = new ArrayList<>(atOnce(20, claviger));
            replies.add(claviger.call(key, "GET", path, null));
            replies.add(claviger.call(key, "GET", path, null));
            replies.add(claviger.call(key, "GET", path, null));
            replies.add(claviger.call(key, "GET", "/api/v1/agent/mcp.json", null));
            Reply renewed = claviger.call(key, "POST", path + "?refused=" + generation, null);

            List<Reply> told = told(table, replies);
            assertThat(told).hasSizeGreaterThan(5).allSatisfy(this::isProblemWithoutSecret);
            assertThat(replies)
                    .filteredOn(reply -> !told.contains(reply))
                    .as("who is written down elsewhere")
                    .allSatisfy(
                            reply -> assertThat(reply.status()).as(reply.body()).isEqualTo(OK));
            // A use, or a line if it cannot be renewed again so soon.
            if (table.equals("credentials.credential_use") || renewed.status() != OK) {
                isProblemWithoutSecret(renewed);
            }
            assertThat(application.log()).doesNotContain(provider.secretsHandedOut());
        } finally {
            sql("drop trigger full_disk on " + table);
            sql("drop function public.disk_full()");
        }

        assertThat(atOnce(20, claviger)).extracting(Reply::status).containsOnly(OK);
        assertThat(uses()).isGreaterThanOrEqualTo(before + 21);
        assertThat(provider.count("POST", "/token")).isLessThanOrEqualTo(refreshes + 1);
    }

    /** Those of {@link #atOnce} whose answers must wait for a line in this table: a credential has a use, and no line. */
    private static List<Reply> told(String table, List<Reply> replies) {
        return IntStream.range(0, replies.size())
                .filter(n -> !table.equals("connectors.agent_call") || asksForAll(n))
                .mapToObj(replies::get)
                .toList();
    }

    private static boolean asksForAll(int n) {
        return n % 4 == 3;
    }

    private void isProblemWithoutSecret(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(UNAVAILABLE);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
        assertThat(reply.json().path("detail").asString()).isNotBlank();
        assertThat(reply.body()).doesNotContain(provider.secretsHandedOut());
    }

    private boolean served(Claviger process) {
        return process.credential(agents.get(0), connector).status() == OK;
    }

    private List<Reply> atOnce(int calls, Claviger process) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Reply>> pending = IntStream.range(0, calls)
                .mapToObj(n -> threads.submit(() -> {
                    go.await();
                    Agent agent = agents.get(n % agents.size());
                    // Those who ask for one credential share a connection, who asks for all takes one of its own.
                    return asksForAll(n)
                            ? process.call(agent.key(), "GET", "/api/v1/agent/mcp.json", null)
                            : process.credential(agent, connector);
                }))
                .toList();
        go.countDown();
        List<Reply> replies = new ArrayList<>();
        for (Future<Reply> reply : pending) {
            replies.add(reply.get(90, TimeUnit.SECONDS));
        }
        return replies;
    }

    private static long count(Queue<Reply> replies, int status) {
        return replies.stream().filter(reply -> reply.status() == status).count();
    }

    private static void eventually(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(RECOVERY)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .until(condition);
    }

    private long uses() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from credentials.credential_use")) {
            count.next();
            return count.getLong(1);
        }
    }

    private void sql(String command) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private Connection connection() throws SQLException {
        var database = postgres.database();
        return DriverManager.getConnection(database.url(), database.username(), database.password());
    }
}
