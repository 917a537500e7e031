package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.AcceptAccount;
import dev.claviger.connectors.api.ConnectorCommand.ExpectAccount;
import dev.claviger.connectors.api.ConnectorCommand.FailConnection;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.AccountTools;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindAccountTools;
import java.util.List;
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

    /**
     * Who says whose account it is.
     *
     * @param tool the one that an admin chose; null: none
     * @param suggested others that look as if they could, by their name; never called
     */
    record AccountTool(@Nullable String tool, List<String> suggested) {

        /** Whether there is anything to decide. */
        boolean matters() {
            return tool != null || !suggested.isEmpty();
        }
    }

    private final Answers answers;
    private final CommandGateway commands;
    private final Saving saving;

    AccountDecisions(Answers answers, CommandGateway commands, Saving saving) {
        this.answers = answers;
        this.commands = commands;
        this.saving = saving;
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

    /** The tool that is asked, and those that might be. */
    AccountTool tool(ConnectorDetail connector) {
        String chosen = connector.settings().accountTool();
        return new AccountTool(
                chosen,
                connector.settings().authType() == AuthType.NONE
                        ? List.of()
                        : answers
                                .one(
                                        new FindAccountTools(new ToolCatalogId(
                                                connector.row().connectorId().value())),
                                        AccountTools.class)
                                .names()
                                .stream()
                                .filter(name -> !name.equals(chosen))
                                .toList());
    }

    /** @param tool says whose account it is from the next connect on; blank: no tool does */
    void ask(ConnectorDetail connector, @Nullable String tool) {
        saving.askAccountOf(connector, tool == null || tool.isBlank() ? null : tool.strip());
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
