package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialCommand.ShredSecrets;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FreezeCommand.FreezeCredentials;
import dev.claviger.credentials.api.FreezeCommand.Thaw;
import dev.claviger.credentials.api.FreezeId;
import dev.claviger.credentials.api.FreezeRejected;
import dev.claviger.credentials.api.FreezeScope;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FreezeTest {

    private static final UsedBy AGENT = new UsedBy("agent:7", "headers", null);
    private static final UsedBy OTHER_AGENT = new UsedBy("agent:8", "headers", null);
    private static final String ISSUER = "https://as.test";

    private final CredentialId id = new CredentialId(UUID.randomUUID());
    private final MovableClock clock = new MovableClock();
    private final FakeProvider provider = new FakeProvider();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private DataSource database;
    private Node node;

    @BeforeEach
    void setUp() {
        database = TestDatabase.fresh();
        node = new Node(database, clock, provider, Map.of());
    }

    @AfterEach
    void tearDown() {
        threads.shutdownNow();
        node.close();
    }

    @Test
    void nothingFrozenIsHandedOutAndTheThawBringsBackExactlyWhatWas() {
        issue(id, ISSUER);
        FreezeId freeze = freeze(FreezeScope.everything());
        assertFrozenFor(AGENT);
        thaw(freeze);
        assertThat(node.fresh().fresh(id, AGENT).headerValue()).isEqualTo(Secret.of("Bearer access-1"));
        assertThat(provider.received).isEmpty();
        assertThat(uses()).isEqualTo(1);
        assertThat(node.events()).containsExactly("TokenIssued", "Frozen", "Thawed");
    }

    @Test
    void eachScopeCoversItsOwnAndNothingElse() {
        CredentialId other = new CredentialId(UUID.randomUUID());
        issue(id, ISSUER);
        issue(other, ISSUER + "/");
        FreezeId issuer = freeze(FreezeScope.issuer(ISSUER));
        assertFrozenFor(AGENT);
        assertThat(node.fresh().fresh(other, AGENT)).isNotNull();
        thaw(issuer);
        FreezeId credential = freeze(FreezeScope.credential(other));
        assertThat(node.fresh().fresh(id, AGENT)).isNotNull();
        assertThat(reason(other, AGENT)).isEqualTo(Reason.FROZEN);
        thaw(credential);
        freeze(FreezeScope.actor(AGENT.actor()));
        assertFrozenFor(AGENT);
        assertThat(node.fresh().fresh(id, OTHER_AGENT)).isNotNull();
    }

    @Test
    void coversACredentialThatComesIntoBeingLater() {
        freeze(FreezeScope.credential(id));
        issue(id, ISSUER);
        assertFrozenFor(AGENT);
    }

    @Test
    void ofTwoFreezesThawingOneLeavesTheOther() {
        issue(id, ISSUER);
        FreezeId everything = freeze(FreezeScope.everything());
        FreezeId twice = freeze(FreezeScope.everything());
        FreezeId agent = freeze(FreezeScope.actor(AGENT.actor()));
        thaw(everything);
        assertFrozenFor(OTHER_AGENT);
        thaw(twice);
        assertThat(node.fresh().fresh(id, OTHER_AGENT)).isNotNull();
        assertFrozenFor(AGENT);
        thaw(agent);
        assertThat(node.fresh().fresh(id, AGENT)).isNotNull();
    }

    @Test
    void aSecondFreezeOrThawOfTheSameIdChangesNothing() {
        issue(id, ISSUER);
        FreezeId freeze = freeze(FreezeScope.everything());
        node.commands()
                .sendAndWait(new FreezeCredentials(freeze, "everything", List.of(FreezeScope.everything()), "again"));
        thaw(freeze);
        thaw(freeze);
        node.commands()
                .sendAndWait(new FreezeCredentials(freeze, "everything", List.of(FreezeScope.everything()), "again"));
        assertThat(node.events()).containsExactly("TokenIssued", "Frozen", "Thawed");
        assertThat(node.fresh().fresh(id, AGENT)).isNotNull();
    }

    @Test
    void wantsAReasonAndAWholeScope() {
        assertRejected(new FreezeCredentials(
                new FreezeId(UUID.randomUUID()), "everything", List.of(FreezeScope.everything()), "  "));
        assertRejected(new FreezeCredentials(
                new FreezeId(UUID.randomUUID()),
                "issuer",
                List.of(new FreezeScope(FreezeScope.Kind.ISSUER, null)),
                "theft"));
        assertRejected(new Thaw(new FreezeId(UUID.randomUUID()), "never frozen"));
    }

    @Test
    void isNotRefreshedWhileFrozenNeitherAheadNorForAWaitingAgent() {
        issue(id, ISSUER);
        FreezeId freeze = freeze(FreezeScope.credential(id));
        clock.advance(Duration.ofHours(2));
        node.renewAhead(id, 1);
        assertFrozenFor(AGENT);
        assertThat(new CredentialTable(node.dataSource()).takeLease(id, 1, Duration.ofMinutes(1)))
                .isEmpty();
        assertThat(provider.received).isEmpty();
        thaw(freeze);
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
    }

    @Test
    void theSweepBeginsAgainAfterTheThawWhatWouldHaveBeenRefreshedMeanwhile() {
        issue(id, ISSUER, Duration.ofMinutes(4));
        FreezeId freeze = freeze(FreezeScope.everything());
        node.renewAhead(id, 1);
        assertThat(provider.received).isEmpty();
        node.jdbc().sql("delete from scheduled_tasks").update();
        node.jdbc()
                .sql("update credentials.credential set refresh_due_at = now() - interval '10 minutes'")
                .update();
        node.sweepRefreshes();
        assertThat(node.jdbc()
                        .sql("select count(*) from scheduled_tasks")
                        .query(Integer.class)
                        .single())
                .isZero();
        thaw(freeze);
        node.sweepRefreshes();
        node.startJobs();
        await(() -> node.events().contains("TokenRefreshed"));
        assertThat(provider.received).containsExactly("refresh-1");
    }

    @Test
    void aRefreshUnderWayIsSealedButNotHandedOut() {
        issue(id, ISSUER);
        clock.advance(Duration.ofHours(2));
        FreezeId[] freeze = new FreezeId[1];
        provider.meanwhile = () -> freeze[0] = freeze(FreezeScope.issuer(ISSUER));
        assertFrozenFor(AGENT);
        assertThat(node.events()).containsExactly("TokenIssued", "Frozen", "TokenRefreshed");
        assertThat(uses()).isZero();
        thaw(freeze[0]);
        assertThat(node.fresh().fresh(id, AGENT).headerValue()).isEqualTo(Secret.of("Bearer access-2"));
        assertThat(provider.received).containsExactly("refresh-1");
    }

    @Test
    void whatIsFrozenCanStillBeRevokedAndShredded() {
        issue(id, ISSUER);
        FreezeId freeze = freeze(FreezeScope.everything());
        node.commands().sendAndWait(new RevokeToken(id, "stolen"));
        node.commands().sendAndWait(new ShredSecrets(id, "told"));
        assertThat(reason(id, AGENT)).isEqualTo(Reason.REVOKED);
        thaw(freeze);
        assertThat(reason(id, AGENT)).isEqualTo(Reason.REVOKED);
    }

    /** The strict half of the promise: what is recorded as used was recorded before the freeze was there to be seen. */
    @Test
    void noUseIsRecordedAfterTheCommitOfAFreezeWhateverRuns() throws Exception {
        issue(id, ISSUER);
        try (Node other = new Node(database, clock, provider, Map.of())) {
            AtomicBoolean over = new AtomicBoolean();
            List<Future<Integer>> agents = IntStream.range(0, 8)
                    .mapToObj(n -> threads.submit(() -> hammer(n % 2 == 0 ? node : other, over)))
                    .toList();
            for (int round = 0; round < 20; round++) {
                awaitUseAfter(uses());
                FreezeId freeze = freeze(FreezeScope.everything());
                long atCommit = uses();
                awaitRefusal();
                assertThat(uses()).as("round " + round).isEqualTo(atCommit);
                thaw(freeze);
            }
            over.set(true);
            int answered = 0;
            for (Future<Integer> agent : agents) {
                answered += agent.get(30, TimeUnit.SECONDS);
            }
            assertThat(uses()).isEqualTo(answered);
        }
    }

    @Test
    void aProcessThatHangsWithTheGateInItsHandKeepsNoFreezeFromComing() throws Exception {
        issue(id, ISSUER);
        CountDownLatch passed = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Future<?> hanging = threads.submit(() -> node.oneTransaction().run(() -> {
            node.jdbc().sql("select credentials.pass_freeze_gate()").query().listOfRows();
            passed.countDown();
            assertThat(awaited(end)).isTrue();
        }));
        assertThat(passed.await(30, TimeUnit.SECONDS)).isTrue();
        freeze(FreezeScope.everything());
        assertFrozenFor(AGENT);
        end.countDown();
        hanging.get(30, TimeUnit.SECONDS);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private int hammer(Node at, AtomicBoolean over) {
        int answered = 0;
        while (!over.get()) {
            try {
                at.fresh().fresh(id, AGENT);
                answered++;
            } catch (CredentialUnavailable e) {
                assertThat(e.reason()).isEqualTo(Reason.FROZEN);
            }
        }
        return answered;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(50).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within the limit").isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void awaitUseAfter(long before) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (uses() <= before) {
            assertThat(System.nanoTime()).as("an agent is answered").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Long enough for whoever was at work to come to an end: each asks many times meanwhile. */
    private void awaitRefusal() {
        for (int i = 0; i < 10; i++) {
            assertFrozenFor(OTHER_AGENT);
        }
    }

    private void assertFrozenFor(UsedBy usedBy) {
        assertThat(reason(id, usedBy)).isEqualTo(Reason.FROZEN);
    }

    private Reason reason(CredentialId of, UsedBy usedBy) {
        return catchThrowableOfType(
                        CredentialUnavailable.class, () -> node.fresh().fresh(of, usedBy))
                .reason();
    }

    private void assertRejected(Object command) {
        assertThatExceptionOfType(FreezeRejected.class)
                .isThrownBy(() -> node.commands().sendAndWait(command));
    }

    private FreezeId freeze(FreezeScope scope) {
        FreezeId freeze = new FreezeId(UUID.randomUUID());
        node.commands().sendAndWait(new FreezeCredentials(freeze, "test", List.of(scope), "An incident"));
        return freeze;
    }

    private void thaw(FreezeId freeze) {
        node.commands().sendAndWait(new Thaw(freeze, "It is over"));
    }

    private long uses() {
        return node.jdbc()
                .sql("select count(*) from credentials.credential_use")
                .query(Long.class)
                .single();
    }

    private void issue(CredentialId credential, String issuer) {
        issue(credential, issuer, Duration.ofHours(1));
    }

    private void issue(CredentialId credential, String issuer, Duration lifetime) {
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                credential,
                                CredentialKind.OAUTH,
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                                node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of("refresh-1")),
                                null,
                                clock.instant().plus(lifetime),
                                "read",
                                issuer)));
    }
}
