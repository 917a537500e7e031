package dev.claviger.connectors.api;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.SecretRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happened to a connector and its connections. */
public sealed interface ConnectorEvent {

    ConnectorId connectorId();

    /** @param serverKey the middle part of {@code mcp__<server_key>__<tool>} */
    record ConnectorCreated(ConnectorId connectorId, ConnectorSettings settings, String serverKey)
            implements ConnectorEvent {}

    /**
     * @param dropped what no longer fitted and was dropped, in words; null: nothing
     * @param formerUrl the URL before, when it changed: the tools listed there are forgotten; otherwise null
     */
    record ConnectorEdited(
            ConnectorId connectorId,
            ConnectorSettings settings,
            String serverKey,
            @Nullable String dropped,
            @Nullable String formerUrl)
            implements ConnectorEvent {}

    /**
     * Another secret, or none, took the place of this one; it goes once no connection made with it needs it.
     *
     * @param kind {@code private_key}, {@code identity_provider_secret} or {@code subject_token}; null: a client secret
     */
    record ClientSecretDropped(
            ConnectorId connectorId,
            SecretRef clientSecret,
            @Nullable String kind) implements ConnectorEvent {}

    record ConnectorRemoved(ConnectorId connectorId, String name) implements ConnectorEvent {}

    /**
     * Somebody clicked Connect.
     *
     * @param settings as they are now; the attempt keeps to them
     * @param syncTools whether the first listing belongs to this attempt: always for a shared connector, for a per-agent
     *     one only while its tools are unknown
     * @param previous the connection this connector was last authorized with, whoever's: its issuer is the one expected;
     *     null: none yet
     * @param stepUp why more scope is asked for; null: an ordinary connect
     * @param tokenExpiresAt when the token that was entered dies, as whoever entered it says; null: nobody told
     */
    record ConnectionRequested(
            ConnectorId connectorId,
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            ConnectorSettings settings,
            @Nullable SecretRef token,
            boolean syncTools,
            String boundTo,
            @Nullable ConnectionId previous,
            ConnectorCommand.@Nullable StepUp stepUp,
            @Nullable Instant tokenExpiresAt)
            implements ConnectorEvent {

        /** With a token whose end nobody told, or with none. */
        public ConnectionRequested(
                ConnectorId connectorId,
                ConnectionId connectionId,
                @Nullable AgentId agentId,
                ConnectorSettings settings,
                @Nullable SecretRef token,
                boolean syncTools,
                String boundTo,
                @Nullable ConnectionId previous,
                ConnectorCommand.@Nullable StepUp stepUp) {
            this(connectorId, connectionId, agentId, settings, token, syncTools, boundTo, previous, stepUp, null);
        }
    }

    /**
     * @param replaced the connection that served before; its credential is revoked now
     * @param toolsKnown whether the server's tools were known by then
     * @param identification whose account it is; null: nobody was asked, or stored before anybody was
     */
    record ConnectionEstablished(
            ConnectorId connectorId,
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            AuthType authType,
            @Nullable ConnectionId replaced,
            boolean toolsKnown,
            @Nullable Identification identification)
            implements ConnectorEvent {

        public ConnectionEstablished(
                ConnectorId connectorId,
                ConnectionId connectionId,
                @Nullable AgentId agentId,
                AuthType authType,
                @Nullable ConnectionId replaced,
                boolean toolsKnown) {
            this(connectorId, connectionId, agentId, authType, replaced, toolsKnown, null);
        }
    }

    /**
     * The connection works, but is of another account than expected; it waits, and the one before goes on serving. Holds
     * personal data where the provider told it.
     *
     * @param former the account of the connection before; null: there was none
     * @param expected what an admin said; null: nothing
     */
    record ConnectionHeld(
            ConnectorId connectorId,
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            @Nullable Account former,
            @Nullable String expected,
            Identification found,
            boolean toolsKnown)
            implements ConnectorEvent {}

    /** An admin took the account of a connection that waited. */
    record AccountAccepted(
            ConnectorId connectorId,
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            Identification found) implements ConnectorEvent {}

    /** @param expected null: whoever connects next is right, whosever the connection was before */
    record ExpectedAccountSet(
            ConnectorId connectorId,
            @Nullable AgentId agentId,
            @Nullable String expected) implements ConnectorEvent {}

    record ConnectionFailed(
            ConnectorId connectorId,
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            Failure failure) implements ConnectorEvent {}

    /** A live connection ended; its credential is revoked now. */
    record ConnectionEnded(
            ConnectorId connectorId,
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            AuthType authType,
            String reason)
            implements ConnectorEvent {}

    /** The server let an operation through for which more scope had been asked. */
    record StepUpSucceeded(
            ConnectorId connectorId, @Nullable AgentId agentId, String operation) implements ConnectorEvent {}
}
