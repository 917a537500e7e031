package dev.claviger.connectors;

import dev.claviger.connectors.AgentCalls.Call;
import dev.claviger.connectors.AgentCalls.Line;
import dev.claviger.connectors.ServerOffers.Found;
import dev.claviger.connectors.ServerOffers.Remembered;
import dev.claviger.connectors.ServerOffers.Wanted;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.credentials.api.BoundedSql;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Gathering;
import dev.claviger.credentials.api.HandOuts;
import dev.claviger.credentials.api.HandOuts.Ask;
import dev.claviger.credentials.api.HandOuts.HandedOut;
import dev.claviger.credentials.api.UsedBy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Answers agents who ask for the credential of one connector, those who ask at the same moment in one transaction: what is
 * offered, what is in force, the use and the call. Offers that are remembered are taken at their word, and the record of the
 * calls is written only if they still hold. What needs a refresh or a refusal in words is left to {@link HandOut}.
 */
@Component
class QuickAnswers {

    /**
     * How many groups read and write at once. As few as keep the processors busy: the more there are, the smaller each is,
     * and the dearer its members.
     */
    private static final int AT_WORK =
            Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));

    /** Beside those at work, two may wait for the disk: one for the write under way, and one for the next. */
    private static final int LANES = AT_WORK + 2;

    private static final int MOST_IN_A_GROUP = 64;

    /**
     * @param tags what the agent has already; null: it did not say
     * @param keyHash see {@link Wanted}; where it is given, nothing at all is put on record unless there is an answer
     */
    record Question(
            Call call,
            String serverKey,
            @Nullable EntityTags tags,
            @Nullable String keyHash) {}

    /**
     * @param found null: not offered to the agent
     * @param handedOut on record with the agent's call; null: not to be had quickly, and nothing is on record
     * @param settled whether the call is on record; otherwise it takes the long way
     * @param stillValid whether the agent has this answer already
     */
    record Answer(@Nullable Found found, @Nullable HandedOut handedOut, boolean settled, boolean stillValid) {}

    private final ServerOffers offers;
    private final HandOuts handOuts;
    private final AgentCalls calls;
    private final TransactionTemplate transaction;
    private final Gathering<Question, Answer> gathering;

    QuickAnswers(
            ServerOffers offers, HandOuts handOuts, AgentCalls calls, PlatformTransactionManager transactionManager) {
        this.offers = offers;
        this.handOuts = handOuts;
        this.calls = calls;
        this.transaction = new TransactionTemplate(transactionManager);
        transaction.setTimeout(BoundedSql.LONGEST);
        this.gathering = new Gathering<>(LANES, AT_WORK, MOST_IN_A_GROUP, this::answer);
    }

    /** Blocks until the answer's records are committed. Must be called without an open transaction. */
    Answer ask(Question question) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("The answer would leave before its record is committed");
        }
        return gathering.ask(question);
    }

    /** @param committing is run when the next group may begin, since this one only waits for the disk any more */
    private List<Answer> answer(List<Question> questions, Runnable committing) {
        List<Wanted> wanted = questions.stream()
                .map(question -> new Wanted(question.call().agent(), question.serverKey(), question.keyHash()))
                .toList();
        Remembered remembered = offers.remembered(wanted);
        if (remembered != null) {
            try {
                return inOne(committing, () -> fromMemory(questions, remembered));
            } catch (OffersChanged e) {
                // Rolled back, and with it every use that was recorded; the second transaction has its own time limit.
            }
        }
        return inOne(committing, () -> afterALook(questions, offers.find(wanted)));
    }

    private List<Answer> inOne(Runnable committing, Supplier<List<Answer>> answers) {
        return Objects.requireNonNull(transaction.execute(status -> {
            List<Answer> given = answers.get();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    committing.run();
                }
            });
            return given;
        }));
    }

    private List<Answer> fromMemory(List<Question> questions, Remembered remembered) {
        List<Answer> answers = handOut(questions, remembered.offers());
        List<Line> lines = lines(questions, answers);
        boolean hold = lines.isEmpty()
                ? offers.areUnchanged(remembered.mark())
                : calls.writeIfUnchanged(lines, remembered.mark());
        if (!hold) {
            throw new OffersChanged();
        }
        return answers;
    }

    private List<Answer> afterALook(List<Question> questions, List<? extends @Nullable Found> found) {
        List<Answer> answers = handOut(questions, found);
        calls.write(lines(questions, answers));
        return answers;
    }

    private List<Answer> handOut(List<Question> questions, List<? extends @Nullable Found> found) {
        Iterator<Optional<HandedOut>> handedOut =
                handOuts.handOut(asks(questions, found)).iterator();
        List<Answer> answers = new ArrayList<>(questions.size());
        for (int i = 0; i < questions.size(); i++) {
            Found offered = found.get(i);
            boolean asked = offered != null && credential(offered) != null;
            answers.add(
                    answer(questions.get(i), offered, asked ? handedOut.next().orElse(null) : null));
        }
        return answers;
    }

    private static List<Line> lines(List<Question> questions, List<Answer> answers) {
        List<Line> lines = new ArrayList<>(questions.size());
        for (int i = 0; i < questions.size(); i++) {
            if (answers.get(i).settled()) {
                lines.add(line(questions.get(i), answers.get(i)));
            }
        }
        return lines;
    }

    private static List<Ask> asks(List<Question> questions, List<? extends @Nullable Found> found) {
        List<Ask> asks = new ArrayList<>(questions.size());
        for (int i = 0; i < questions.size(); i++) {
            Found offered = found.get(i);
            CredentialId credential = offered == null ? null : credential(offered);
            if (offered != null && credential != null) {
                Call call = questions.get(i).call();
                EntityTags tags = questions.get(i).tags();
                asks.add(new Ask(
                        credential,
                        new UsedBy(call.agent().toString(), call.what(), call.sourceAddress()),
                        generation -> tags != null && tags.match(EntityTags.of(offered, generation))));
            }
        }
        return asks;
    }

    private static Answer answer(Question question, @Nullable Found offered, @Nullable HandedOut handedOut) {
        if (offered == null) {
            return new Answer(null, null, question.keyHash() == null, false);
        }
        if (!offered.offer().needsCredential()) {
            EntityTags tags = question.tags();
            return new Answer(offered, null, true, tags != null && tags.match(EntityTags.of(offered, 0)));
        }
        return new Answer(offered, handedOut, handedOut != null, handedOut != null && handedOut.stillValid());
    }

    private static Line line(Question question, Answer answer) {
        Found found = answer.found();
        if (found == null) {
            return new Line(question.call(), AgentCalls.NOT_OFFERED, null);
        }
        return new Line(
                question.call(), answer.stillValid() ? HandOuts.STILL_VALID : AgentCalls.ANSWERED, found.offer());
    }

    private static @Nullable CredentialId credential(Found found) {
        ConnectionId connection = found.offer().connection();
        return connection == null ? null : new CredentialId(connection.value());
    }

    /** What was remembered may be no longer so. */
    private static final class OffersChanged extends RuntimeException {

        OffersChanged() {
            super("The offers of agents have changed", null, false, false);
        }
    }
}
