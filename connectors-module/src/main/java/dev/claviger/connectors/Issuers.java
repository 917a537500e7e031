package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.FailConnection;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.oauth.api.AuthorizationCommand.ApproveIssuer;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.AuthorizationFacts;
import dev.claviger.oauth.api.AuthorizationQuery.FindAuthorization;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What an admin decides about issuers on the way of an attempt; pages and API use the same way. */
@Component
class Issuers {

    private static final Failure NOT_APPROVED = new Failure(
            FailureCode.ISSUER_CHANGED,
            "The authorization server was not approved, and nothing was sent to it. Connect again to be asked once"
                    + " more.");

    private final Answers answers;
    private final CommandGateway commands;

    Issuers(Answers answers, CommandGateway commands) {
        this.answers = answers;
        this.commands = commands;
    }

    /** Goes on with this issuer, which must be the one that is asked about. */
    void approve(ConnectionId attempt, String issuer) {
        // One that was declined may be on its way to the authorization still.
        if (ConnectionPanel.isOver(answers.need(new FindConnection(attempt), ConnectionProgress.class))) {
            throw new ConnectorRejected(
                    "No issuer waits for approval here; connect again to see what the server names.");
        }
        commands.sendAndWait(new ApproveIssuer(new AuthorizationId(attempt.value()), issuer));
        answers.until(() -> !awaitsApproval(attempt));
    }

    /** Ends the attempt; the connection before it stays, and is used again when the server names its issuer again. */
    void decline(ConnectionId attempt) {
        ConnectionProgress progress = answers.need(new FindConnection(attempt), ConnectionProgress.class);
        if (progress.state() != ConnectionState.AWAITING_APPROVAL) {
            throw new ConnectorRejected("No issuer waits for approval here.");
        }
        commands.sendAndWait(new FailConnection(progress.connectorId(), attempt, NOT_APPROVED));
        answers.until(() -> !awaitsApproval(attempt));
    }

    /** The two issuers that ended the attempt because they differ; null: it did not end so. */
    @Nullable
    IssuerException mismatch(ConnectionProgress progress) {
        Failure failure = progress.failure();
        return failure == null || failure.code() != FailureCode.ISSUER_MISMATCH
                ? null
                : answers.maybe(
                                new FindAuthorization(new AuthorizationId(
                                        progress.connectionId().value())),
                                AuthorizationFacts.class)
                        .map(AuthorizationFacts::mismatch)
                        .orElse(null);
    }

    private boolean awaitsApproval(ConnectionId attempt) {
        return answers.need(new FindConnection(attempt), ConnectionProgress.class)
                        .state()
                == ConnectionState.AWAITING_APPROVAL;
    }
}
