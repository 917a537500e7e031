package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.TestDatabase;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.demoprovider.DemoProvider;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * One of two processes dies by SIGKILL in the steps of a refresh that {@link KilledProcessTest} cannot hit: before the
 * token request, between its answer and the save, and after the save. Locks in the database hold each where it is.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class KilledRefreshTest {

    /** The lease of the one who died must run out first. */
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private final TestDatabase.Fresh database = TestDatabase.fresh();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Refresh> refreshes = new ArrayList<>();
    private final Refresh toAsk = new Refresh("Not asked yet");
    private final Refresh toSave = new Refresh("Not saved yet");
    private final Refresh toSaveStrictly = new Refresh("Not saved yet, watched strictly");
    private final Refresh toHandOut = new Refresh("Not handed out yet");

    private ApplicationProcess survivor;
    private ApplicationProcess victim;
    private Claviger claviger;
    private Claviger dying;
    private Agent agent;

    /** A credential that is refreshed, with a provider of its own. */
    private final class Refresh {

        private final DemoProvider provider = DemoProvider.start();
        private final String name;
        private Connector connector;
        private String attempt;
        private String before;
        private CompletableFuture<Reply> waiting;

        Refresh(String name) {
            this.name = name;
            refreshes.add(this);
        }

        void connect() {
            connector = claviger.oauthConnector(name, provider.mcpUrl(), "shared");
            attempt = claviger.connectWithConsent(provider, connector, null);
            claviger.choose(agent, connector, "*");
            Claviger.until("the offer", () -> claviger.offered(agent).containsKey(connector.serverKey()));
            before = claviger.authorization(agent, connector);
        }

        void begin() throws SQLException {
            provider.expireAccessTokens();
            try (Connection connection = open();
                    PreparedStatement expire = connection.prepareStatement(
                            "update credentials.credential set expires_at = now() - interval '1 second'"
                                    + " where id = ?::uuid")) {
                expire.setString(1, attempt);
                assertThat(expire.executeUpdate()).isEqualTo(1);
            }
            waiting = CompletableFuture.supplyAsync(() -> dying.credential(agent, connector), threads);
        }

        long requests() {
            return provider.requests().stream()
                    .filter(request ->
                            "refresh_token".equals(request.formParameters().get("grant_type")))
                    .count();
        }

        Reply decided() {
            return Awaitility.await(name)
                    .atMost(RECOVERY)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                    .until(() -> claviger.credential(agent, connector), reply -> reply.status() != 503);
        }

        void isFresh(Reply reply) {
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            String now = reply.json().path("headers").path("Authorization").asString();
            assertThat(now).isNotEqualTo(before);
            assertThat(claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", now)))
                    .isEqualTo(200);
            assertThat(claviger.authorization(agent, connector)).isEqualTo(now);
        }

        List<String> historyUpTo(String event) {
            Awaitility.await(event).atMost(RECOVERY).until(() -> history().contains(event));
            return history();
        }

        private List<String> history() {
            return claviger.events("attempt=" + attempt);
        }
    }

    @BeforeAll
    void killInTheMiddleOfThem() throws Exception {
        int port = ApplicationProcess.freePort();
        survivor = start(port, port);
        victim = start(ApplicationProcess.freePort(), port);
        claviger = new Claviger(survivor.url());
        dying = new Claviger(victim.url());
        agent = claviger.agent("Survivor");
        refreshes.forEach(Refresh::connect);
        toSave.provider.knobs().reuseDetection = false;

        try (Connection uses = open();
                Connection rows = open();
                Connection grants = open()) {
            lock(uses, "lock table credentials.credential_use in access exclusive mode");
            toHandOut.begin();
            untilWaitingFor(uses, 1);

            CountDownLatch gate = new CountDownLatch(1);
            for (Refresh refresh : List.of(toSave, toSaveStrictly)) {
                refresh.provider.knobs().tokenEndpointGate = gate;
                refresh.begin();
                Claviger.until("the token request", () -> refresh.requests() == 1);
                lock(rows, "select 1 from credentials.credential where id = '" + refresh.attempt + "' for update");
            }
            gate.countDown();
            untilWaitingFor(rows, 2);

            lock(grants, "lock table oauth.authorization in access exclusive mode");
            toAsk.begin();
            untilWaitingFor(grants, 1);

            victim.kill();
        }
        for (Refresh refresh : refreshes) {
            assertThat(refresh.waiting.handle((reply, lost) -> lost != null).get(60, TimeUnit.SECONDS))
                    .as("%s: nobody was answered", refresh.name)
                    .isTrue();
        }
    }

    private ApplicationProcess start(int port, int publicPort) throws InterruptedException {
        return ApplicationProcess.begin(
                        database,
                        port,
                        "http://localhost:" + publicPort,
                        "--claviger.refresh.lease=20s",
                        "--claviger.refresh.time-limit=10s",
                        "--claviger.refresh.cool-down=1s")
                .ready();
    }

    @AfterAll
    void end() {
        threads.shutdownNow();
        victim.close();
        survivor.close();
        refreshes.forEach(refresh -> refresh.provider.close());
    }

    /** Nobody can know that the request never left, so it counts as a doubt; the provider has seen the token once. */
    @Test
    void theOldStateIsGoneOnWithWhereTheRequestHadNotLeft() {
        toAsk.isFresh(toAsk.decided());

        assertThat(toAsk.requests()).isEqualTo(1);
        assertThat(toAsk.historyUpTo("TokenRefreshed"))
                .containsSubsequence("RefreshInDoubt", "TokenRefreshed")
                .doesNotContain("RefreshRejected");
    }

    @Test
    void anAnswerThatWasNotSavedIsInDoubtAndAskedForOnceMore() {
        toSave.isFresh(toSave.decided());

        assertThat(toSave.requests()).isEqualTo(2);
        assertThat(toSave.historyUpTo("TokenRefreshed"))
                .containsSubsequence("RefreshInDoubt", "TokenRefreshed")
                .containsOnlyOnce("RefreshInDoubt", "TokenRefreshed");
    }

    @Test
    void anAnswerThatWasNotSavedIsSaidToBeLostWhereTheTokenWorksOnlyOnce() {
        Reply reply = toSaveStrictly.decided();

        assertThat(reply.status()).as(reply.body()).isEqualTo(409);
        assertThat(reply.json().path("detail").asString()).contains("The answer to a refresh was lost");
        assertThat(reply.body()).doesNotContain(toSaveStrictly.provider.secretsHandedOut());
        assertThat(toSaveStrictly.requests()).isEqualTo(2);
        assertThat(toSaveStrictly.historyUpTo("RefreshRejected"))
                .containsSubsequence("RefreshInDoubt", "RefreshRejected")
                .doesNotContain("TokenRefreshed");
    }

    @Test
    void whatWasSavedIsHandedOutByTheOther() {
        toHandOut.isFresh(toHandOut.decided());

        assertThat(toHandOut.requests()).isEqualTo(1);
        assertThat(toHandOut.historyUpTo("TokenRefreshed"))
                .containsOnlyOnce("TokenRefreshed")
                .doesNotContain("RefreshInDoubt", "RefreshRejected");
    }

    private static void lock(Connection connection, String statement) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement lock = connection.createStatement()) {
            lock.execute(statement);
        }
    }

    /** Until so many sessions stand behind a lock of this one. */
    private void untilWaitingFor(Connection holder, int sessions) throws SQLException {
        int pid = number(holder, "select pg_backend_pid()");
        try (Connection looking = open()) {
            Claviger.until(
                    "sessions behind the lock",
                    () -> number(
                                    looking,
                                    "select count(*) from pg_stat_activity where " + pid
                                            + " = any(pg_blocking_pids(pid))")
                            >= sessions);
        }
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    private Connection open() throws SQLException {
        return DriverManager.getConnection(database.url(), database.username(), database.password());
    }
}
