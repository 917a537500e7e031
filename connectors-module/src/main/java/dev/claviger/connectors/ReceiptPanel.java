package dev.claviger.connectors;

import dev.claviger.connectors.Words.Badge;
import dev.claviger.connectors.api.ReceiptQuery.Receipt;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptOutcome;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptStep;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptStepName;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A receipt on a page.
 *
 * @param waitingFor the steps that are still tried, in words; null: none
 * @param nextTry the next of them
 * @param byHand whether somebody should see to something at the provider
 */
record ReceiptPanel(
        UUID uuid,
        UUID connector,
        String connectorName,
        @Nullable UUID agent,
        @Nullable String agentName,
        Badge state,
        String auth,
        String reason,
        @Nullable String askedBy,
        @Nullable Moment revoked,
        @Nullable Moment completed,
        @Nullable String serverUrl,
        @Nullable String issuer,
        @Nullable Moment tokenExpires,
        List<Line> steps,
        List<String> fingerprints,
        boolean anyFingerprints,
        @Nullable String waitingFor,
        @Nullable Moment nextTry,
        boolean byHand) {

    /** One step; {@code tries} is null where there was one. */
    record Line(
            String what,
            Badge outcome,
            String detail,
            @Nullable Moment at,
            @Nullable String tries,
            @Nullable Moment nextTry) {}

    static ReceiptPanel of(Receipt receipt, Instant now) {
        List<ReceiptStep> waiting = receipt.steps().stream()
                .filter(step -> step.outcome() == ReceiptOutcome.WAITING)
                .toList();
        boolean byHand = receipt.steps().stream()
                .anyMatch(step -> step.outcome() == ReceiptOutcome.GIVEN_UP
                        || step.outcome() == ReceiptOutcome.REFUSED
                        || step.name() == ReceiptStepName.PROVIDER);
        return new ReceiptPanel(
                receipt.connectionId().value(),
                receipt.connectorId().value(),
                receipt.connectorName(),
                receipt.agentId() == null ? null : receipt.agentId().value(),
                receipt.agentName(),
                receipt.pending()
                        ? new Badge("warn", "Under way")
                        : byHand ? new Badge("warn", "Complete, see below") : new Badge("ok", "Complete"),
                Words.auth(receipt.authType()),
                receipt.reason(),
                receipt.askedBy(),
                Moment.of(receipt.revokedAt(), now),
                Moment.of(receipt.completedAt(), now),
                receipt.serverUrl(),
                receipt.issuer(),
                Moment.of(receipt.tokenExpiresAt(), now),
                receipt.steps().stream().map(step -> line(step, now)).toList(),
                receipt.fingerprints(),
                !receipt.fingerprints().isEmpty(),
                waiting.isEmpty()
                        ? null
                        : waiting.stream().map(step -> what(step.name())).collect(Collectors.joining(", ")),
                Moment.of(
                        waiting.stream()
                                .map(ReceiptStep::nextTry)
                                .filter(Objects::nonNull)
                                .min(Instant::compareTo)
                                .orElse(null),
                        now),
                byHand);
    }

    private static Line line(ReceiptStep step, Instant now) {
        return new Line(
                what(step.name()),
                outcome(step.outcome()),
                step.detail(),
                Moment.of(step.at(), now),
                step.tries() > 1 ? step.tries() + " tries" : null,
                Moment.of(step.nextTry(), now));
    }

    private static String what(ReceiptStepName name) {
        return switch (name) {
            case UNUSABLE_HERE -> "Unusable in Claviger";
            case PROVIDER -> "Provider told";
            case REFRESH_TOKEN -> "Refresh token revoked";
            case ACCESS_TOKEN -> "Access token revoked";
            case LATE_REFRESH_TOKEN -> "Late refresh token revoked";
            case LATE_ACCESS_TOKEN -> "Late access token revoked";
            case INTROSPECTION -> "Inactive by introspection";
            case SERVER_REFUSES -> "Refused by the MCP server";
            case CLIENT -> "Client deleted";
            case SHREDDED -> "Secrets destroyed";
        };
    }

    private static Badge outcome(ReceiptOutcome outcome) {
        return switch (outcome) {
            case DONE -> new Badge("ok", "Done");
            case NOT_SUPPORTED -> new Badge("muted", "Not possible here");
            case KEPT -> new Badge("muted", "Kept");
            case REFUSED -> new Badge("bad", "Refused");
            case WAITING -> new Badge("warn", "Waiting");
            case GIVEN_UP -> new Badge("bad", "Not done");
        };
    }
}
