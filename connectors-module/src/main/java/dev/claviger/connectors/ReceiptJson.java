package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ReceiptQuery.Receipt;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptStep;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receipts as the admin API answers them. */
final class ReceiptJson {

    private ReceiptJson() {}

    record Page(List<Answer> items, int total) {}

    /**
     * What was done so that the credential of an ended connection is dead.
     *
     * @param status {@code complete}, or {@code pending} while a step is still tried
     * @param askedBy who ended it, for example {@code person:ada}
     * @param issuer the authorization server, byte for byte
     * @param tokenExpiresAt when the access token dies anyway, as its issuer said
     * @param fingerprints keyed, of the secrets that were destroyed
     */
    record Answer(
            ConnectionId connectionId,
            ConnectorId connectorId,
            String connectorName,
            @Nullable AgentId agentId,
            @Nullable String agentName,
            String authType,
            String status,
            String reason,
            @Nullable String askedBy,
            Instant revokedAt,
            @Nullable Instant completedAt,
            @Nullable String serverUrl,
            @Nullable String issuer,
            @Nullable Instant tokenExpiresAt,
            List<Step> steps,
            List<String> fingerprints) {

        static Answer of(Receipt receipt) {
            return new Answer(
                    receipt.connectionId(),
                    receipt.connectorId(),
                    receipt.connectorName(),
                    receipt.agentId(),
                    receipt.agentName(),
                    Words.lower(receipt.authType()),
                    receipt.pending() ? "pending" : "complete",
                    receipt.reason(),
                    receipt.askedBy(),
                    receipt.revokedAt(),
                    receipt.completedAt(),
                    receipt.serverUrl(),
                    receipt.issuer(),
                    receipt.tokenExpiresAt(),
                    receipt.steps().stream().map(Step::of).toList(),
                    receipt.fingerprints());
        }
    }

    /**
     * One step as it stands.
     *
     * @param name {@code unusable_here}, {@code provider}, {@code refresh_token}, {@code access_token}, {@code
     *     late_refresh_token}, {@code late_access_token}, {@code introspection}, {@code server_refuses}, {@code client},
     *     {@code shredded}
     * @param outcome {@code done}, {@code not_supported}, {@code kept}, {@code refused}, {@code waiting}, {@code given_up}
     */
    record Step(
            String name,
            String outcome,
            String detail,
            Instant at,
            int tries,
            @Nullable Instant nextTry) {
        static Step of(ReceiptStep step) {
            return new Step(
                    Words.lower(step.name()),
                    Words.lower(step.outcome()),
                    step.detail(),
                    step.at(),
                    step.tries(),
                    step.nextTry());
        }
    }
}
