package dev.claviger.connectors;

import dev.claviger.connectors.api.ReceiptQuery.ReceiptOutcome;
import dev.claviger.toolsync.api.ToolCatalogEvent.ProbeVerdict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * When a server is asked again whether it takes a revoked token: after as long again as it has been since the revocation,
 * soon after the token's own end, and for the last time when the window closes.
 */
@Component
class ProbePlan {

    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final Duration AFTER_EXPIRY = Duration.ofMinutes(1);

    /** @param again null: nothing more is asked */
    record Next(
            ReceiptOutcome outcome, String detail, @Nullable Instant again) {}

    private final Duration window;

    ProbePlan(@Value("${claviger.revocation.window:7d}") Duration window) {
        this.window = window;
    }

    /** @param told whether the provider took a revocation: where it did not, asking again would bring nothing new */
    Next after(
            ProbeVerdict verdict,
            String detail,
            Instant revokedAt,
            Instant at,
            @Nullable Instant expiresAt,
            boolean told) {
        return switch (verdict) {
            case REFUSED -> new Next(ReceiptOutcome.DONE, detail, null);
            case LISTS_TO_ANYBODY -> new Next(ReceiptOutcome.NOT_SUPPORTED, detail, null);
            case NOT_ASKED -> new Next(ReceiptOutcome.GIVEN_UP, detail, null);
            case ACCEPTED, UNCLEAR -> {
                Instant again = told ? again(revokedAt, at, expiresAt) : null;
                boolean taken = verdict == ProbeVerdict.ACCEPTED;
                yield again == null
                        ? new Next(ReceiptOutcome.GIVEN_UP, detail + lastWord(taken, at, expiresAt), null)
                        : new Next(ReceiptOutcome.WAITING, detail + (taken ? until(at, expiresAt) : ""), again);
            }
        };
    }

    private @Nullable Instant again(Instant revokedAt, Instant at, @Nullable Instant expiresAt) {
        Instant end = revokedAt.plus(window);
        if (!at.isBefore(end)) {
            return null;
        }
        Duration pause = Duration.between(revokedAt, at);
        pause = pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        Instant next = at.plus(pause);
        if (expiresAt != null) {
            Instant dead = expiresAt.plus(AFTER_EXPIRY);
            next = at.isBefore(dead) && dead.isBefore(next) ? dead : next;
        }
        return next.isBefore(end) ? next : end;
    }

    /** Many a server checks a token by its signature alone, and cannot know better. */
    private static String until(Instant at, @Nullable Instant expiresAt) {
        if (expiresAt == null) {
            return " Its issuer did not say when it expires.";
        }
        return expiresAt.isAfter(at)
                ? " Still accepted until " + Moment.utc(expiresAt) + " at the latest, when the token expires."
                : " It should have expired at " + Moment.utc(expiresAt) + ".";
    }

    private static String lastWord(boolean taken, Instant at, @Nullable Instant expiresAt) {
        return (taken ? until(at, expiresAt) : "")
                + " Nothing more is tried: see to it at the provider that Claviger's access is gone.";
    }
}
