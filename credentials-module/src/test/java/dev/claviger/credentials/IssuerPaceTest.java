package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claviger.credentials.Refreshes.NotNow;
import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.vault.RefreshOutcome;
import dev.claviger.credentials.vault.TokenRefresher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many credentials of one authorization server, and two nodes that share what it bears. */
@Timeout(120)
class IssuerPaceTest {

    private static final UsedBy AGENT = new UsedBy("agent:7", "headers", "192.0.2.1");
    private static final String CROWDED = "https://crowded.test";
    private static final String OTHER = "https://other.test";

    private final MovableClock clock = new MovableClock();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Supplier<RefreshOutcome> answer =
            () -> new RefreshOutcome.Refreshed(Secret.of("access-" + asked), null, Duration.ofHours(1), null, null);
    private final TokenRefresher provider = (id, token) -> {
        asked.incrementAndGet();
        return answer.get();
    };
    private Node node;
    private Node another;
    private CredentialTable table;

    @BeforeEach
    void begin() {
        DataSource database = TestDatabase.fresh();
        Map<String, Object> slowly = Map.of(
                "claviger.refresh.rate",
                "0.1",
                "claviger.refresh.concurrency",
                "4",
                "claviger.refresh.time-limit",
                "2s");
        node = new Node(database, clock, provider, slowly);
        another = new Node(database, clock, provider, slowly);
        table = new CredentialTable(node.dataSource());
    }

    @AfterEach
    void end() {
        another.close();
        node.close();
    }

    @Test
    void spreadsACrowdOverTheTurnsOfAllNodesWithoutBlockingAnybody() {
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Node one = i % 2 == 0 ? node : another;
            one.refreshes()
                    .refreshAhead(issue(CROWDED), 1)
                    .map(NotNow::retryAfter)
                    .ifPresent(pauses::add);
        }
        assertThat(asked).hasValue(1);
        assertThat(pauses).hasSize(19);
        for (int i = 1; i < pauses.size(); i++) {
            assertThat(pauses.get(i).minus(pauses.get(i - 1)))
                    .as("one turn every ten seconds, told a moment later each")
                    .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(11));
        }
    }

    @Test
    void keepsTheTurnThatItPromised() {
        CredentialId first = issue(CROWDED);
        CredentialId second = issue(CROWDED);
        assertThat(node.refreshes().refreshAhead(first, 1)).isEmpty();
        assertThat(node.refreshes().refreshAhead(second, 1)).isPresent();
        itIsTheTurnOf(second, Duration.ofSeconds(1));
        assertThat(another.refreshes().refreshAhead(second, 1)).isEmpty();
        assertThat(asked).hasValue(2);
    }

    @Test
    void promisesAnotherTurnToAWholeCrowdThatMissedItsOwn() {
        node.refreshes().refreshAhead(issue(CROWDED), 1);
        CredentialId late = issue(CROWDED);
        node.refreshes().refreshAhead(late, 1);
        itIsTheTurnOf(late, Duration.ofHours(1));
        assertThat(node.refreshes().refreshAhead(late, 1)).isPresent();
        assertThat(asked).hasValue(1);
    }

    @Test
    void promisesNoTurnToATokenSetThatWasReplacedMeanwhile() throws Exception {
        node.refreshes().refreshAhead(issue(CROWDED), 1);
        CredentialId id = issue(CROWDED);
        FutureTask<IssuerPace.Turn> late =
                new FutureTask<>(() -> another.part(IssuerPace.class).background(id, 1));
        node.transaction().executeWithoutResult(status -> {
            node.jdbc()
                    .sql("update credentials.issuer_pace set pauses = pauses")
                    .update();
            new Thread(late).start();
            while (nobodyWaitsForALock()) {
                Thread.onSpinWait();
            }
            node.jdbc()
                    .sql("update credentials.credential set generation = 2, refresh_due_at = now() + interval '1 hour'"
                            + " where id = ?")
                    .param(id.value())
                    .update();
        });
        assertThat(late.get()).isInstanceOf(IssuerPace.Turn.Taken.class);
        assertThat(node.jdbc()
                        .sql("select refresh_slot is null and refresh_due_at > now() + interval '30 minutes'"
                                + " from credentials.credential where id = ?")
                        .param(id.value())
                        .query(Boolean.class)
                        .single())
                .as("what is due for the new one")
                .isTrue();
    }

    private boolean nobodyWaitsForALock() {
        return node.jdbc()
                .sql("select not exists (select from pg_stat_activity"
                        + " where datname = current_database() and wait_event_type = 'Lock')")
                .query(Boolean.class)
                .single();
    }

    @Test
    void aCallerWhoWaitsGoesBeforeTheCrowd() {
        clock.advance(Duration.ofHours(2));
        for (int i = 0; i < 2; i++) {
            table.takeLease(issue(CROWDED), 1, Duration.ofMinutes(1)).orElseThrow();
        }
        CredentialId wanted = issue(CROWDED);
        assertThat(node.refreshes().refreshAhead(wanted, 1))
                .as("its places are taken")
                .isPresent();
        assertThat(asked).hasValue(0);
        clock.advance(Duration.ofHours(2));
        assertThat(node.fresh().fresh(wanted, AGENT).generation()).isEqualTo(2);
    }

    @Test
    void noMoreAreAtItThanMayBe() {
        List<CredentialTable.Lease> held = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            held.add(table.takeLease(issue(CROWDED), 1, Duration.ofMinutes(1)).orElseThrow());
        }
        CredentialId wanted = issue(CROWDED);
        CredentialId elsewhere = issue(OTHER);
        clock.advance(Duration.ofHours(2));
        assertThat(unavailable(wanted).reason()).isEqualTo(Reason.TRY_LATER);
        assertThat(asked).hasValue(0);
        assertThat(node.fresh().fresh(elsewhere, AGENT).generation()).isEqualTo(2);
        table.release(held.get(0));
        assertThat(node.fresh().fresh(wanted, AGENT).generation()).isEqualTo(2);
    }

    @Test
    void aServerThatAsksForAPauseIsLeftAloneByAllNodesForAllItsCredentials() {
        CredentialId throttled = issue(CROWDED);
        CredentialId sibling = issue(CROWDED);
        CredentialId elsewhere = issue(OTHER);
        clock.advance(Duration.ofHours(2));
        Supplier<RefreshOutcome> well = answer;
        answer = () -> new RefreshOutcome.Failed(RefreshFailure.THROTTLED, "429", false, Duration.ofMinutes(5));
        unavailable(throttled);
        answer = well;
        assertThat(unavailable(sibling).retryAfter()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(another.refreshes().refreshAhead(sibling, 1).map(NotNow::retryAfter))
                .hasValueSatisfying(pause -> assertThat(pause).isGreaterThan(Duration.ofMinutes(4)));
        assertThat(asked).hasValue(1);
        assertThat(another.fresh().fresh(elsewhere, AGENT).generation()).isEqualTo(2);
        node.jdbc()
                .sql("update credentials.issuer_pace set paused_until = now() - interval '1 second'")
                .update();
        assertThat(node.fresh().fresh(sibling, AGENT).generation()).isEqualTo(2);
    }

    @Test
    void pausesLongerEachTimeWhereTheServerDoesNotSayHowLong() {
        CredentialId id = issue(CROWDED);
        clock.advance(Duration.ofHours(2));
        Supplier<RefreshOutcome> well = answer;
        answer = () -> new RefreshOutcome.Failed(RefreshFailure.THROTTLED, "429", false, null);
        double before = 0;
        for (int i = 0; i < 4; i++) {
            unavailable(id);
            double pause = pauseOf(CROWDED);
            assertThat(pause).isGreaterThan(before * 1.5);
            before = pause;
            node.jdbc()
                    .sql("update credentials.issuer_pace set paused_until = null")
                    .update();
            node.jdbc()
                    .sql("update credentials.credential set cooldown_until = null")
                    .update();
        }
        answer = well;
        node.fresh().fresh(id, AGENT);
        assertThat(node.jdbc()
                        .sql("select pauses from credentials.issuer_pace")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void findsWhatHasLostItsJobAndGivesItOneAgain() {
        CredentialId lost = issue(CROWDED);
        CredentialId revoked = issue(CROWDED);
        node.commands().sendAndWait(new RevokeToken(revoked, "removed"));
        node.jdbc().sql("delete from scheduled_tasks").update();
        node.sweepRefreshes();
        assertThat(jobs()).as("it is not due yet").isEmpty();
        node.jdbc()
                .sql("update credentials.credential set refresh_due_at = now() - interval '3 minutes'")
                .update();
        node.sweepRefreshes();
        another.sweepRefreshes();
        assertThat(jobs()).containsExactly(lost + "/1");
    }

    @Test
    void everyRenewableTokenSetHasOneJobAndSaysWhenItIsDue() {
        CredentialId id = issue(CROWDED);
        clock.advance(Duration.ofHours(2));
        node.fresh().fresh(id, AGENT);
        assertThat(jobs()).contains(id + "/2");
        assertThat(node.jdbc()
                        .sql("select refresh_due_at = expires_at - interval '5 minutes' from credentials.credential")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    private List<String> jobs() {
        return node.jdbc()
                .sql("select task_instance from scheduled_tasks where task_name = 'credentials.refresh-ahead'")
                .query(String.class)
                .list();
    }

    private double pauseOf(String issuer) {
        return node.jdbc()
                .sql("select extract(epoch from paused_until - now()) from credentials.issuer_pace where issuer = ?")
                .param(issuer)
                .query(Double.class)
                .single();
    }

    private void itIsTheTurnOf(CredentialId id, Duration ago) {
        node.jdbc()
                .sql(
                        "update credentials.credential set refresh_slot = clock_timestamp() - make_interval(secs => ?) where id = ?")
                .params(ago.toSeconds(), id.value())
                .update();
    }

    private CredentialUnavailable unavailable(CredentialId id) {
        return Optional.ofNullable(catchThrowableOfType(
                        CredentialUnavailable.class, () -> node.fresh().fresh(id, AGENT)))
                .orElseThrow();
    }

    private CredentialId issue(String issuer) {
        CredentialId id = new CredentialId(UUID.randomUUID());
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.OAUTH,
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                                node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of("refresh-1")),
                                null,
                                clock.instant().plus(Duration.ofHours(1)),
                                "read",
                                issuer)));
        return id;
    }
}
