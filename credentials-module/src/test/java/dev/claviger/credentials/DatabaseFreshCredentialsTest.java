package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.claviger.credentials.CredentialTable.Lease;
import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialCommand.ShredSecrets;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.CredentialUse;
import dev.claviger.credentials.api.CredentialQuery.CredentialUses;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import dev.claviger.credentials.api.CredentialQuery.FindUses;
import dev.claviger.credentials.api.CredentialRejected;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.Later;
import dev.claviger.credentials.vault.RefreshOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;

@Timeout(60)
class DatabaseFreshCredentialsTest {

    private static final UsedBy AGENT = new UsedBy("agent:7", "headers", "192.0.2.1");

    private final CredentialId id = new CredentialId(UUID.randomUUID());
    private final MovableClock clock = new MovableClock();
    private final FakeProvider provider = new FakeProvider();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private DataSource database;
    private Node node;
    private CredentialTable table;

    @BeforeEach
    void setUp() {
        database = TestDatabase.fresh();
        node = new Node(database, clock, provider, Map.of());
        table = new CredentialTable(node.dataSource());
    }

    @AfterEach
    void tearDown() {
        threads.shutdownNow();
        node.close();
    }

    @Test
    void handsOutAFreshTokenWithoutAsking() {
        issueForAnHour();
        FreshCredential fresh = node.fresh().fresh(id, AGENT);
        assertThat(fresh.headerName()).isEqualTo("Authorization");
        assertThat(fresh.headerValue()).isEqualTo(Secret.of("Bearer access-1"));
        assertThat(fresh.generation()).isEqualTo(1);
        assertThat(provider.received).isEmpty();
    }

    @Test
    void recordsTheUseBeforeTheAnswer() {
        issueForAnHour();
        node.fresh().fresh(id, AGENT);
        assertThat(uses()).singleElement().satisfies(use -> {
            assertThat(use.usedBy()).isEqualTo("agent:7");
            assertThat(use.purpose()).isEqualTo("headers");
            assertThat(use.sourceAddress()).isEqualTo("192.0.2.1");
            assertThat(use.generation()).isEqualTo(1);
        });
        assertThat(facts().lastUsedAt()).isNotNull();
        node.jdbc()
                .sql("alter table credentials.credential_use add constraint full_up check (id < 0) not valid")
                .update();
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> node.fresh().fresh(id, AGENT));
    }

    @Test
    void aStaticTokenIsNeverRefreshed() {
        node.oneTransaction().run(() -> {
            node.commands()
                    .sendAndWait(new IssueToken(
                            id,
                            CredentialKind.API_KEY_HEADER,
                            node.vault().seal(SecretPurpose.STATIC_TOKEN, Secret.of("key-1")),
                            null,
                            "X-Api-Key",
                            null,
                            null,
                            null));
        });
        clock.advance(Duration.ofDays(1000));
        FreshCredential fresh = node.fresh().fresh(id, AGENT);
        assertThat(fresh.headerName()).isEqualTo("X-Api-Key");
        assertThat(fresh.headerValue()).isEqualTo(Secret.of("key-1"));
        assertThat(provider.received).isEmpty();
    }

    @Test
    void anUnknownEndIsNoReasonToRefresh() {
        issue(null);
        clock.advance(Duration.ofDays(1000));
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(1);
    }

    @Test
    void refreshesWithinTheMarginAndStoresTheRotation() {
        issueForAnHour();
        clock.advance(Duration.ofMinutes(56));
        FreshCredential fresh = node.fresh().fresh(id, AGENT);
        assertThat(fresh.headerValue()).isEqualTo(Secret.of("Bearer access-2"));
        assertThat(fresh.generation()).isEqualTo(2);
        assertThat(fresh.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        clock.advance(Duration.ofHours(2));
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(3);
        assertThat(provider.received).containsExactly("refresh-1", "refresh-2");
        assertThat(node.events()).containsExactly("TokenIssued", "TokenRefreshed", "TokenRefreshed");
        assertThat(liveSecrets()).as("superseded secrets are destroyed").isEqualTo(2);
    }

    @Test
    void aShortLivedTokenHasAShortMargin() {
        issue(clock.instant().plusSeconds(60));
        clock.advance(Duration.ofSeconds(44));
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
    }

    @Test
    void aTokenThatCameAndDiedWhileWeWaitedIsNotHandedOut() throws Exception {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        Lease held = table.takeLease(id, 1, Duration.ofSeconds(60)).orElseThrow();
        Future<FreshCredential> waiting = threads.submit(() -> node.fresh().fresh(id, AGENT));
        await(() -> threads instanceof ThreadPoolExecutor pool && pool.getActiveCount() == 1);
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new CredentialOutcome.RecordRefresh(
                                id,
                                held.generation(),
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-x")),
                                null,
                                clock.instant().minusSeconds(1),
                                null,
                                null)));
        assertThat(waiting.get(20, TimeUnit.SECONDS).headerValue()).isEqualTo(Secret.of("Bearer access-2"));
    }

    @Test
    void aTokenThatIsBornDeadIsHandedOutOnceRefreshed() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.lifetime = Duration.ZERO;
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(3);
        assertThat(provider.received).as("asked once more, and no further").hasSize(2);
    }

    @Test
    void keepsTheOldRefreshTokenWhenNoneCame() {
        provider.rotates = false;
        issueForAnHour();
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofHours(2));
            node.fresh().fresh(id, AGENT);
        }
        assertThat(provider.received).containsExactly("refresh-1", "refresh-1", "refresh-1");
        assertThat(liveSecrets()).isEqualTo(2);
    }

    @Test
    void refreshesOnceForManyCallers() throws Exception {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.delay = Duration.ofMillis(300);
        Set<Long> generations = together(50, () -> node.fresh().fresh(id, AGENT)).stream()
                .map(FreshCredential::generation)
                .collect(Collectors.toSet());
        assertThat(generations).containsExactly(2L);
        assertThat(provider.received).hasSize(1);
        assertThat(uses()).hasSize(50);
    }

    @Test
    void refreshesOnceForManyCallersOnTwoNodes() throws Exception {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.delay = Duration.ofMillis(300);
        try (Node other = new Node(database, clock, provider, Map.of())) {
            List<Node> nodes = List.of(node, other);
            List<FreshCredential> all = together(IntStream.range(0, 40)
                    .mapToObj(i -> (Callable<FreshCredential>)
                            () -> nodes.get(i % 2).fresh().fresh(id, AGENT))
                    .toList());
            assertThat(all).hasSize(40).allMatch(fresh -> fresh.generation() == 2);
            assertThat(provider.received).hasSize(1);
            clock.advance(Duration.ofHours(2));
            assertThat(other.fresh().fresh(id, AGENT).generation()).isEqualTo(3);
            clock.advance(Duration.ofHours(2));
            assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(4);
        }
    }

    @Test
    void aRefusedTokenIsRenewedAtOnceHoweverLongItWouldLive() {
        issue(null);
        FreshCredential fresh = node.fresh().freshAfterRefusal(id, 1, AGENT);
        assertThat(fresh.generation()).isEqualTo(2);
        assertThat(fresh.headerValue()).isEqualTo(Secret.of("Bearer access-2"));
        assertThat(uses())
                .singleElement()
                .satisfies(use -> assertThat(use.generation()).isEqualTo(2));
    }

    @Test
    void aRefusalOfAnOldTokenYieldsTheOneInForce() {
        issueForAnHour();
        node.fresh().freshAfterRefusal(id, 1, AGENT);
        for (int i = 0; i < 3; i++) {
            assertThat(node.fresh().freshAfterRefusal(id, 1, AGENT).generation())
                    .isEqualTo(2);
        }
        assertThat(provider.received).hasSize(1);
    }

    @Test
    void renewsOnceForManyRefusedCallersOnTwoNodes() throws Exception {
        issueForAnHour();
        provider.delay = Duration.ofMillis(300);
        try (Node other = new Node(database, clock, provider, Map.of())) {
            List<Node> nodes = List.of(node, other);
            List<FreshCredential> all = together(IntStream.range(0, 40)
                    .mapToObj(i -> (Callable<FreshCredential>)
                            () -> nodes.get(i % 2).fresh().freshAfterRefusal(id, 1, AGENT))
                    .toList());
            assertThat(all).hasSize(40).allMatch(fresh -> fresh.generation() == 2);
            assertThat(provider.received).hasSize(1);
        }
    }

    @Test
    void aServerThatRefusesEveryTokenDoesNotMakeUsRenewInALoop() {
        issueForAnHour();
        assertThat(node.fresh().freshAfterRefusal(id, 1, AGENT).generation()).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            CredentialUnavailable e = refused(2, Reason.TRY_LATER);
            assertThat(e.retryAfter()).isEqualTo(Duration.ofMinutes(1));
            assertThat(e).hasMessageContaining("not the trouble");
        }
        assertThat(provider.received).hasSize(1);
        assertThat(node.fresh().fresh(id, AGENT).generation())
                .as("for others it is as good as it was")
                .isEqualTo(2);
        clock.advance(Duration.ofSeconds(61));
        assertThat(node.fresh().freshAfterRefusal(id, 2, AGENT).generation()).isEqualTo(3);
    }

    @Test
    void aRefusedTokenIsNotHandedOutAgainWhenTheServerIsAway() {
        issueForAnHour();
        provider.spoil = truth -> failed(RefreshFailure.TRANSIENT, false);
        refused(1, Reason.TRY_LATER);
        refused(1, Reason.TRY_LATER);
        assertThat(provider.received)
                .as("nobody tries again during the cool-down")
                .hasSize(1);
        assertThat(uses()).isEmpty();
    }

    @Test
    void aRefusedTokenWhoseGrantOrClientIsGoneNeedsAPerson() {
        issueForAnHour();
        provider.spoil = truth -> failed(RefreshFailure.CLIENT, false);
        assertThat(refused(1, Reason.NEEDS_CONSENT)).hasMessageContaining("client");
        skipCoolDown();
        provider.spoil = truth -> new RefreshOutcome.Rejected("invalid_grant", null);
        assertThat(refused(1, Reason.NEEDS_CONSENT)).hasMessageContaining("connect again");
        assertThat(facts().state()).isEqualTo(CredentialState.NEEDS_CONSENT);
    }

    @Test
    void aRefusedTokenThatCannotBeRenewedNeedsAPerson() {
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.OAUTH,
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                                null,
                                null,
                                null,
                                null,
                                "https://as.test")));
        assertThat(refused(1, Reason.NEEDS_CONSENT)).hasMessageContaining("without a refresh token");
        assertThat(provider.received).isEmpty();
    }

    @Test
    void aRefusedKeyIsForAPersonToCorrect() {
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.BEARER,
                                node.vault().seal(SecretPurpose.STATIC_TOKEN, Secret.of("token-1")),
                                null,
                                null,
                                null,
                                null,
                                null)));
        assertThat(refused(1, Reason.NEEDS_CONSENT)).hasMessageContaining("was entered");
    }

    @Test
    void aTokenOfAGrantWithoutAPersonIsRenewedByAskingForItAgain() {
        issueByGrant(clock.instant().plus(Duration.ofHours(1)));
        assertThat(facts().refreshable()).isTrue();
        assertThat(facts().renewedByGrant()).isTrue();
        for (int generation = 2; generation <= 4; generation++) {
            clock.advance(Duration.ofHours(2));
            FreshCredential fresh = node.fresh().fresh(id, AGENT);
            assertThat(fresh.generation()).isEqualTo(generation);
            assertThat(fresh.headerValue()).isEqualTo(Secret.of("Bearer access-" + generation));
        }
        assertThat(provider.received).containsExactly("the grant", "the grant", "the grant");
        assertThat(liveSecrets())
                .as("a refresh token that nobody asked for is not kept")
                .isEqualTo(1);
    }

    @Test
    void asksForAGrantOnceForManyCallersOnTwoNodes() throws Exception {
        issueByGrant(clock.instant().plus(Duration.ofHours(1)));
        clock.advance(Duration.ofHours(2));
        provider.delay = Duration.ofMillis(300);
        try (Node other = new Node(database, clock, provider, Map.of())) {
            List<Node> nodes = List.of(node, other);
            List<FreshCredential> all = together(IntStream.range(0, 40)
                    .mapToObj(i -> (Callable<FreshCredential>)
                            () -> nodes.get(i % 2).fresh().fresh(id, AGENT))
                    .toList());
            assertThat(all).hasSize(40).allMatch(fresh -> fresh.generation() == 2);
            assertThat(provider.received).containsExactly("the grant");
        }
    }

    @Test
    void aLostAnswerToAGrantCostsNothingAndLeavesNoDoubt() {
        issueByGrant(clock.instant().plus(Duration.ofHours(1)));
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> failed(RefreshFailure.TRANSIENT, true);
        for (int i = 0; i < 4; i++) {
            assertThat(assertUnavailable(Reason.TRY_LATER).retryAfter()).isLessThan(Duration.ofSeconds(4));
            skipCoolDown();
        }
        provider.spoil = truth -> truth;
        assertThat(table.takeLease(id, 1, Duration.ofSeconds(60))).isPresent();
        expireLease();
        assertThat(node.fresh().fresh(id, AGENT).headerValue()).isEqualTo(Secret.of("Bearer access-6"));
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshFailed", "TokenRefreshed");
    }

    @Test
    void aDeadGrantWithoutAPersonSaysWhatHelps() {
        issueByGrant(clock.instant().plus(Duration.ofHours(1)));
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> new RefreshOutcome.Rejected("invalid_grant", "Enter a new subject token.");
        assertThat(assertUnavailable(Reason.NEEDS_CONSENT)).hasMessage("Enter a new subject token.");
        assertThat(assertUnavailable(Reason.NEEDS_CONSENT)).hasMessage("Enter a new subject token.");
        assertThat(facts().trouble()).isEqualTo("Enter a new subject token.");
        assertThat(facts().state()).isEqualTo(CredentialState.NEEDS_CONSENT);
        assertThat(provider.received).hasSize(1);
    }

    @Test
    void aTokenOfAGrantWithoutAPersonIsRenewedAheadOfItsEnd() throws Exception {
        issueByGrant(clock.instant().plusSeconds(4));
        node.startJobs();
        await(() -> facts().generation() >= 2);
        assertThat(uses()).isEmpty();
    }

    @Test
    void anUnknownEndIsMendedByARefusalAlone() {
        issueByGrant(null);
        clock.advance(Duration.ofDays(1000));
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(1);
        assertThat(node.fresh().freshAfterRefusal(id, 1, AGENT).generation()).isEqualTo(2);
    }

    @Test
    void aDeadGrantNeedsConsentAndDeletesNothing() {
        issueForAnHour();
        provider.valid = "another";
        clock.advance(Duration.ofHours(2));
        assertUnavailable(Reason.NEEDS_CONSENT);
        assertUnavailable(Reason.NEEDS_CONSENT);
        assertThat(provider.received).hasSize(1);
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshRejected");
        assertThat(facts().state()).isEqualTo(CredentialState.NEEDS_CONSENT);
        assertThat(facts().trouble()).contains("invalid_grant");
        assertThat(liveSecrets()).isEqualTo(2);
    }

    @Test
    void anInvalidGrantAfterAnotherNodeRefreshedUsesTheOthersToken() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.meanwhile = () -> {
            provider.meanwhile = () -> {};
            expireLease();
            node.jdbc()
                    .sql("update credentials.credential set lease_since = null")
                    .update();
            provider.valid = "refresh-1";
            try (Node other = new Node(database, clock, provider, Map.of())) {
                assertThat(other.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
            }
        };
        provider.spoil = truth -> {
            provider.spoil =
                    same -> provider.received.size() == 2 ? new RefreshOutcome.Rejected("invalid_grant", null) : same;
            return truth;
        };
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        assertThat(node.events()).containsExactly("TokenIssued", "TokenRefreshed");
    }

    @Test
    void handsOutTheOldTokenWhileItLivesWhenTheServerIsAway() throws Exception {
        issueForAnHour();
        clock.advance(Duration.ofMinutes(57));
        provider.spoil = truth -> failed(RefreshFailure.TRANSIENT, false);
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(1);
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(1);
        assertThat(provider.received)
                .as("nobody tries again during the cool-down")
                .hasSize(1);
        assertThat(facts().trouble()).contains("on holiday");
        Thread.sleep(500);
        provider.spoil = truth -> truth;
        provider.valid = "refresh-1";
        assertThat(node.fresh().fresh(id, AGENT).generation()).isGreaterThan(1);
        assertThat(facts().trouble()).isNull();
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshFailed", "TokenRefreshed");
    }

    @Test
    void saysTryLaterWhenTheOldTokenIsDeadToo() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.spoil =
                truth -> new RefreshOutcome.Failed(RefreshFailure.TRANSIENT, "429", false, Duration.ofSeconds(90));
        CredentialUnavailable e = assertUnavailable(Reason.TRY_LATER);
        assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(90));
        assertThat(assertUnavailable(Reason.TRY_LATER).retryAfter())
                .isBetween(Duration.ofSeconds(80), Duration.ofSeconds(90));
        assertThat(provider.received).hasSize(1);
        assertThat(facts().state()).isEqualTo(CredentialState.ACTIVE);
    }

    @Test
    void whateverTheRefresherThrowsIsAFailureNotADeadGrant() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> {
            throw new IllegalArgumentException("access-2");
        };
        assertUnavailable(Reason.TRY_LATER);
        assertThat(facts().state()).isEqualTo(CredentialState.ACTIVE);
        assertThat(facts().trouble()).doesNotContain("access-2");
    }

    @Test
    void aLostAnswerIsInDoubtAndTriedOnceMoreWithTheSameToken() throws Exception {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> failed(RefreshFailure.TRANSIENT, true);
        assertUnavailable(Reason.TRY_LATER);
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshFailed");
        Thread.sleep(500);
        provider.spoil = truth -> truth;
        provider.valid = "refresh-1";
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        assertThat(provider.received).containsExactly("refresh-1", "refresh-1");
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshFailed", "RefreshInDoubt", "TokenRefreshed");
    }

    @Test
    void aNodeThatDiedDuringARefreshLeavesDoubt() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        assertThat(table.takeLease(id, 1, Duration.ofSeconds(60))).isPresent();
        expireLease();
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshInDoubt", "TokenRefreshed");
    }

    @Test
    void aServerThatRotatedBeforeTheLostAnswerEndsInConsent() throws Exception {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> failed(RefreshFailure.TRANSIENT, true);
        assertUnavailable(Reason.TRY_LATER);
        Thread.sleep(500);
        provider.spoil = truth -> truth;
        assertThat(assertUnavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("answer to a refresh was lost");
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshFailed", "RefreshInDoubt", "RefreshRejected");
        assertThat(facts().trouble()).contains("answer to a refresh was lost", "invalid_grant");
        assertThat(liveSecrets()).as("nothing is deleted").isEqualTo(2);
    }

    @Test
    void anOutageOfADayKillsNothing() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> failed(RefreshFailure.TRANSIENT, false);
        for (int i = 0; i < 48; i++) {
            assertUnavailable(Reason.TRY_LATER);
            assertThatThrownBy(() -> node.renewAhead(id, 1)).isInstanceOf(Later.class);
            skipCoolDown();
            failingFor(Duration.ofMinutes(30 * i));
        }
        provider.spoil = truth -> truth;
        provider.valid = "refresh-1";
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshFailed", "TokenRefreshed");
    }

    @Test
    void givesUpWhenTheWindowHasPassedAndDeletesNothing() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> failed(RefreshFailure.TRANSIENT, false);
        assertUnavailable(Reason.TRY_LATER);
        failingFor(Duration.ofDays(31));
        for (int i = 0; i < 8; i++) {
            skipCoolDown();
            assertUnavailable(Reason.TRY_LATER);
        }
        assertThat(facts().state()).as("a few tries are not enough").isEqualTo(CredentialState.ACTIVE);
        skipCoolDown();
        assertThat(assertUnavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("nobody tries any more");
        int asked = provider.received.size();
        skipCoolDown();
        node.renewAhead(id, 1);
        assertUnavailable(Reason.NEEDS_CONSENT);
        assertThat(provider.received).hasSize(asked);
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshFailed", "RefreshGivenUp");
        assertThat(facts().trouble()).contains("connect again", "on holiday");
        assertThat(liveSecrets()).isEqualTo(2);
    }

    @Test
    void whatIsRefusedAgainAndAgainNeedsAPersonThoughTriesGoOn() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> failed(RefreshFailure.DENIED, false);
        for (int i = 0; i < 4; i++) {
            assertUnavailable(Reason.TRY_LATER);
            skipCoolDown();
        }
        assertThat(assertUnavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("5 times");
        assertThat(facts().state()).isEqualTo(CredentialState.ACTIVE);
        skipCoolDown();
        provider.spoil = truth -> truth;
        provider.valid = "refresh-1";
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
    }

    @Test
    void givesUpSoonerWhatIsRefusedAgainAndAgain() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> failed(RefreshFailure.DENIED, false);
        for (int i = 0; i < 10; i++) {
            catchThrowableOfType(CredentialUnavailable.class, () -> node.fresh().fresh(id, AGENT));
            skipCoolDown();
            failingFor(Duration.ofDays(3));
        }
        assertThat(facts().state()).isEqualTo(CredentialState.NEEDS_CONSENT);
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshFailed", "RefreshGivenUp");
    }

    @Test
    void losesNoTokenWhenTheEventStoreBlinks() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.meanwhile = () -> node.breakEventStore(2);
        assertThat(node.fresh().fresh(id, AGENT).headerValue()).isEqualTo(Secret.of("Bearer access-2"));
        assertThat(provider.received).hasSize(1);
        assertThat(node.events()).containsExactly("TokenIssued", "TokenRefreshed");
        assertThat(liveSecrets()).isEqualTo(2);
    }

    @Test
    void aRejectionThatCameFirstDoesNotCostTheTokensOfTheOther() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.meanwhile = () -> node.commands()
                .sendAndWait(new CredentialOutcome.RecordRefreshRejected(id, 1, "invalid_grant", null, false));
        assertThat(node.fresh().fresh(id, AGENT).headerValue()).isEqualTo(Secret.of("Bearer access-2"));
        assertThat(facts().state()).isEqualTo(CredentialState.ACTIVE);
        assertThat(facts().trouble()).isNull();
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshRejected", "TokenRefreshed");
    }

    @Test
    void afterTheSecondLostAnswerTriesOnlyAtLongPausesAndNeverGivesTheGrantUp() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.spoil = truth -> failed(RefreshFailure.TRANSIENT, true);
        assertThat(assertUnavailable(Reason.TRY_LATER).retryAfter()).isLessThan(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            skipCoolDown();
            assertThat(assertUnavailable(Reason.TRY_LATER).retryAfter()).isEqualTo(Duration.ofMinutes(10));
        }
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshFailed", "RefreshInDoubt", "RefreshInDoubt");
        skipCoolDown();
        provider.spoil = truth -> truth;
        provider.valid = "refresh-1";
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
    }

    @Test
    void aRefusedClientNeedsConsentOnceTheTokenIsDead() {
        issueForAnHour();
        clock.advance(Duration.ofMinutes(57));
        provider.spoil = truth -> failed(RefreshFailure.CLIENT, false);
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(1);
        clock.advance(Duration.ofHours(1));
        assertThat(assertUnavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("client");
        assertThat(facts().state()).isEqualTo(CredentialState.ACTIVE);
    }

    @Test
    void beginsNoCallLateInTheTimeOfTheCaller() {
        Map<String, Object> limit = Map.of("claviger.refresh.time-limit", "2s");
        try (Node hasty = new Node(database, clock, provider, limit)) {
            issueForAnHour();
            clock.advance(Duration.ofHours(2));
            table.takeLease(id, 1, Duration.ofSeconds(1)).orElseThrow();
            CredentialUnavailable e = catchThrowableOfType(
                    CredentialUnavailable.class, () -> hasty.fresh().fresh(id, AGENT));
            assertThat(e.reason()).isEqualTo(Reason.TRY_LATER);
            assertThat(provider.received).isEmpty();
            assertThat(hasty.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        }
    }

    @Test
    void waitsForTheOneWhoHoldsTheLease() throws Exception {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        Lease held = table.takeLease(id, 1, Duration.ofSeconds(60)).orElseThrow();
        Future<FreshCredential> waiting = threads.submit(() -> node.fresh().fresh(id, AGENT));
        Thread.sleep(300);
        assertThat(waiting).isNotDone();
        assertThat(provider.received).isEmpty();
        table.release(held);
        assertThat(waiting.get(10, TimeUnit.SECONDS).generation()).isEqualTo(2);
    }

    @Test
    void stopsWaitingAtTheTimeLimit() {
        try (Node hasty = new Node(database, clock, provider, Map.of("claviger.refresh.time-limit", "300ms"))) {
            issueForAnHour();
            clock.advance(Duration.ofHours(2));
            table.takeLease(id, 1, Duration.ofSeconds(60)).orElseThrow();
            CredentialUnavailable e = catchThrowableOfType(
                    CredentialUnavailable.class, () -> hasty.fresh().fresh(id, AGENT));
            assertThat(e.reason()).isEqualTo(Reason.TRY_LATER);
            assertThat(provider.received).isEmpty();
        }
    }

    @Test
    void aRevocationDuringTheRefreshWins() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        provider.meanwhile = () -> node.commands().sendAndWait(new RevokeToken(id, "removed"));
        assertUnavailable(Reason.REVOKED);
        assertThat(node.events()).containsExactly("TokenIssued", "TokenRevoked", "LateTokensSealed");
        assertThat(liveSecrets())
                .as("of both token sets, until the provider has been told")
                .isEqualTo(4);
        node.commands().sendAndWait(new ShredSecrets(id, "revoked at the provider"));
        node.commands().sendAndWait(new ShredSecrets(id, "revoked at the provider"));
        assertThat(liveSecrets()).isZero();
        assertThat(node.events()).containsOnlyOnce("SecretsShredded");
    }

    @Test
    void aRevokedCredentialIsRefusedAndItsSecretsGo() {
        issueForAnHour();
        node.commands().sendAndWait(new RevokeToken(id, "removed"));
        assertUnavailable(Reason.REVOKED);
        assertThat(liveSecrets()).isEqualTo(2);
        node.commands().sendAndWait(new ShredSecrets(id, "revoked at the provider"));
        node.commands().sendAndWait(new ShredSecrets(id, "revoked at the provider"));
        assertThat(liveSecrets()).isZero();
        assertThat(node.events()).containsExactly("TokenIssued", "TokenRevoked", "SecretsShredded");
        assertUnavailable(Reason.REVOKED);
    }

    @Test
    void anExpiredTokenWithoutRefreshTokenNeedsConsent() {
        node.oneTransaction().run(() -> {
            node.commands()
                    .sendAndWait(new IssueToken(
                            id,
                            CredentialKind.OAUTH,
                            node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                            null,
                            null,
                            clock.instant().plusSeconds(60),
                            null,
                            null));
        });
        clock.advance(Duration.ofSeconds(59));
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        assertUnavailable(Reason.NEEDS_CONSENT);
    }

    @Test
    void anUnknownCredentialNeedsConsentAndARefusedCommandLocksNothing() throws Exception {
        assertUnavailable(Reason.NEEDS_CONSENT);
        assertThatExceptionOfType(CredentialRejected.class)
                .isThrownBy(() -> node.commands().sendAndWait(new RevokeToken(id, "removed")));
        threads.submit(this::issueForAnHour).get(10, TimeUnit.SECONDS);
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(1);
    }

    @Test
    void aTokenThatDoesNotOpenNeedsConsent() {
        issueForAnHour();
        spoil("ACCESS_TOKEN");
        assertThat(assertUnavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("cannot be opened any more");
        assertThat(facts().state()).isEqualTo(CredentialState.ACTIVE);
    }

    @Test
    void aRefreshTokenThatDoesNotOpenCostsNothingWhileTheAccessTokenLives() {
        issueForAnHour();
        spoil("REFRESH_TOKEN");
        clock.advance(Duration.ofMinutes(58));
        assertThat(node.fresh().fresh(id, AGENT).headerValue()).isEqualTo(Secret.of("Bearer access-1"));
        assertThat(refused(1, Reason.NEEDS_CONSENT)).hasMessageContaining("cannot be opened any more");
        clock.advance(Duration.ofMinutes(3));
        assertThat(assertUnavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("cannot be opened any more");
        assertThat(provider.received).isEmpty();
    }

    @Test
    void refusesInsideATransaction() {
        issueForAnHour();
        assertThatIllegalStateException()
                .isThrownBy(() -> node.oneTransaction().run(() -> node.fresh().fresh(id, AGENT)));
    }

    @Test
    void refreshesAheadWithoutAnyCallerAndRecordsNoUse() throws Exception {
        issue(clock.instant().plusSeconds(4));
        node.startJobs();
        await(() -> facts().generation() >= 2);
        assertThat(uses()).isEmpty();
        assertThat(facts().refreshedAt()).isNotNull();
    }

    @Test
    void aServerThatDoesNotRotateTellsOnlyOnceHowLongARefreshTokenMayLieUnused() {
        provider.rotates = false;
        provider.lifetime = Duration.ofDays(90);
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.OAUTH,
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                                node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of("refresh-1")),
                                null,
                                clock.instant().plus(Duration.ofDays(90)),
                                "read",
                                "https://as.test",
                                null,
                                clock.instant().plus(Duration.ofDays(10)))));
        for (long generation = 2; generation < 5; generation++) {
            clock.advance(Duration.ofDays(5));
            node.fresh().freshAfterRefusal(id, generation - 1, AGENT);
            assertThat(node.jdbc()
                            .sql("select extract(epoch from refresh_due_at) from credentials.credential"
                                    + " where generation = ?")
                            .param(generation)
                            .query(Double.class)
                            .single())
                    .isCloseTo(clock.instant().plus(Duration.ofDays(5)).getEpochSecond(), within(60.0));
            assertThat(node.jdbc()
                            .sql("select extract(epoch from execution_time) from scheduled_tasks"
                                    + " where task_instance = ?")
                            .param(id + "/" + generation)
                            .query(Double.class)
                            .single())
                    .as("its job, a little before")
                    .isCloseTo(clock.instant().plus(Duration.ofDays(5)).getEpochSecond(), within(300.0));
        }
    }

    @Test
    void aRevokedStaticTokenIsShreddedByItself() throws Exception {
        node.oneTransaction().run(() -> {
            node.commands()
                    .sendAndWait(new IssueToken(
                            id,
                            CredentialKind.BEARER,
                            node.vault().seal(SecretPurpose.STATIC_TOKEN, Secret.of("token-1")),
                            null,
                            null,
                            null,
                            null,
                            null));
        });
        node.startJobs();
        node.commands().sendAndWait(new RevokeToken(id, "replaced"));
        await(() -> liveSecrets() == 0);
        assertThat(node.events()).containsExactly("TokenIssued", "TokenRevoked", "SecretsShredded");
    }

    @Test
    void noSecretLeavesTheVault() {
        issueForAnHour();
        clock.advance(Duration.ofHours(2));
        node.fresh().fresh(id, AGENT);
        String everything = node.jdbc()
                .sql("select string_agg(convert_from(payload, 'UTF8'), '') from domainevententry")
                .query(String.class)
                .single();
        assertThat(everything).contains(id.toString()).doesNotContain("access-", "refresh-");
        assertThat(node.jdbc()
                        .sql(
                                "select coalesce(string_agg(convert_from(task_data, 'UTF8'), ''), '') from scheduled_tasks")
                        .query(String.class)
                        .single())
                .contains(id.toString())
                .doesNotContain("access-", "refresh-1");
    }

    private void issueByGrant(Instant expiresAt) {
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.OAUTH,
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                                null,
                                null,
                                expiresAt,
                                "read",
                                "https://as.test",
                                true,
                                null)));
    }

    private void issueForAnHour() {
        issue(clock.instant().plus(Duration.ofHours(1)));
    }

    private void issue(Instant expiresAt) {
        node.oneTransaction().run(() -> {
            node.commands()
                    .sendAndWait(new IssueToken(
                            id,
                            CredentialKind.OAUTH,
                            node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                            node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of("refresh-1")),
                            null,
                            expiresAt,
                            "read",
                            "https://as.test"));
        });
    }

    private CredentialUnavailable assertUnavailable(Reason reason) {
        CredentialUnavailable e = catchThrowableOfType(
                CredentialUnavailable.class, () -> node.fresh().fresh(id, AGENT));
        assertThat(e).isNotNull();
        assertThat(e.reason()).isEqualTo(reason);
        return e;
    }

    private CredentialUnavailable refused(long generation, Reason reason) {
        CredentialUnavailable e = catchThrowableOfType(
                CredentialUnavailable.class, () -> node.fresh().freshAfterRefusal(id, generation, AGENT));
        assertThat(e).isNotNull();
        assertThat(e.reason()).isEqualTo(reason);
        return e;
    }

    private static RefreshOutcome failed(RefreshFailure failure, boolean answerMayBeLost) {
        return new RefreshOutcome.Failed(failure, "as.test is on holiday", answerMayBeLost, null);
    }

    private void failingFor(Duration length) {
        node.jdbc()
                .sql("update credentials.credential set failing_since = now() - make_interval(secs => ?)")
                .param(length.toSeconds())
                .update();
    }

    private void spoil(String purpose) {
        node.jdbc()
                .sql("update credentials.secret set ciphertext = ciphertext || 'x'::bytea where purpose = ?")
                .param(purpose)
                .update();
    }

    private void skipCoolDown() {
        node.jdbc()
                .sql("update credentials.credential set lease_until = now() - interval '1 second',"
                        + " cooldown_until = now() - interval '1 second'")
                .update();
    }

    private void expireLease() {
        node.jdbc()
                .sql("update credentials.credential set lease_until = now() - interval '1 second'")
                .update();
    }

    private CredentialFacts facts() {
        return node.queries()
                .query(new FindCredentials(List.of(id)), CredentialFactsList.class)
                .join()
                .items()
                .get(0);
    }

    private List<CredentialUse> uses() {
        return node.queries()
                .query(new FindUses(id, 100), CredentialUses.class)
                .join()
                .items();
    }

    private long liveSecrets() {
        return node.jdbc()
                .sql("select count(*) from credentials.secret where wrapped_key is not null")
                .query(Long.class)
                .single();
    }

    private List<FreshCredential> together(int count, Callable<FreshCredential> call) throws Exception {
        return together(IntStream.range(0, count).mapToObj(i -> call).toList());
    }

    private List<FreshCredential> together(List<Callable<FreshCredential>> calls) throws Exception {
        List<Future<FreshCredential>> running = threads.invokeAll(calls);
        return running.stream()
                .map(future -> {
                    try {
                        return future.get();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(50);
        }
    }
}
