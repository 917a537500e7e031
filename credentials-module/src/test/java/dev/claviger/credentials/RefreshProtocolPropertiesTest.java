package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.DatabaseClock;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.Later;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever callers, nodes, clocks and the authorization server do to each other: no token set is refreshed twice, none is
 * handed out after a newer one or to the wrong one, none is lost but by an answer that really was. A failure names its
 * seed; {@code -Dclaviger.refresh.seeds=200} tries more of them.
 */
@Timeout(600)
class RefreshProtocolPropertiesTest {

    private static final UsedBy AGENT = new UsedBy("agent:7", "headers", "192.0.2.1");
    private static final int CALLERS = 6;
    private static final int CALLS = 25;
    private static final int CREDENTIALS = 4;
    private static final List<Duration> WRONG_CLOCKS =
            List.of(Duration.ZERO, Duration.ofHours(3), Duration.ofHours(-5));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Node> nodes = new ArrayList<>();
    private final List<DatabaseClock> clocks = new ArrayList<>();
    private final Queue<Future<?>> begun = new ConcurrentLinkedQueue<>();
    private final Map<CredentialId, Long> newest = new ConcurrentHashMap<>();
    private final Map<CredentialId, Boolean> revoked = new ConcurrentHashMap<>();
    private TreacherousProvider provider;

    @AfterEach
    void end() throws InterruptedException {
        provider.releaseTheDead();
        threads.shutdownNow();
        threads.awaitTermination(10, TimeUnit.SECONDS);
        nodes.forEach(Node::close);
        clocks.forEach(DatabaseClock::close);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("claviger.refresh.seeds", 3));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void keepsItsPromisesUnderEveryInterleaving(long seed) throws Exception {
        DataSource database = TestDatabase.fresh();
        provider = new TreacherousProvider(database, new Random(seed));
        for (Duration wrong : WRONG_CLOCKS) {
            DatabaseClock clock = new DatabaseClock(database, Clock.offset(Clock.systemUTC(), wrong));
            clocks.add(clock);
            nodes.add(new Node(database, clock, provider, quick()));
        }
        List<CredentialId> ids = new ArrayList<>();
        for (int i = 0; i < CREDENTIALS; i++) {
            ids.add(issue());
        }
        List<Callable<Void>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Random random = new Random(seed * 1_000 + i);
            callers.add(() -> {
                for (int call = 0; call < CALLS; call++) {
                    begin(ids.get(random.nextInt(CREDENTIALS)), random, "seed " + seed);
                }
                return null;
            });
        }

        for (Future<Void> caller : threads.invokeAll(callers)) {
            caller.get();
        }

        provider.behave();
        for (CredentialId id : ids) {
            settle(id, "seed " + seed);
        }
        provider.releaseTheDead();
        for (Future<?> one : begun) {
            one.get();
        }
        assertThat(provider.askedTwiceForNothing()).as("seed " + seed).isEmpty();
    }

    private static Map<String, Object> quick() {
        return Map.of(
                "claviger.refresh.time-limit", "2s",
                "claviger.refresh.cool-down", "20ms",
                "claviger.refresh.longest-cool-down", "60ms",
                "claviger.refresh.refusal-cool-down", "50ms",
                "claviger.refresh.rate", "1000");
    }

    /** One call, or the beginning of one whose node dies in the middle. */
    private void begin(CredentialId id, Random random, String which) throws Exception {
        Thread.sleep(random.nextInt(60));
        Node node = nodes.get(random.nextInt(nodes.size()));
        int what = random.nextInt(144);
        Future<?> call = threads.submit(() -> act(node, id, what, which));
        begun.add(call);
        try {
            call.get(3, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (!provider.hasLostAnswersOf(id)) {
                call.get(1, TimeUnit.MINUTES);
            }
        }
    }

    private void act(Node node, CredentialId id, int what, String which) {
        long seen = newest.getOrDefault(id, 1L);
        if (what == 0) {
            node.oneTransaction().run(() -> node.commands().sendAndWait(new RevokeToken(id, "removed")));
            revoked.put(id, true);
        } else if (what < 12) {
            renewAhead(node, id, seen);
        } else {
            fetch(node, id, what < 48 ? seen : 0, which);
        }
    }

    private static void renewAhead(Node node, CredentialId id, long generation) {
        try {
            node.renewAhead(id, generation);
        } catch (Later e) {
            // As the scheduler would: another time.
        }
    }

    private void fetch(Node node, CredentialId id, long refused, String which) {
        long before = newest.getOrDefault(id, 0L);
        boolean gone = revoked.containsKey(id);
        Instant began = Instant.now();
        FreshCredential fresh;
        try {
            fresh = refused == 0 ? node.fresh().fresh(id, AGENT) : node.fresh().freshAfterRefusal(id, refused, AGENT);
        } catch (CredentialUnavailable e) {
            return;
        }
        assertThat(gone).as(which + ", handed out after its revocation").isFalse();
        assertThat(fresh.headerValue().reveal())
                .as(which + ", whose it is")
                .contains(id.value().toString());
        assertThat(fresh.generation()).as(which + ", after a newer one").isGreaterThanOrEqualTo(before);
        assertThat(fresh.generation()).as(which + ", the refused one").isGreaterThan(refused);
        // Both clocks are this machine's, but the two are not read at the same moment.
        assertThat(fresh.expiresAt()).as(which + ", dead").isAfter(began.minusMillis(50));
        newest.merge(id, fresh.generation(), Math::max);
    }

    /** It is fresh again before long, or has ended for a reason that we can name. */
    private void settle(CredentialId id, String which) throws Exception {
        for (int i = 0; ; i++) {
            try {
                FreshCredential fresh = nodes.get(i % nodes.size()).fresh().fresh(id, AGENT);
                assertThat(fresh.generation()).as(which).isGreaterThanOrEqualTo(newest.getOrDefault(id, 1L));
                assertThat(revoked).as(which).doesNotContainKey(id);
                return;
            } catch (CredentialUnavailable e) {
                if (e.reason() == Reason.REVOKED) {
                    assertThat(revoked).as(which).containsKey(id);
                    return;
                }
                if (e.reason() == Reason.NEEDS_CONSENT) {
                    assertThat(provider.hasLostAnswersOf(id))
                            .as(which + ", lost for no reason")
                            .isTrue();
                    assertThat(e).as(which).hasMessageContaining("answer to a refresh was lost");
                    return;
                }
                Thread.sleep(20);
            }
        }
    }

    private CredentialId issue() {
        CredentialId id = new CredentialId(UUID.randomUUID());
        Node node = nodes.get(0);
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.OAUTH,
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-" + id.value() + "-0")),
                                node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of(provider.begin(id))),
                                null,
                                Instant.now().plusMillis(300),
                                "read",
                                "https://as.test")));
        return id;
    }
}
