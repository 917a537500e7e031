package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentEvent.AgentRemoved;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorEvent.ClientSecretDropped;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEnded;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionHeld;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorEdited;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.oauth.api.ClientSecretCommand.ForgetClientSecret;
import dev.claviger.toolsync.api.ToolCatalogCommand.ClearCatalog;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sees to what must follow an event whatever happens to this process. */
@Component
@ProcessingGroup("connectors-jobs")
class ConnectionJobs {

    private static final Logger log = LoggerFactory.getLogger(ConnectionJobs.class);

    private final Effects effects;
    private final CommandGateway commands;
    private final Answers answers;
    private final DisconnectAgent disconnectAgent;
    private final ExpireHold expireHold;
    private final JdbcClient jdbc;

    ConnectionJobs(
            Effects effects,
            CommandGateway commands,
            Answers answers,
            DisconnectAgent disconnectAgent,
            ExpireHold expireHold,
            JdbcClient jdbc) {
        this.effects = effects;
        this.commands = commands;
        this.answers = answers;
        this.disconnectAgent = disconnectAgent;
        this.expireHold = expireHold;
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(ConnectionEstablished event) {
        ConnectionId replaced = event.replaced();
        if (replaced != null) {
            revoke(replaced, event.authType(), "A new connection took its place.");
        }
    }

    @EventHandler
    void on(ConnectionHeld event, @Timestamp Instant at) {
        effects.at(
                at.plus(ExpireHold.VALIDITY),
                expireHold,
                event.connectionId().toString(),
                new ExpireHold.Data(event.connectorId(), event.connectionId()));
    }

    @EventHandler
    void on(ConnectionEnded event) {
        revoke(event.connectionId(), event.authType(), event.reason());
    }

    /** At once, not by a job: a listing of the new server may begin right after, and must not be forgotten too. */
    @EventHandler
    void on(ConnectorEdited event) {
        if (event.formerUrl() != null) {
            commands.sendAndWait(new ClearCatalog(
                    new ToolCatalogId(event.connectorId().value()), "The connector's URL is another one now."));
        }
    }

    @EventHandler
    void on(ClientSecretDropped event) {
        commands.sendAndWait(new ForgetClientSecret(event.clientSecret()));
    }

    /** Locks the agent's row first, as {@link ConnectionRows} does: an attempt that begins now is seen, or refused. */
    @EventHandler
    void on(AgentRemoved event) {
        jdbc.sql("select agent_id from connectors.agent where agent_id = :agent for update")
                .param("agent", event.agentId().value())
                .query()
                .listOfRows();
        jdbc.sql("""
                        select distinct connector_id from connectors.connection
                         where agent_id = :agent and state in ('LIVE', 'RUNNING')
                        """)
                .param("agent", event.agentId().value())
                .query(UUID.class)
                .list()
                .forEach(connector -> effects.now(
                        disconnectAgent,
                        event.agentId() + " at " + connector,
                        new DisconnectAgent.Data(
                                new ConnectorId(connector),
                                event.agentId(),
                                "The agent “" + event.name() + "” was removed.")));
    }

    /**
     * In the transaction that ends the connection, not by a job: whoever has seen the offer before gets no credential after
     * it, on whatever node.
     */
    private void revoke(ConnectionId connectionId, AuthType authType, String reason) {
        if (authType == AuthType.NONE) {
            return;
        }
        CredentialId credentialId = new CredentialId(connectionId.value());
        boolean known = !answers.one(new FindCredentials(List.of(credentialId)), CredentialFactsList.class)
                .items()
                .isEmpty();
        if (known) {
            commands.sendAndWait(new RevokeToken(credentialId, reason));
        } else {
            // A rejection would undo the end of the connection too.
            log.error("{} of a live connection is not known, so there is nothing to revoke", credentialId);
        }
    }
}
