package dev.claviger.oauth;

import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.RevocationStep.Kind;
import dev.claviger.credentials.api.RevocationStep.Outcome;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.oauth.AuthorizationOutcome.RecordProviderRevocation;
import dev.claviger.oauth.AuthorizationOutcome.RecordRevocationStep;
import dev.claviger.oauth.ProviderSteps.Telling;
import dev.claviger.oauth.api.AuthorizationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Tells the provider that the tokens of a revoked credential are no longer wanted, step by step: what came of each is
 * recorded before the next, so that a process that dies begins again with what is left. A provider out of reach is asked
 * again for days.
 */
@Component
class RevokeAtProvider extends Effect<AuthorizationJob> {

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(12);

    private final AuthorizationTable authorizations;
    private final LateTokenTable lateTokens;
    private final LateAnswer lateAnswer;
    private final ProviderSteps steps;
    private final ClientStep clientStep;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final Clock clock;
    private final Duration window;

    /** @param window how long after the revocation here a provider is asked that does not answer */
    RevokeAtProvider(
            AuthorizationTable authorizations,
            LateTokenTable lateTokens,
            LateAnswer lateAnswer,
            ProviderSteps steps,
            ClientStep clientStep,
            OneTransaction oneTransaction,
            CommandGateway commands,
            Clock clock,
            @Value("${claviger.revocation.window:7d}") Duration window) {
        super("oauth.revoke-at-provider", AuthorizationJob.class, 6, Duration.ofSeconds(2));
        this.authorizations = authorizations;
        this.lateTokens = lateTokens;
        this.lateAnswer = lateAnswer;
        this.steps = steps;
        this.clientStep = clientStep;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.clock = clock;
        this.window = window;
    }

    @Override
    protected UUID attempt(AuthorizationJob job) {
        return job.authorizationId().value();
    }

    @Override
    protected void perform(AuthorizationJob job) {
        AuthorizationId id = job.authorizationId();
        authorizations.find(id).filter(row -> row.client() != null).ifPresent(row -> {
            Instant nextTry = nextTry(id);
            Map<Kind, RevocationStep> waiting = new EnumMap<>(Kind.class);
            for (Telling telling : steps.of(row)) {
                RevocationStep step = steps.perform(row, telling, nextTry);
                if (step.outcome() == Outcome.WAITING) {
                    waiting.put(step.kind(), step);
                } else {
                    record(id, telling, step);
                }
            }
            sayOfLateAnswer(id, waiting);
            waitFor(id, waiting.values());
        });
        concludeIfOver(id);
    }

    private void record(AuthorizationId id, Telling telling, RevocationStep step) {
        oneTransaction.run(() -> {
            RevocationStep told = step.kind().isLate() ? lateTokens.settle(id, telling.token(), step) : step;
            if (told != null) {
                commands.sendAndWait(new RecordRevocationStep(id, told));
            }
        });
    }

    private void sayOfLateAnswer(AuthorizationId id, Map<Kind, RevocationStep> waiting) {
        RevocationStep step = lateAnswer.step(id);
        if (step != null && step.outcome() == Outcome.WAITING) {
            waiting.put(step.kind(), step);
        } else if (step != null) {
            recordUnlessTold(id, step);
        }
    }

    /** Nothing is said of late tokens that another job has told the provider of meanwhile. */
    private void recordUnlessTold(AuthorizationId id, RevocationStep step) {
        oneTransaction.run(() -> {
            if (!step.kind().isLate() || !lateTokens.areTold(id, step.kind())) {
                commands.sendAndWait(new RecordRevocationStep(id, step));
            }
        });
    }

    /** All at the same time, so that one job comes back for all of them. */
    private void waitFor(AuthorizationId id, Collection<RevocationStep> waiting) {
        Instant next = waiting.stream()
                .map(RevocationStep::nextTry)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        for (RevocationStep step : waiting) {
            recordUnlessTold(id, new RevocationStep(step.kind(), step.outcome(), step.detail(), step.at(), next));
        }
    }

    /** As long again as it has been tried already; null: the window is over, so this try is the last. */
    private @Nullable Instant nextTry(AuthorizationId id) {
        Instant now = clock.instant();
        Instant since = authorizations.revokedAt(id, now);
        Duration pause = Duration.between(since, now);
        pause = pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
        Instant next = now.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        return next.isAfter(since.plus(window)) ? null : next;
    }

    /** Only a bug leads here; what it left undone is said with what to do. */
    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        AuthorizationId id = job.authorizationId();
        authorizations.find(id).ifPresent(row -> {
            steps.of(row).forEach(telling -> record(id, telling, steps.broken(telling.kind())));
            authorizations.revocation(id).forEach((kind, outcome) -> {
                if (kind.isLate() && !outcome.isFinal()) {
                    recordUnlessTold(id, steps.broken(kind));
                }
            });
        });
        concludeIfOver(id);
    }

    private void concludeIfOver(AuthorizationId id) {
        oneTransaction.run(() -> {
            lateTokens.lock(id);
            conclude(id);
        });
    }

    private void conclude(AuthorizationId id) {
        AuthorizationRow row = authorizations.find(id).orElse(null);
        Map<Kind, Outcome> known = authorizations.revocation(id);
        boolean waits = known.entrySet().stream()
                .anyMatch(
                        step -> step.getKey() != Kind.CLIENT && !step.getValue().isFinal());
        if (row == null || waits || !steps.of(row).isEmpty()) {
            return;
        }
        if (row.client() != null && !known.containsKey(Kind.CLIENT)) {
            commands.sendAndWait(clientStep.after(row));
        }
        commands.sendAndWait(new RecordProviderRevocation(id, answer(known)));
    }

    private static String answer(Map<Kind, Outcome> known) {
        if (known.isEmpty()) {
            return "The provider of the tokens is not known";
        }
        if (known.containsValue(Outcome.GIVEN_UP)) {
            return "The provider could not be told of everything; revoke Claviger's access there by hand";
        }
        if (known.containsValue(Outcome.REFUSED)) {
            return "The provider was told, and refused at least one of the tokens";
        }
        return known.containsValue(Outcome.DONE)
                ? "The provider was told and agreed"
                : "The provider has no way to be told (RFC 7009); its tokens die when they expire";
    }
}
