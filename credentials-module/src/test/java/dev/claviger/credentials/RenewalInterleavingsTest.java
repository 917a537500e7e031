package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.Later;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever asks at the end of a token, whenever and wherever: the authorization server hears of it once. */
@Timeout(120)
class RenewalInterleavingsTest {

    private static final UsedBy AGENT = new UsedBy("agent:7", "headers", "192.0.2.1");
    private static final int CASES = 12;

    private final MovableClock clock = new MovableClock();
    private final FakeProvider provider = new FakeProvider();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Node> nodes = new ArrayList<>();

    @BeforeEach
    void begin() {
        DataSource database = TestDatabase.fresh();
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node(database, clock, provider, Map.of()));
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdownNow();
        threads.awaitTermination(5, TimeUnit.SECONDS);
        nodes.forEach(Node::close);
    }

    /** A failure names its seed and case, with which the same callers come again. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 20_26, 7_1828, 31_4159})
    void oneRequestForAllCallersAtExpiry(long seed) throws Exception {
        for (int number = 0; number < CASES; number++) {
            check(new Random(seed * 1_000 + number), "seed " + seed + ", case " + number);
        }
    }

    private void check(Random random, String which) throws Exception {
        boolean byGrant = random.nextBoolean();
        CredentialId id = issue(byGrant);
        provider.received.clear();
        provider.delay = Duration.ofMillis(random.nextInt(60));
        int breaks = random.nextInt(4) == 0 ? 1 : 0;
        boolean expired = random.nextInt(4) > 0;
        clock.advance(expired ? Duration.ofHours(2) : Duration.ofMinutes(57));
        nodes.forEach(node -> node.breakEventStore(0));
        nodes.get(random.nextInt(nodes.size())).breakEventStore(breaks);
        List<Callable<FreshCredential>> callers = new ArrayList<>();
        for (int i = 2 + random.nextInt(20); i > 0; i--) {
            callers.add(caller(id, random));
        }

        List<Future<FreshCredential>> answers = threads.invokeAll(callers);

        for (Future<FreshCredential> answer : answers) {
            FreshCredential fresh = answer.get();
            assertThat(fresh.generation()).as(which).isEqualTo(2);
            assertThat(fresh.expiresAt()).as(which).isAfter(clock.instant());
        }
        assertThat(provider.received).as(which).containsExactly(byGrant ? "the grant" : "refresh-1");
        nodes.forEach(node -> node.breakEventStore(0));
    }

    /** On some node, some time before, during or after the renewal, with or without a 401 in hand. */
    private Callable<FreshCredential> caller(CredentialId id, Random random) {
        Node node = nodes.get(random.nextInt(nodes.size()));
        long pause = random.nextInt(90);
        boolean refused = random.nextInt(3) == 0;
        boolean asJob = random.nextInt(8) == 0;
        return () -> {
            Thread.sleep(pause);
            if (asJob) {
                renewAhead(node, id);
            }
            return refused
                    ? node.fresh().freshAfterRefusal(id, 1, AGENT)
                    : node.fresh().fresh(id, AGENT);
        };
    }

    private static void renewAhead(Node node, CredentialId id) {
        try {
            node.renewAhead(id, 1);
        } catch (Later e) {
            // Another is at it.
        }
    }

    private CredentialId issue(boolean byGrant) {
        CredentialId id = new CredentialId(UUID.randomUUID());
        provider.valid = "refresh-1";
        Node node = nodes.get(0);
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.OAUTH,
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                                byGrant ? null : node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of("refresh-1")),
                                null,
                                clock.instant().plus(Duration.ofHours(1)),
                                "read",
                                "https://as.test",
                                byGrant ? true : null,
                                null)));
        return id;
    }
}
