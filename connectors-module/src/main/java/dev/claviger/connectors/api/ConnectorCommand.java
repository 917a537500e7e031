package dev.claviger.connectors.api;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.SecretRef;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What may be asked of a connector. */
public sealed interface ConnectorCommand {

    ConnectorId connectorId();

    /** Repeating it does nothing. Refused when the name or its server key is taken. */
    record CreateConnector(@TargetAggregateIdentifier ConnectorId connectorId, ConnectorSettings settings)
            implements ConnectorCommand {}

    /**
     * Changes the settings. Another URL, auth type, header name, mode or client drops the connections that no longer fit.
     * Refused when the name or its server key is taken.
     */
    record EditConnector(@TargetAggregateIdentifier ConnectorId connectorId, ConnectorSettings settings)
            implements ConnectorCommand {}

    /** Ends every connection, then the connector; the history stays. Repeating it does nothing. */
    record RemoveConnector(@TargetAggregateIdentifier ConnectorId connectorId) implements ConnectorCommand {}

    /**
     * Begins a connection; the one that serves now goes on serving until this one is established. The same connection id
     * twice does nothing.
     *
     * @param agentId whose connection, for per-agent connectors; otherwise null
     * @param token the sealed bearer token or API key; null for {@code oauth} and {@code none}
     * @param boundTo see {@code StartAuthorization}
     * @param stepUp what a server wanted beyond what was granted; null: an ordinary connect. Refused when more was asked
     *     for twice within the hour for the same operation and slot: the server is not to be satisfied (C57)
     * @param tokenExpiresAt when the token that was entered dies, as whoever entered it says; null: nobody told
     */
    record Connect(
            @TargetAggregateIdentifier ConnectorId connectorId,
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            @Nullable SecretRef token,
            String boundTo,
            @Nullable StepUp stepUp,
            @Nullable Instant tokenExpiresAt)
            implements ConnectorCommand {

        /** With a token whose end nobody told, or with none. */
        public Connect(
                ConnectorId connectorId,
                ConnectionId connectionId,
                @Nullable AgentId agentId,
                @Nullable SecretRef token,
                String boundTo,
                @Nullable StepUp stepUp) {
            this(connectorId, connectionId, agentId, token, boundTo, stepUp, null);
        }
    }

    /**
     * @param operation what was refused, for example {@code tools/call create_issue}
     * @param scope challenged, space separated
     */
    record StepUp(String operation, String scope) {}

    /**
     * An operation went through: earlier refusals of it for want of scope count no more. Does nothing where there were none.
     */
    record ForgetStepUps(
            @TargetAggregateIdentifier ConnectorId connectorId,
            @Nullable AgentId agentId,
            String operation) implements ConnectorCommand {}

    /**
     * The connection works: it takes the place of the one that served, or waits for an admin where it is of another account
     * than expected. Only in the state that waits for it.
     *
     * @param identification whose account it is; null: nobody was asked
     */
    record EstablishConnection(
            @TargetAggregateIdentifier ConnectorId connectorId,
            ConnectionId connectionId,
            boolean toolsKnown,
            @Nullable Identification identification)
            implements ConnectorCommand {

        public EstablishConnection(ConnectorId connectorId, ConnectionId connectionId, boolean toolsKnown) {
            this(connectorId, connectionId, toolsKnown, null);
        }
    }

    /** Establishes a connection that waits because of its account, which is the one expected from now on. */
    record AcceptAccount(@TargetAggregateIdentifier ConnectorId connectorId, ConnectionId connectionId)
            implements ConnectorCommand {}

    /**
     * Says whose account a connection should be; from the next connect on another one waits for an admin.
     *
     * @param agentId whose slot, for per-agent connectors; otherwise null
     * @param expected subject, e-mail address or user name, compared letter by letter; null: whoever comes next is right
     */
    record ExpectAccount(
            @TargetAggregateIdentifier ConnectorId connectorId,
            @Nullable AgentId agentId,
            @Nullable String expected) implements ConnectorCommand {}

    /** The attempt came to nothing; the connection that served goes on. Only in the state that waits for it. */
    record FailConnection(
            @TargetAggregateIdentifier ConnectorId connectorId, ConnectionId connectionId, Failure failure)
            implements ConnectorCommand {}

    /** Ends the live connection of an agent, or the shared one, and stops a pending attempt; credentials are revoked. */
    record Disconnect(
            @TargetAggregateIdentifier ConnectorId connectorId,
            @Nullable AgentId agentId,
            String reason) implements ConnectorCommand {}
}
