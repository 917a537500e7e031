package dev.claviger.credentials.api;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.transaction.TransactionException;

/**
 * Answers questions that arrive together in one go, for example in one transaction with one commit. Nobody waits for a
 * group to fill: who finds no group at work begins at once, and those who come meanwhile make up the next group. It begins
 * beside those at work when a lane is free and it is large enough, or those hang.
 *
 * @param <Q> a question; must bear being asked twice, since a group that failed is asked again one by one
 * @param <A> its answer
 */
public final class Gathering<Q, A> {

    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final int lanes;
    private final int fewest;
    private final int most;
    private final long patience;
    private final Function<List<Q>, List<A>> work;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Seat<Q, A>> waiting = new ArrayDeque<>();
    private int busy;
    private long lastBegun;

    /**
     * @param lanes how many groups are at work at the same time
     * @param fewest questions in a group that begins beside others: a group costs more than its members, and what comes
     *     later is cheaper in the next one
     * @param most questions in a group
     * @param work answers a group, in its order; runs in the thread of one of those who ask
     */
    public Gathering(int lanes, int fewest, int most, Function<List<Q>, List<A>> work) {
        this(lanes, fewest, most, PATIENCE, work);
    }

    /** @param patience the last group hangs if it began longer ago: then the next one need not be large */
    Gathering(int lanes, int fewest, int most, Duration patience, Function<List<Q>, List<A>> work) {
        this.lanes = lanes;
        this.fewest = fewest;
        this.most = most;
        this.patience = patience.toNanos();
        this.work = work;
    }

    /**
     * Answers once the group is done. What {@code work} throws is thrown here: to everybody where the database is out of
     * reach, and otherwise only to those whose question fails on its own.
     */
    public A ask(Q question) {
        Seat<Q, A> seat = new Seat<>(question);
        // An interrupted thread would spoil the work of all whom it leads.
        boolean interrupted = Thread.interrupted();
        try {
            if (!takeLane(seat)) {
                interrupted |= seat.await();
            }
            if (seat.turn == Turn.LEADS) {
                lead(seat.group);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return seat.turn == Turn.ALONE ? alone(question) : seat.result();
    }

    private boolean takeLane(Seat<Q, A> seat) {
        lock.lock();
        try {
            if (!isRoomFor(waiting.size() + 1)) {
                waiting.add(seat);
                return false;
            }
            begin(seat);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isRoomFor(int group) {
        return busy == 0 || (busy < lanes && (group >= fewest || System.nanoTime() - lastBegun > patience));
    }

    private void begin(Seat<Q, A> leader) {
        busy++;
        lastBegun = System.nanoTime();
        List<Seat<Q, A>> group = new ArrayList<>();
        group.add(leader);
        while (group.size() < most && !waiting.isEmpty()) {
            group.add(waiting.remove());
        }
        leader.lead(group);
    }

    private void lead(List<Seat<Q, A>> group) {
        try {
            answer(group);
        } finally {
            passOn();
        }
    }

    private void answer(List<Seat<Q, A>> group) {
        List<Q> questions = new ArrayList<>(group.size());
        group.forEach(seat -> questions.add(seat.question));
        try {
            List<A> answers = work.apply(questions);
            if (answers.size() != group.size()) {
                throw new IllegalStateException(answers.size() + " answers to " + group.size() + " questions");
            }
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answered(answers.get(i));
            }
        } catch (RuntimeException e) {
            boolean together = group.size() == 1 || isOutOfReach(e);
            group.forEach(seat -> {
                if (together) {
                    seat.failed(e);
                } else {
                    seat.now(Turn.ALONE);
                }
            });
        } catch (Error e) {
            group.forEach(seat -> seat.failed(e));
            throw e;
        }
    }

    /** Asking such a database once more for everybody would only pile up behind it. */
    private static boolean isOutOfReach(RuntimeException e) {
        return e instanceof DataAccessResourceFailureException
                || e instanceof TransientDataAccessResourceException
                || e instanceof QueryTimeoutException
                || e instanceof TransactionException;
    }

    /** To whoever has waited longest. */
    private void passOn() {
        lock.lock();
        try {
            busy--;
            if (!waiting.isEmpty() && isRoomFor(waiting.size())) {
                begin(waiting.remove());
            }
        } finally {
            lock.unlock();
        }
    }

    private A alone(Q question) {
        List<A> answers = work.apply(List.of(question));
        if (answers.size() != 1) {
            throw new IllegalStateException(answers.size() + " answers to one question");
        }
        return answers.get(0);
    }

    private enum Turn {
        WAITS,
        LEADS,
        ALONE,
        DONE
    }

    /** One who asks. Everything but {@code turn} is read only after {@code turn} was. */
    private static final class Seat<Q, A> {

        private final Q question;
        private final Thread thread = Thread.currentThread();
        private volatile Turn turn = Turn.WAITS;
        private List<Seat<Q, A>> group = List.of();
        private @Nullable A answer;
        private @Nullable Throwable failure;

        Seat(Q question) {
            this.question = question;
        }

        void lead(List<Seat<Q, A>> group) {
            this.group = group;
            now(Turn.LEADS);
        }

        void answered(A answer) {
            this.answer = answer;
            now(Turn.DONE);
        }

        void failed(Throwable failure) {
            this.failure = failure;
            now(Turn.DONE);
        }

        void now(Turn turn) {
            this.turn = turn;
            if (thread != Thread.currentThread()) {
                LockSupport.unpark(thread);
            }
        }

        /**
         * Goes on waiting when interrupted, and answers whether it was: a seat that was left could be given the lead and keep
         * the lane for ever.
         */
        boolean await() {
            boolean interrupted = false;
            while (turn == Turn.WAITS) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            return interrupted;
        }

        @SuppressWarnings("NullAway") // an answer may be null only where A may be
        A result() {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            return answer;
        }
    }
}
