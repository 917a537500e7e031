package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.SetIdleLimit;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.CredentialUses;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import dev.claviger.credentials.api.CredentialQuery.FindUses;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.Later;
import dev.claviger.credentials.vault.RefreshOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A refresh token that dies of disuse is used in time, whoever said when it does. */
@Timeout(60)
class IdleLimitTest {

    private final CredentialId id = new CredentialId(UUID.randomUUID());
    private final MovableClock clock = new MovableClock();
    private final FakeProvider provider = new FakeProvider();
    private Node node;

    @BeforeEach
    void setUp() {
        node = new Node(TestDatabase.fresh(), clock, provider, Map.of());
    }

    @AfterEach
    void tearDown() {
        node.close();
    }

    @Test
    void aGrantThatNobodyUsesIsRefreshedOnceBeforeItDies() throws Exception {
        clock.advance(Duration.ofDays(-8));
        issue(null, null);
        clock.advance(Duration.ofDays(8));
        node.startJobs();

        limit(14);

        until(2);
        await(() -> jobs(1) == 0);
        node.sweepRefreshes();
        assertThat(jobs(1)).isZero();
        assertThat(provider.received).containsExactly("refresh-1");
        assertThat(node.queries()
                        .query(new FindUses(id, 10), CredentialUses.class)
                        .join()
                        .items())
                .isEmpty();
    }

    @Test
    void countsAtOnceForWhatIsConnectedAndMovesItsJobBothWays() {
        issue(null, null);
        assertDue(1, Duration.ofDays(30));
        limit(14);
        assertDue(1, Duration.ofDays(7));
        limit(4);
        assertDue(1, Duration.ofDays(2));
        limit(40);
        assertDue(1, Duration.ofDays(20));
        limit(null);
        assertDue(1, Duration.ofDays(30));
        assertThat(node.events())
                .containsExactly("TokenIssued", "IdleLimitSet", "IdleLimitSet", "IdleLimitSet", "IdleLimitSet");
    }

    @Test
    void countsFromWhenTheTokenWasObtainedAndAfterEachRefreshAnew() {
        provider.lifetime = Duration.ofDays(90);
        issue(clock.instant().plus(Duration.ofDays(90)), null);
        clock.advance(Duration.ofDays(2));
        limit(14);
        assertDue(1, Duration.ofDays(5));
        clock.advance(Duration.ofDays(3));
        for (long generation = 2; generation < 4; generation++) {
            node.fresh().freshAfterRefusal(id, generation - 1, new UsedBy("agent:7", "headers", null));
            assertDue(generation, Duration.ofDays(7));
            clock.advance(Duration.ofDays(5));
        }
    }

    @Test
    void theSoonerOfWhatTheServerToldAndWhatWasEnteredCounts() {
        issue(null, clock.instant().plus(Duration.ofDays(10)));
        limit(14);
        assertDue(1, Duration.ofDays(5));
        assertThat(facts().refreshTokenExpiresAt())
                .isCloseTo(clock.instant().plus(Duration.ofDays(10)), within(1, ChronoUnit.SECONDS));
        assertThat(facts().idleDays()).isEqualTo(14);
        limit(6);
        assertDue(1, Duration.ofDays(3));
        limit(null);
        assertDue(1, Duration.ofDays(5));
        assertThat(facts().idleDays()).isNull();
    }

    @Test
    void aTokenThatEndsSoonerIsRefreshedAsBefore() {
        issue(clock.instant().plus(Duration.ofHours(1)), null);
        limit(14);
        assertDue(1, Duration.ofMinutes(55));
    }

    @Test
    void whileRefreshesFailTheNextTryStaysWhenItIs() {
        issue(clock.instant().plus(Duration.ofHours(1)), null);
        provider.spoil = truth -> new RefreshOutcome.Failed(RefreshFailure.TRANSIENT, "It is down.", false, null);
        assertThatExceptionOfType(Later.class).isThrownBy(() -> node.renewAhead(id, 1));
        double due = due();
        double job = job(1);

        limit(1);

        assertThat(due()).isEqualTo(due);
        assertThat(job(1)).isEqualTo(job);
        assertThat(facts().idleDays()).isEqualTo(1);
    }

    @Test
    void whatIsEnteredWhileItsJobRunsCountsForTheNewTokenSet() throws Exception {
        provider.lifetime = Duration.ofDays(90);
        provider.meanwhile = () -> limit(14);
        issue(clock.instant().plusSeconds(4), null);
        node.startJobs();
        until(2);
        assertDue(2, Duration.ofDays(7));
        assertThat(node.events()).containsExactly("TokenIssued", "IdleLimitSet", "TokenRefreshed");
    }

    private void limit(@Nullable Integer days) {
        node.commands().sendAndWait(new SetIdleLimit(id, days));
    }

    private void issue(@Nullable Instant expiresAt, @Nullable Instant refreshTokenExpiresAt) {
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.OAUTH,
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                                node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of("refresh-1")),
                                null,
                                expiresAt,
                                "read",
                                "https://as.test",
                                null,
                                refreshTokenExpiresAt)));
    }

    private void assertDue(long generation, Duration fromNow) {
        double at = clock.instant().plus(fromNow).getEpochSecond();
        assertThat(facts().generation()).isEqualTo(generation);
        assertThat(due()).isCloseTo(at, within(5.0));
        assertThat(job(generation)).as("its job, a little before").isCloseTo(at, within(300.0));
    }

    private double due() {
        return node.jdbc()
                .sql("select extract(epoch from refresh_due_at) from credentials.credential")
                .query(Double.class)
                .single();
    }

    private double job(long generation) {
        return node.jdbc()
                .sql("select extract(epoch from execution_time) from scheduled_tasks where task_instance = ?")
                .param(id + "/" + generation)
                .query(Double.class)
                .single();
    }

    private CredentialFacts facts() {
        return node.queries()
                .query(new FindCredentials(List.of(id)), CredentialFactsList.class)
                .join()
                .items()
                .get(0);
    }

    private long jobs(long generation) {
        return node.jdbc()
                .sql("select count(*) from scheduled_tasks where task_instance = ?")
                .param(id + "/" + generation)
                .query(Long.class)
                .single();
    }

    private void until(long generation) throws Exception {
        await(() -> facts().generation() >= generation);
    }

    private static void await(BooleanSupplier condition) throws Exception {
        while (!condition.getAsBoolean()) {
            Thread.sleep(50);
        }
    }
}
