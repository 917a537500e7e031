package dev.claviger.credentials.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;

@Timeout(60)
class GatheringTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<List<Integer>> groups = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch atWork = new CountDownLatch(1);

    @AfterEach
    void stop() {
        gate.countDown();
        threads.shutdownNow();
    }

    @Test
    void answersWhoComesAloneAtOnce() {
        assertThat(new Gathering<>(1, 1, 10, this::doubled).ask(21)).isEqualTo(42);
    }

    @Test
    void gathersWhoeverComesWhileAGroupIsAtWorkAndGivesEachItsOwnAnswer() throws Exception {
        Gathering<Integer, Integer> gathering = new Gathering<>(1, 1, 10, this::doubledBehindTheGate);
        List<Future<Integer>> answers = askAll(gathering, 25);
        gate.countDown();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(2 * i);
        }
        assertThat(groups).extracting(List::size).containsExactly(1, 10, 10, 4);
    }

    @Test
    void aGroupBeginsBesideAnotherOnlyWhenItIsLargeEnoughAndALaneIsFree() throws Exception {
        Gathering<Integer, Integer> gathering = new Gathering<>(2, 3, 10, LONG, this::doubledBehindTheGate);
        List<Future<Integer>> answers = askAll(gathering, 3);
        assertThat(groups).as("two are too few").extracting(List::size).containsExactly(1);

        answers.add(threads.submit(() -> gathering.ask(3)));
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> groups.size() == 2);
        List<Thread> waiting = Collections.synchronizedList(new ArrayList<>());
        for (int question : new int[] {4, 5, 6, 7}) {
            answers.add(threads.submit(() -> {
                waiting.add(Thread.currentThread());
                return gathering.ask(question);
            }));
        }
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> waiting.size() == 4);
        awaitParked(waiting);
        assertThat(groups).as("both lanes are at work").extracting(List::size).containsExactly(1, 3);

        gate.countDown();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(2 * i);
        }
        assertThat(groups).extracting(List::size).containsExactly(1, 3, 4);
    }

    @Test
    void nobodyWaitsForAGroupThatHangsUntilManyWait() throws Exception {
        Gathering<Integer, Integer> gathering = new Gathering<>(2, 3, 10, Duration.ZERO, group -> {
            List<Integer> answers = doubled(group);
            if (group.contains(0)) {
                atWork.countDown();
                await(gate);
            }
            return answers;
        });
        Future<Integer> hanging = threads.submit(() -> gathering.ask(0));
        atWork.await();
        assertThat(threads.submit(() -> gathering.ask(1)).get(30, TimeUnit.SECONDS))
                .isEqualTo(2);
        assertThat(threads.submit(() -> gathering.ask(2)).get(30, TimeUnit.SECONDS))
                .isEqualTo(4);
        gate.countDown();
        assertThat(hanging.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aGroupThatFailsGivesBackItsLane() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        Gathering<Integer, Integer> gathering = new Gathering<>(2, 1, 10, group -> {
            if (broken.get()) {
                throw new DataAccessResourceFailureException("away");
            }
            return doubledBehindTheGate(group);
        });
        for (int question : new int[] {0, 1, 2}) {
            assertThatExceptionOfType(DataAccessResourceFailureException.class)
                    .isThrownBy(() -> gathering.ask(question));
        }
        broken.set(false);
        List<Future<Integer>> answers = askAll(gathering, 5);
        assertThat(groups).as("both lanes are at work, no more").hasSize(2);
        gate.countDown();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(2 * i);
        }
    }

    @Test
    void spoilsOnlyTheQuestionThatFailsOnItsOwn() throws Exception {
        Gathering<Integer, Integer> gathering = new Gathering<>(1, 1, 30, group -> {
            List<Integer> answers = doubledBehindTheGate(group);
            if (group.contains(7)) {
                throw new DataIntegrityViolationException("seven");
            }
            return answers;
        });
        List<Future<Integer>> answers = askAll(gathering, 20);
        gate.countDown();
        for (int i = 0; i < answers.size(); i++) {
            Future<Integer> answer = answers.get(i);
            if (i == 7) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                        .withCauseInstanceOf(DataIntegrityViolationException.class);
            } else {
                assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(2 * i);
            }
        }
    }

    @Test
    void asksADatabaseThatIsOutOfReachOnlyOnceForAGroup() throws Exception {
        AtomicBoolean reachable = new AtomicBoolean();
        Gathering<Integer, Integer> gathering = new Gathering<>(1, 1, 30, group -> {
            List<Integer> answers = doubledBehindTheGate(group);
            if (!reachable.get()) {
                throw new DataAccessResourceFailureException("gone");
            }
            return answers;
        });
        List<Future<Integer>> answers = askAll(gathering, 20);
        gate.countDown();
        for (Future<Integer> answer : answers) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                    .withCauseInstanceOf(DataAccessResourceFailureException.class);
        }
        assertThat(groups).extracting(List::size).containsExactly(1, 19);
        reachable.set(true);
        assertThat(gathering.ask(4)).as("the lane is free again").isEqualTo(8);
    }

    @Test
    void anInterruptedCallerStillGetsItsAnswerAndStaysInterrupted() throws Exception {
        Gathering<Integer, Integer> gathering = new Gathering<>(1, 1, 30, this::doubledBehindTheGate);
        Future<Integer> first = threads.submit(() -> gathering.ask(0));
        atWork.await();
        AtomicBoolean stayed = new AtomicBoolean();
        Thread second = new Thread(() -> {
            Thread.currentThread().interrupt();
            stayed.set(gathering.ask(3) == 6 && Thread.interrupted());
        });
        second.start();
        awaitParked(List.of(second));
        gate.countDown();
        second.join();
        assertThat(first.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(stayed).isTrue();
        assertThat(gathering.ask(5)).isEqualTo(10);
    }

    @Test
    void failsWhereTheWorkAnswersTooLittle() {
        Gathering<Integer, Integer> gathering = new Gathering<>(1, 1, 10, group -> List.of());
        assertThatIllegalStateException().isThrownBy(() -> gathering.ask(1));
        assertThatIllegalStateException().isThrownBy(() -> gathering.ask(1));
    }

    @Test
    void losesNobodyUnderLoad() throws Exception {
        Gathering<Integer, Integer> gathering = new Gathering<>(2, 3, 7, this::doubled);
        List<Future<Boolean>> askers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            int from = i * 1_000;
            askers.add(threads.submit(() -> {
                for (int number = from; number < from + 1_000; number++) {
                    if (gathering.ask(number) != 2 * number) {
                        return false;
                    }
                }
                return true;
            }));
        }
        for (Future<Boolean> asker : askers) {
            assertThat(asker.get(50, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(groups).allSatisfy(group -> assertThat(group).hasSizeBetween(1, 7));
    }

    /** The first is at work before the others come, and all of them wait before this returns. */
    private List<Future<Integer>> askAll(Gathering<Integer, Integer> gathering, int count) throws Exception {
        List<Future<Integer>> answers = new ArrayList<>();
        List<Thread> waiting = Collections.synchronizedList(new ArrayList<>());
        answers.add(threads.submit(() -> gathering.ask(0)));
        atWork.await();
        for (int i = 1; i < count; i++) {
            int number = i;
            answers.add(threads.submit(() -> {
                waiting.add(Thread.currentThread());
                return gathering.ask(number);
            }));
        }
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> waiting.size() == count - 1);
        awaitParked(waiting);
        return answers;
    }

    private static void awaitParked(List<Thread> waiting) {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() ->
                        List.copyOf(waiting).stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
    }

    private List<Integer> doubled(List<Integer> group) {
        groups.add(List.copyOf(group));
        return group.stream().map(number -> 2 * number).toList();
    }

    private List<Integer> doubledBehindTheGate(List<Integer> group) {
        List<Integer> answers = doubled(group);
        atWork.countDown();
        await(gate);
        return answers;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
