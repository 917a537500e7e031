package dev.claviger.oauth;

import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.RevocationStep.Kind;
import dev.claviger.credentials.api.RevocationStep.Outcome;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.oauth.AuthorizationOutcome.RecordProviderRevocation;
import dev.claviger.oauth.AuthorizationOutcome.RecordRevocationStep;
import dev.claviger.oauth.api.AuthorizationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final ProviderSteps steps;
    private final ClientStep clientStep;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final Clock clock;
    private final Duration window;

    /** @param window how long after the revocation here a provider is asked that does not answer */
    RevokeAtProvider(
            AuthorizationTable authorizations,
            ProviderSteps steps,
            ClientStep clientStep,
            OneTransaction oneTransaction,
            CommandGateway commands,
            Clock clock,
            @Value("${claviger.revocation.window:7d}") Duration window) {
        super("oauth.revoke-at-provider", AuthorizationJob.class, 6, Duration.ofSeconds(2));
        this.authorizations = authorizations;
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
        authorizations.find(id).ifPresent(row -> {
            Instant nextTry = nextTry(id);
            Map<Kind, Outcome> known = authorizations.revocation(id);
            for (Kind kind : steps.of(row)) {
                if (!isOver(known, kind)) {
                    commands.sendAndWait(new RecordRevocationStep(id, steps.perform(row, kind, nextTry)));
                }
            }
        });
        concludeIfOver(id);
    }

    private static boolean isOver(Map<Kind, Outcome> known, Kind kind) {
        Outcome outcome = known.get(kind);
        return outcome != null && outcome.isFinal();
    }

    /** As long again as it has been tried already; null: the window is over, so this try is the last. */
    private @Nullable Instant nextTry(AuthorizationId id) {
        Instant now = clock.instant();
        Instant since = authorizations.revokedAt(id).orElse(now);
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
            Map<Kind, Outcome> known = authorizations.revocation(id);
            steps.of(row).stream()
                    .filter(kind -> !isOver(known, kind))
                    .forEach(kind -> commands.sendAndWait(new RecordRevocationStep(id, steps.broken(kind))));
        });
        concludeIfOver(id);
    }

    private void concludeIfOver(AuthorizationId id) {
        Optional<AuthorizationRow> row = authorizations.find(id);
        List<Kind> all = row.map(steps::of).orElse(List.of());
        Map<Kind, Outcome> known = authorizations.revocation(id);
        if (row.isEmpty() || !all.stream().allMatch(kind -> isOver(known, kind))) {
            return;
        }
        oneTransaction.run(() -> {
            if (row.get().client() != null && !known.containsKey(Kind.CLIENT)) {
                commands.sendAndWait(clientStep.after(row.get()));
            }
            commands.sendAndWait(new RecordProviderRevocation(id, answer(all, known)));
        });
    }

    private static String answer(List<Kind> all, Map<Kind, Outcome> known) {
        if (all.isEmpty()) {
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
