package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialQuery.FindUsesBy;
import dev.claviger.credentials.api.CredentialQuery.NumberedUse;
import dev.claviger.credentials.api.FreezeCommand.FreezeCredentials;
import dev.claviger.credentials.api.FreezeId;
import dev.claviger.credentials.api.FreezeScope;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.Gathering;
import dev.claviger.credentials.api.HandOuts;
import dev.claviger.credentials.api.HandOuts.Ask;
import dev.claviger.credentials.api.HandOuts.Condition;
import dev.claviger.credentials.api.HandOuts.HandedOut;
import dev.claviger.credentials.api.OldRows;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;

@Timeout(120)
class HandOutsTest {

    private final MovableClock clock = new MovableClock();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Node node;

    @BeforeEach
    void setUp() {
        node = new Node(TestDatabase.fresh(), clock, new FakeProvider(), Map.of());
    }

    @AfterEach
    void tearDown() {
        threads.shutdownNow();
        node.close();
    }

    @Test
    void answersEachWithItsOwnInTheOrderOfTheQuestions() {
        List<CredentialId> ids = IntStream.range(0, 5).mapToObj(this::issue).toList();
        List<Ask> asks = new ArrayList<>();
        for (int i : new int[] {3, 0, 4, 3}) {
            asks.add(ask(ids.get(i)));
        }
        asks.add(2, ask(new CredentialId(UUID.randomUUID())));
        List<Optional<HandedOut>> answers = handOut(asks);
        assertThat(answers.get(2)).as("there is no such credential").isEmpty();
        assertThat(answers.stream().flatMap(Optional::stream).map(HandOutsTest::opened))
                .containsExactly("Bearer token-3", "Bearer token-0", "Bearer token-4", "Bearer token-3");
        assertThat(uses()).isEqualTo(4);
    }

    @Test
    void isNotPartOfATransactionThatCouldStillBeUndone() {
        CredentialId id = issue(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> node.transaction()
                        .executeWithoutResult(status -> node.handOuts().handOut(List.of(ask(id)))));
        assertThat(uses()).isZero();
    }

    @Test
    void handsOutNothingWhereTheUseCannotBeCommitted() {
        CredentialId id = issue(1);
        node.jdbc()
                .sql("create function public.no_commit() returns trigger language plpgsql as"
                        + " 'begin raise exception ''not to be committed''; end'")
                .update();
        node.jdbc()
                .sql("create constraint trigger no_commit after insert on credentials.credential_use"
                        + " deferrable initially deferred for each row execute function public.no_commit()")
                .update();
        assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> handOut(List.of(ask(id))));
        assertThat(uses()).isZero();
    }

    @Test
    void recordsNothingWhereTheConditionDoesNotHold() {
        CredentialId id = issue(1);
        List<Ask> asks = List.of(ask(id), ask(new CredentialId(UUID.randomUUID())));
        Condition holds = new Condition("(select 7) = ?", 7);
        Condition doesNotHold = new Condition("(select 7) = ?", 8);
        for (int i = 0; i < 2; i++) {
            assertThat(node.handOuts().handOutIf(doesNotHold, asks)).isNull();
            assertThat(uses()).isEqualTo(i);
            assertThat(node.handOuts().handOutIf(holds, asks))
                    .extracting(Optional::isPresent)
                    .containsExactly(true, false);
            assertThat(uses()).isEqualTo(i + 1);
        }
        assertThat(node.handOuts().handOutIf(holds, asks.subList(1, 2)))
                .as("nobody has looked")
                .isNull();
    }

    @Test
    void looksAtTheConditionOnceAlsoWhereSomethingHasToBeReadAnew() {
        List<Ask> asks = IntStream.range(0, 2)
                .mapToObj(this::issue)
                .map(HandOutsTest::ask)
                .toList();
        handOut(asks);
        changeExpiry(asks.get(1).credentialId(), Duration.ofHours(2));
        node.jdbc().sql("create sequence public.looks").update();
        assertThat(node.handOuts().handOutIf(new Condition("nextval('public.looks') = ?", 1), asks))
                .allMatch(Optional::isPresent);
        assertThat(uses()).isEqualTo(4);
    }

    @Test
    void tellsWhoHasUsedWhatNewestFirst() {
        List<CredentialId> ids = IntStream.range(0, 3).mapToObj(this::issue).toList();
        ids.forEach(id -> handOut(List.of(ask(id), new Ask(id, usedBy(8), generation -> false))));
        CredentialViews views = new CredentialViews(node.jdbc());
        List<NumberedUse> newest =
                views.handle(new FindUsesBy("agent:7", null, 2)).items();
        assertThat(newest).extracting(use -> use.use().credentialId()).containsExactly(ids.get(2), ids.get(1));
        assertThat(newest).extracting(use -> use.use().usedBy()).containsOnly("agent:7");
        assertThat(views.handle(new FindUsesBy("agent:7", newest.get(1).number(), 2))
                        .items())
                .extracting(use -> use.use().credentialId())
                .containsExactly(ids.get(0));
        assertThat(views.handle(new FindUsesBy("agent:9", null, 2)).items()).isEmpty();
    }

    @Test
    void findsUsesByTheirIndex() {
        node.jdbc()
                .sql(
                        "insert into credentials.credential_use (credential_id, generation, used_by, purpose)"
                                + " select gen_random_uuid(), 1, 'agent:' || n % 100, 'headers' from generate_series(1, 20000) n")
                .update();
        node.jdbc().sql("analyze credentials.credential_use").update();
        assertThat(new CredentialViews(node.jdbc())
                        .handle(new FindUsesBy("agent:7", null, 5_000))
                        .items())
                .hasSize(200);
        assertThat(node.jdbc()
                        .sql("explain " + CredentialViews.USES_BY)
                        .param("by", "agent:7")
                        .param("before", Long.MAX_VALUE)
                        .param("limit", 50)
                        .query(String.class)
                        .list())
                .anyMatch(line -> line.contains("credential_use_by"));
    }

    @Test
    void tellsOfOneMoreThanTheLargestPage() {
        CredentialId id = issue(1);
        for (int i = 0; i < 11; i++) {
            handOut(Collections.nCopies(100, ask(id)));
        }
        assertThat(new CredentialViews(node.jdbc())
                        .handle(new FindUsesBy("agent:7", null, 1_001))
                        .items())
                .hasSize(1_001);
    }

    @Test
    void leavesToTheLongWayWhatIsStaleWithinTheMargin() {
        CredentialId id = issue(1);
        clock.advance(Duration.ofMinutes(54));
        assertThat(handOut(List.of(ask(id))).get(0)).isPresent();
        clock.advance(Duration.ofMinutes(2));
        assertThat(handOut(List.of(ask(id))).get(0)).isEmpty();
        assertThat(uses()).isEqualTo(1);
    }

    @Test
    void readsAnewWhatHasChangedSinceItWasRead() {
        List<CredentialId> ids = IntStream.range(0, 3).mapToObj(this::issue).toList();
        List<Ask> asks = ids.stream().map(HandOutsTest::ask).toList();
        assertThat(handOut(asks)).allMatch(Optional::isPresent);
        changeExpiry(ids.get(1), Duration.ofMinutes(-1));
        changeExpiry(ids.get(2), Duration.ofHours(2));
        List<Optional<HandedOut>> answers = handOut(asks);
        assertThat(opened(answers.get(0).orElseThrow())).isEqualTo("Bearer token-0");
        assertThat(answers.get(1)).as("it would have to be refreshed now").isEmpty();
        assertThat(answers.get(2).orElseThrow().expiresAt())
                .isEqualTo(clock.instant().plus(Duration.ofHours(2)));
        assertThat(uses()).isEqualTo(5);
    }

    private void changeExpiry(CredentialId id, Duration fromNow) {
        node.jdbc()
                .sql("update credentials.credential set expires_at = ? where id = ?")
                .params(Timestamp.from(clock.instant().plus(fromNow)), id.value())
                .update();
    }

    @Test
    void opensNothingForTheOneWhoHasItAndRecordsThatItIsStillValid() {
        CredentialId id = issue(1);
        HandedOut known = handOut(List.of(new Ask(id, usedBy(1), generation -> generation == 1)))
                .get(0)
                .orElseThrow();
        assertThat(known.stillValid()).isTrue();
        assertThatIllegalStateException().isThrownBy(known::open);
        assertThat(node.jdbc()
                        .sql("select purpose from credentials.credential_use")
                        .query(String.class)
                        .list())
                .containsExactly(HandOuts.STILL_VALID);
    }

    @Test
    void handsOutNothingThatIsFrozenOrRevoked() {
        CredentialId frozen = issue(1);
        CredentialId revoked = issue(2);
        CredentialId sound = issue(3);
        freeze(frozen);
        node.commands().sendAndWait(new RevokeToken(revoked, "no longer needed"));
        List<Optional<HandedOut>> answers = handOut(List.of(ask(frozen), ask(revoked), ask(sound)));
        assertThat(answers.get(0)).isEmpty();
        assertThat(answers.get(1)).isEmpty();
        assertThat(answers.get(2)).isPresent();
        assertThat(uses()).isEqualTo(1);
    }

    @Test
    void underLoadNothingIsHandedOutOnceTheFreezeOrTheRevocationWasAnswered() throws Exception {
        List<CredentialId> ids = IntStream.range(0, 8).mapToObj(this::issue).toList();
        Gathering<Ask, Optional<HandedOut>> gathering = new Gathering<>(2, 3, 64, this::handOut);
        List<AtomicBoolean> over = ids.stream().map(id -> new AtomicBoolean()).toList();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<Future<String>> askers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int own = i % ids.size();
            askers.add(threads.submit(() -> {
                while (!stop.get()) {
                    boolean wasOver = over.get(own).get();
                    Optional<HandedOut> handedOut = gathering.ask(ask(ids.get(own)));
                    if (handedOut.isPresent() && wasOver) {
                        return "handed out after the end";
                    }
                    if (handedOut.isPresent() && !opened(handedOut.get()).equals("Bearer token-" + own)) {
                        return "the credential of somebody else";
                    }
                    answered.incrementAndGet();
                }
                return "";
            }));
        }
        for (int i = 0; i < ids.size(); i++) {
            awaitMore(answered);
            if (i % 2 == 0) {
                freeze(ids.get(i));
            } else {
                node.commands().sendAndWait(new RevokeToken(ids.get(i), "no longer needed"));
            }
            over.get(i).set(true);
        }
        awaitMore(answered);
        stop.set(true);
        for (Future<String> asker : askers) {
            assertThat(asker.get(30, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void underLoadNobodyIsHandedAnOlderTokenSetOnceANewerOneIsThere() throws Exception {
        CredentialId id = issue(1);
        Gathering<Ask, Optional<HandedOut>> gathering = new Gathering<>(2, 3, 64, this::handOut);
        AtomicLong newest = new AtomicLong(1);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<Future<String>> askers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            askers.add(threads.submit(() -> {
                while (!stop.get()) {
                    long atLeast = newest.get();
                    HandedOut handedOut = gathering.ask(ask(id)).orElse(null);
                    if (handedOut == null) {
                        continue;
                    }
                    String token = opened(handedOut);
                    if (handedOut.generation() < atLeast) {
                        return "generation " + handedOut.generation() + " after " + atLeast;
                    }
                    if (!token.isEmpty() && !token.equals(tokenOf(handedOut.generation()))) {
                        return token + " as generation " + handedOut.generation();
                    }
                    answered.incrementAndGet();
                }
                return "";
            }));
        }
        for (long generation = 1; generation <= 15; generation++) {
            awaitMore(answered);
            clock.advance(Duration.ofMinutes(2));
            newest.set(node.fresh().freshAfterRefusal(id, generation, usedBy(9)).generation());
            assertThat(newest.get()).isEqualTo(generation + 1);
        }
        awaitMore(answered);
        stop.set(true);
        for (Future<String> asker : askers) {
            assertThat(asker.get(30, TimeUnit.SECONDS)).isEmpty();
        }
    }

    private static String tokenOf(long generation) {
        return "Bearer " + (generation == 1 ? "token-1" : "access-" + generation);
    }

    @Test
    void forgetsUsesOnlyWhenTheyAreOldEnough() {
        CredentialId id = issue(1);
        handOut(List.of(ask(id), ask(id), ask(id)));
        node.jdbc()
                .sql("update credentials.credential_use set at = now() - interval '401 days'"
                        + " where id < (select max(id) from credentials.credential_use)")
                .update();
        assertThat(OldRows.delete(node.jdbc(), "credentials.credential_use", "id", Duration.ofDays(400)))
                .isEqualTo(2);
        assertThat(uses()).isEqualTo(1);
    }

    private static void awaitMore(AtomicInteger answered) {
        int before = answered.get();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() > before + 200);
    }

    private List<Optional<HandedOut>> handOut(List<Ask> asks) {
        return node.handOuts().handOut(asks);
    }

    private static String opened(HandedOut handedOut) {
        return handedOut
                .open()
                .map(FreshCredential::headerValue)
                .map(Secret::reveal)
                .orElse("");
    }

    private static Ask ask(CredentialId id) {
        return new Ask(id, usedBy(7), generation -> false);
    }

    private static UsedBy usedBy(int agent) {
        return new UsedBy("agent:" + agent, "headers", "192.0.2.1");
    }

    private CredentialId issue(int number) {
        CredentialId id = new CredentialId(UUID.randomUUID());
        node.oneTransaction().run(() -> {
            node.commands()
                    .sendAndWait(new IssueToken(
                            id,
                            CredentialKind.OAUTH,
                            node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("token-" + number)),
                            node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of("refresh-" + number)),
                            null,
                            clock.instant().plus(Duration.ofHours(1)),
                            null,
                            "https://as.test"));
        });
        return id;
    }

    private void freeze(CredentialId id) {
        node.commands()
                .sendAndWait(new FreezeCredentials(
                        new FreezeId(UUID.randomUUID()), "test", List.of(FreezeScope.credential(id)), "An incident"));
    }

    private long uses() {
        return node.jdbc()
                .sql("select count(*) from credentials.credential_use")
                .query(Long.class)
                .single();
    }
}
