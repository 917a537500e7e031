package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.AcceptAccount;
import dev.claviger.connectors.api.ConnectorCommand.ExpectAccount;
import dev.claviger.connectors.api.ConnectorCommand.FailConnection;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What an admin decides about accounts; pages and API use the same way. */
@Component
class AccountDecisions {

    private static final Failure DISCARDED = new Failure(
            FailureCode.WRONG_ACCOUNT,
            "The other account was not accepted, and the new credential was revoked. Connect again and sign in with the"
                    + " account that is expected.");

    private final Answers answers;
    private final CommandGateway commands;

    AccountDecisions(Answers answers, CommandGateway commands) {
        this.answers = answers;
        this.commands = commands;
    }

    /** The account that came is right, and the one expected from now on. */
    void accept(ConnectionId attempt) {
        commands.sendAndWait(new AcceptAccount(held(attempt), attempt));
        answers.until(() -> !isHeld(attempt));
    }

    /** Ends the attempt and revokes what it brought; the connection before it stays. */
    void discard(ConnectionId attempt) {
        commands.sendAndWait(new FailConnection(held(attempt), attempt, DISCARDED));
        answers.until(() -> !isHeld(attempt));
    }

    /** @param expected subject, e-mail address or user name; blank: whoever connects next is right */
    void expect(ConnectorId connector, @Nullable AgentId agent, @Nullable String expected) {
        commands.sendAndWait(
                new ExpectAccount(connector, agent, expected == null || expected.isBlank() ? null : expected.strip()));
    }

    private ConnectorId held(ConnectionId attempt) {
        ConnectionProgress progress = progress(attempt);
        if (progress.state() != ConnectionState.AWAITING_ACCOUNT) {
            throw new ConnectorRejected("No account waits for a decision here.");
        }
        return progress.connectorId();
    }

    private boolean isHeld(ConnectionId attempt) {
        return progress(attempt).state() == ConnectionState.AWAITING_ACCOUNT;
    }

    private ConnectionProgress progress(ConnectionId attempt) {
        return answers.need(new FindConnection(attempt), ConnectionProgress.class);
    }
}
