package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.RevocationStep.Kind;
import dev.claviger.credentials.api.RevocationStep.Outcome;
import dev.claviger.credentials.vault.PendingAnswers;
import dev.claviger.oauth.LateTokenTable.LateToken;
import dev.claviger.oauth.api.AuthorizationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Says what there is to say of a refresh that was under way at a revocation: when its answer was lost with the process that
 * waited for it, tokens may live on at the provider that nobody here has seen.
 */
@Component
class LateAnswer {

    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final PendingAnswers answers;
    private final LateTokenTable lateTokens;
    private final AuthorizationTable authorizations;
    private final Clock clock;

    LateAnswer(PendingAnswers answers, LateTokenTable lateTokens, AuthorizationTable authorizations, Clock clock) {
        this.answers = answers;
        this.lateTokens = lateTokens;
        this.authorizations = authorizations;
        this.clock = clock;
    }

    /** Null: there is nothing to say, or it is said. */
    @Nullable
    RevocationStep step(AuthorizationId id) {
        // In this order: the tokens are sealed before they are no longer awaited.
        Optional<Duration> left = answers.of(new CredentialId(id.value()));
        List<LateToken> come = lateTokens.of(id);
        Kind kind = authorizations.token(id, Kind.REFRESH_TOKEN).isPresent()
                ? Kind.LATE_REFRESH_TOKEN
                : Kind.LATE_ACCESS_TOKEN;
        Outcome said = authorizations.revocation(id).get(kind);
        if (come.stream().anyMatch(late -> late.kind() == kind) || (said != null && said.isFinal())) {
            return null;
        }
        if (left.isEmpty() || !come.isEmpty()) {
            return said == null
                    ? null
                    : step(
                            kind,
                            Outcome.NOT_SUPPORTED,
                            "The refresh that was under way has ended and brought no such token; there is nothing to revoke.",
                            null);
        }
        return left.get().isZero()
                ? step(
                        kind,
                        Outcome.GIVEN_UP,
                        "A refresh was under way, and its answer was not seen: tokens may live on that nobody here knows."
                                + " Revoke Claviger's access at the provider by hand.",
                        null)
                : step(
                        kind,
                        Outcome.WAITING,
                        "A refresh was under way at the revocation. Should it bring tokens, they are revoked too.",
                        clock.instant().plus(left.get()).plus(MARGIN));
    }

    private RevocationStep step(Kind kind, Outcome outcome, String detail, @Nullable Instant nextTry) {
        return new RevocationStep(kind, outcome, detail, clock.instant(), nextTry);
    }
}
