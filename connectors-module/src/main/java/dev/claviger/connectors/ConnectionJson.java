package dev.claviger.connectors;

import dev.claviger.connectors.ConnectorJson.FailureAnswer;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ExpectedAccount;
import dev.claviger.connectors.api.ConnectorQuery.IssuerChange;
import dev.claviger.credentials.api.Identification;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Connection attempts as the admin API has them. */
final class ConnectionJson {

    private ConnectionJson() {}

    /**
     * Asks for a connection.
     *
     * @param connectionId chosen by the client so that a repeated request does nothing
     * @param agentId whose, for per-agent connectors: {@code agent:<uuid>} or the bare UUID
     * @param token bearer token or API key, where the auth type wants one
     * @param tokenExpiresAt when that dies, where it is known; from then on it is handed out no more
     */
    record Body(
            @Nullable UUID connectionId,
            @Nullable String agentId,
            @Nullable TypedSecret token,
            @Nullable Instant tokenExpiresAt) {}

    /** @param issuer the one to approve, as the answer to the connect named it */
    record Approval(@Nullable String issuer) {}

    /**
     * Accepts one pair of issuers, and connects.
     *
     * @param expected the issuer that the server names
     * @param published the issuer that its metadata names
     * @param connectionId as in {@link Body}
     * @param agentId as in {@link Body}
     */
    record Acceptance(
            @Nullable String expected,
            @Nullable String published,
            @Nullable UUID connectionId,
            @Nullable String agentId) {}

    record Step(
            String name,
            String state,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String facts) {}

    /**
     * The next step of whoever asked, and how far it has come.
     *
     * @param next {@code connected}, {@code approval_required}, {@code authorization_required}, {@code
     *     account_confirmation_required}, {@code failed}, {@code pending} or {@code ended}
     * @param authorizationUrl where a browser goes now, with {@code authorization_required}; only for the token that
     *     began the attempt
     * @param formerIssuer the one to be left, with {@code approval_required}; null: none, the question is whether the
     *     entered client may be shown to {@code issuer}
     * @param issuer the one to be approved, with {@code approval_required}
     * @param identification whose account it is; null: not known yet, or nobody was asked
     * @param expectedAccount whose it should be, with {@code account_confirmation_required}
     * @param issuerMismatch the two issuers that differ, where that was the failure and can be accepted
     */
    record Answer(
            String next,
            ConnectionId connectionId,
            ConnectorId connectorId,
            @Nullable AgentId agentId,
            @Nullable String authorizationUrl,
            @Nullable FailureAnswer failure,
            List<Step> steps,
            @Nullable String formerIssuer,
            @Nullable String issuer,
            @Nullable IssuerException issuerMismatch,
            @Nullable Identification identification,
            @Nullable ExpectedAccount expectedAccount) {

        static Answer of(
                ConnectionProgress progress,
                Optional<String> authorizationUrl,
                @Nullable IssuerException mismatch,
                String publicUrl) {
            IssuerChange change = progress.issuerChange();
            return new Answer(
                    next(progress.state()),
                    progress.connectionId(),
                    progress.connectorId(),
                    progress.agentId(),
                    authorizationUrl.orElse(null),
                    FailureAnswer.of(progress.failure(), publicUrl),
                    progress.steps().stream()
                            .map(step -> new Step(
                                    Words.lower(step.name()),
                                    Words.lower(step.state()),
                                    step.startedAt(),
                                    step.finishedAt(),
                                    step.facts()))
                            .toList(),
                    change == null ? null : change.former(),
                    change == null ? null : change.issuer(),
                    mismatch,
                    progress.identification(),
                    progress.expected());
        }

        private static String next(ConnectionState state) {
            return switch (state) {
                case RUNNING -> "pending";
                case AWAITING_APPROVAL -> "approval_required";
                case AWAITING_CONSENT -> "authorization_required";
                case AWAITING_ACCOUNT -> "account_confirmation_required";
                case LIVE -> "connected";
                case FAILED -> "failed";
                case REPLACED, ENDED -> "ended";
            };
        }

        /** Hides the URL, which carries the {@code state}. */
        @Override
        public String toString() {
            return "Answer[" + next + " " + connectionId + "]";
        }
    }
}
