package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentCommand.ChooseTools;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.Choosers;
import dev.claviger.connectors.api.AgentQuery.FindChoosers;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.Connect;
import dev.claviger.connectors.api.ConnectorCommand.CreateConnector;
import dev.claviger.connectors.api.ConnectorCommand.EditConnector;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Sealer;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Seals what was typed and sends the commands that refer to it, in one transaction; pages and API use the same way. */
@Component
class Saving {

    private final CommandGateway commands;
    private final OneTransaction transaction;
    private final Sealer sealer;
    private final Answers answers;

    Saving(CommandGateway commands, OneTransaction transaction, Sealer sealer, Answers answers) {
        this.commands = commands;
        this.transaction = transaction;
        this.sealer = sealer;
        this.answers = answers;
    }

    /** Creates the connector and, where {@code attempt} is given, connects it with what was typed. */
    void create(ConnectorId id, ConnectorEntry entry, @Nullable ConnectionId attempt, String boundTo) {
        if (answers.maybe(new FindConnector(id), ConnectorDetail.class).isPresent()) {
            return;
        }
        transaction.run(() -> {
            commands.sendAndWait(new CreateConnector(id, entry.sealed(OAuthSecrets.NONE, sealer::seal)));
            if (attempt != null) {
                connectInside(
                        id, attempt, null, entry.isStatic() ? entry.token().secret() : null, null, boundTo);
            }
        });
        answers.until(() ->
                answers.maybe(new FindConnector(id), ConnectorDetail.class).isPresent());
    }

    /** What the change would drop, in sentences; empty when nothing is lost. */
    List<String> drops(ConnectorDetail before, ConnectorEntry entry) {
        return Drops.of(before, entry, choosers(before, entry).size());
    }

    /** The agents whose choice of tools the change drops. */
    private List<AgentId> choosers(ConnectorDetail before, ConnectorEntry entry) {
        return before.settings().url().equals(entry.url())
                ? List.of()
                : answers.one(new FindChoosers(before.row().connectorId()), Choosers.class)
                        .items();
    }

    /** Changes the settings and, where {@code attempt} is given, connects with them. A blank secret keeps the stored one. */
    void edit(ConnectorDetail before, ConnectorEntry entry, @Nullable ConnectionId attempt, String boundTo) {
        ConnectorId id = before.row().connectorId();
        ConnectorSettings saved = transaction.run(() -> {
            ConnectorSettings settings = entry.sealed(OAuthSecrets.kept(before.settings(), entry), sealer::seal);
            commands.sendAndWait(new EditConnector(id, settings));
            // Tools of one server are not those of another, whatever they are called.
            choosers(before, entry).forEach(agent -> commands.sendAndWait(new ChooseTools(agent, id, Set.of())));
            if (attempt != null) {
                connectInside(
                        id, attempt, null, entry.isStatic() ? entry.token().secret() : null, null, boundTo);
            }
            return settings;
        });
        answers.until(() -> answers.need(new FindConnector(id), ConnectorDetail.class)
                .settings()
                .equals(saved));
    }

    /** Accepts one pair of issuers for the connector, and connects with that. */
    void acceptIssuers(
            ConnectorDetail before,
            IssuerException pair,
            ConnectionId attempt,
            @Nullable AgentId agent,
            String boundTo) {
        if (isKnown(attempt)) {
            return;
        }
        ConnectorSettings settings = before.settings();
        ConnectorId id = before.row().connectorId();
        transaction.run(() -> {
            commands.sendAndWait(
                    new EditConnector(id, settings.with(settings.oauth().accepting(pair))));
            connectInside(id, attempt, agent, null, null, boundTo);
        });
        answers.until(() -> isKnown(attempt));
    }

    /** Has this tool say whose account it is, from the next connect on. Null: none. */
    void askAccountOf(ConnectorDetail before, @Nullable String tool) {
        ConnectorId id = before.row().connectorId();
        commands.sendAndWait(new EditConnector(id, before.settings().askingAccountOf(tool)));
        answers.until(() -> Objects.equals(
                answers.need(new FindConnector(id), ConnectorDetail.class)
                        .settings()
                        .accountTool(),
                tool));
    }

    /**
     * Begins a connection and waits until pages can show it. The same attempt twice does nothing.
     *
     * @param expiresAt when the token dies, where whoever typed it knows
     */
    void connect(
            ConnectorId connector,
            ConnectionId attempt,
            @Nullable AgentId agent,
            @Nullable Secret token,
            @Nullable Instant expiresAt,
            String boundTo) {
        if (!isKnown(attempt)) {
            transaction.run(() -> connectInside(connector, attempt, agent, token, expiresAt, boundTo));
            answers.until(() -> isKnown(attempt));
        }
    }

    private void connectInside(
            ConnectorId connector,
            ConnectionId attempt,
            @Nullable AgentId agent,
            @Nullable Secret token,
            @Nullable Instant expiresAt,
            String boundTo) {
        SecretRef sealed = token == null ? null : sealer.seal(SecretPurpose.STATIC_TOKEN, token);
        commands.sendAndWait(new Connect(connector, attempt, agent, sealed, boundTo, null, expiresAt));
    }

    private boolean isKnown(ConnectionId attempt) {
        return answers.maybe(new FindConnection(attempt), ConnectionProgress.class)
                .isPresent();
    }
}
