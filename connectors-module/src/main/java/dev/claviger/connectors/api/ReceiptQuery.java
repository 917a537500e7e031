package dev.claviger.connectors.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be asked about the ends of connections. Answers hold no secret. */
public sealed interface ReceiptQuery {

    /** Answers a {@link Receipt} or nothing: the connection lives, or never held a credential. */
    record FindReceipt(ConnectionId connectionId) implements ReceiptQuery {}

    /**
     * Answers {@link Receipts}: those with a step that is still tried, the oldest first.
     *
     * @param connectorId of which connector; null: of all
     * @param limit 1 to 1,000
     */
    record FindPendingReceipts(@Nullable ConnectorId connectorId, int offset, int limit) implements ReceiptQuery {}

    /** Answers {@link Receipts}: those of an agent's own connections, the newest first. {@code limit} is 1 to 1,000. */
    record FindReceiptsOfAgent(AgentId agentId, int offset, int limit) implements ReceiptQuery {}

    /**
     * What was done so that a credential is dead, here and outside, and what was said to it.
     *
     * @param authType what the credential was
     * @param reason why it ended, a sentence
     * @param askedBy who ended it, for example {@code person:ada}; null: not recorded
     * @param issuer the authorization server, byte for byte; null: there is none
     * @param tokenExpiresAt when the access token dies anyway, as its issuer said; null: it did not say
     * @param fingerprints of the secrets that were destroyed
     * @param pending whether a step is still tried
     * @param completedAt when the last step came to its end; null while pending
     */
    record Receipt(
            ConnectionId connectionId,
            ConnectorId connectorId,
            String connectorName,
            @Nullable AgentId agentId,
            @Nullable String agentName,
            AuthType authType,
            String reason,
            @Nullable String askedBy,
            Instant revokedAt,
            @Nullable String serverUrl,
            @Nullable String issuer,
            @Nullable Instant tokenExpiresAt,
            List<ReceiptStep> steps,
            List<String> fingerprints,
            boolean pending,
            @Nullable Instant completedAt) {}

    /**
     * One step, as it stands.
     *
     * @param detail sentences
     * @param at of the latest try
     * @param tries how often it was tried
     * @param nextTry null unless {@link ReceiptOutcome#WAITING}, and there where it is not known
     */
    record ReceiptStep(
            ReceiptStepName name,
            ReceiptOutcome outcome,
            String detail,
            Instant at,
            int tries,
            @Nullable Instant nextTry) {}

    /** Collects the answer of {@link FindPendingReceipts}. */
    record Receipts(List<Receipt> items, int total) {}

    /** The steps, in the order in which a receipt tells them. */
    enum ReceiptStepName {
        /** Nobody is given the credential any more. */
        UNUSABLE_HERE,
        /** Of a token or key that somebody typed: there is nobody to tell. */
        PROVIDER,
        /** RFC 7009. */
        REFRESH_TOKEN,
        /** RFC 7009. */
        ACCESS_TOKEN,
        /** RFC 7009, of a refresh token that came while the credential was revoked. */
        LATE_REFRESH_TOKEN,
        /** RFC 7009, of an access token that came while the credential was revoked. */
        LATE_ACCESS_TOKEN,
        /** RFC 7662. */
        INTROSPECTION,
        /** The MCP server refuses the token. */
        SERVER_REFUSES,
        /** RFC 7592. */
        CLIENT,
        /** The sealed secrets are destroyed. */
        SHREDDED
    }

    /** How a step stands; the words are those of {@code credentials.api.RevocationStep.Outcome}. */
    enum ReceiptOutcome {
        DONE,
        NOT_SUPPORTED,
        KEPT,
        REFUSED,
        WAITING,
        GIVEN_UP
    }
}
