package dev.claviger.connectors;

import dev.claviger.connectors.AgentCalls.Call;
import dev.claviger.connectors.AgentCalls.Line;
import dev.claviger.connectors.ServerOffers.Found;
import dev.claviger.connectors.ServerOffers.Remembered;
import dev.claviger.connectors.ServerOffers.Wanted;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Gathering;
import dev.claviger.credentials.api.HandOuts;
import dev.claviger.credentials.api.HandOuts.Ask;
import dev.claviger.credentials.api.HandOuts.HandedOut;
import dev.claviger.credentials.api.UsedBy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Answers agents who ask for the credential of one connector, those who ask at the same moment together: the uses of all are
 * recorded with one statement, or two where something has to be read anew. Offers that are remembered are taken at their word, if they still hold in that statement.
 * What needs a refresh or a refusal in words is left to {@link HandOut}.
 */
@Component
class QuickAnswers {

    /** As many as keep the processors busy while one waits for the disk. */
    private static final int LANES =
            Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

    private static final int FEWEST_IN_ANOTHER_GROUP = 20;
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
     * @param handedOut null: not to be had quickly, and nothing is on record
     * @param settled whether the answer is on record; otherwise it takes the long way
     * @param stillValid whether the agent has this answer already
     */
    record Answer(@Nullable Found found, @Nullable HandedOut handedOut, boolean settled, boolean stillValid) {}

    private final ServerOffers offers;
    private final HandOuts handOuts;
    private final AgentCalls calls;
    private final Gathering<Question, Answer> gathering;

    QuickAnswers(ServerOffers offers, HandOuts handOuts, AgentCalls calls) {
        this.offers = offers;
        this.handOuts = handOuts;
        this.calls = calls;
        this.gathering = new Gathering<>(LANES, FEWEST_IN_ANOTHER_GROUP, MOST_IN_A_GROUP, this::answer);
    }

    /** Blocks until the answer's records are committed. Must be called without an open transaction. */
    Answer ask(Question question) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("The answer would leave before its record is committed");
        }
        return gathering.ask(question);
    }

    private List<Answer> answer(List<Question> questions) {
        List<Wanted> wanted = questions.stream()
                .map(question -> new Wanted(question.call().agent(), question.serverKey(), question.keyHash()))
                .toList();
        Remembered remembered = offers.remembered(wanted);
        if (remembered != null) {
            List<Optional<HandedOut>> handedOut = fromMemory(questions, remembered);
            if (handedOut != null) {
                return answers(questions, remembered.offers(), handedOut);
            }
        }
        List<@Nullable Found> found = offers.find(wanted);
        return answers(questions, found, handOuts.handOut(asks(questions, found)));
    }

    /** Null: the offers may be others by now, and nothing is on record. */
    private @Nullable List<Optional<HandedOut>> fromMemory(List<Question> questions, Remembered remembered) {
        List<Ask> asks = asks(questions, remembered.offers());
        if (asks.isEmpty()) {
            return offers.hold(remembered) ? List.of() : null;
        }
        return handOuts.handOutIf(remembered.hold(), asks);
    }

    /**
     * Writes down those that no use of a credential tells of. Where that fails they are not settled: whoever asks writes it
     * down alone, or fails alone; the others have their answers.
     */
    private List<Answer> answers(
            List<Question> questions, List<? extends @Nullable Found> found, List<Optional<HandedOut>> handedOut) {
        Iterator<Optional<HandedOut>> next = handedOut.iterator();
        List<Answer> answers = new ArrayList<>(questions.size());
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            Found offered = found.get(i);
            boolean asked = offered != null && credential(offered) != null;
            Answer answer =
                    answer(questions.get(i), offered, asked ? next.next().orElse(null) : null);
            answers.add(answer);
            if (answer.settled() && answer.handedOut() == null) {
                lines.add(line(questions.get(i), answer));
            }
        }
        try {
            calls.write(lines);
        } catch (DataAccessException e) {
            answers.replaceAll(
                    answer -> answer.handedOut() == null ? new Answer(answer.found(), null, false, false) : answer);
        }
        return answers;
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
}
