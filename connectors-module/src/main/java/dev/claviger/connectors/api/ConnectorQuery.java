package dev.claviger.connectors.api;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.Identification;
import dev.claviger.toolsync.api.HealthState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be asked about connectors and connections. Every answer comes from a projection and holds no secret. */
public sealed interface ConnectorQuery {

    /**
     * Answers a {@link ConnectorPage}, ordered by name.
     *
     * @param search part of name or URL, case ignored; null: all
     * @param attention only those that need somebody: not connected, failed, expiring, reconnect needed
     * @param offset from 0
     * @param limit 1 to 1,000
     */
    record FindConnectors(@Nullable String search, boolean attention, int offset, int limit)
            implements ConnectorQuery {}

    /** Answers a {@link ConnectorDetail} or nothing; removed connectors are found too. */
    record FindConnector(ConnectorId connectorId) implements ConnectorQuery {}

    /** Answers a {@link ConnectorDetail} of a connector that is not removed, or nothing. */
    record FindConnectorByServerKey(String serverKey) implements ConnectorQuery {}

    /** Answers a {@link ConnectionProgress} or nothing. */
    record FindConnection(ConnectionId connectionId) implements ConnectorQuery {}

    /** Answers {@link LiveConnections}: the live ones of a connector, by agent name. {@code limit} is 1 to 1,000. */
    record FindLiveConnections(ConnectorId connectorId, int offset, int limit) implements ConnectorQuery {
        public FindLiveConnections(ConnectorId connectorId, int limit) {
            this(connectorId, 0, limit);
        }
    }

    /** Answers {@link ConnectionAttempts} of a connector, newest first. {@code limit} is 1 to 1,000. */
    record FindAttempts(ConnectorId connectorId, int offset, int limit) implements ConnectorQuery {}

    /**
     * Answers {@link ExpectedAccount}.
     *
     * @param agentId whose slot, for per-agent connectors; otherwise null
     */
    record FindExpectedAccount(
            ConnectorId connectorId, @Nullable AgentId agentId) implements ConnectorQuery {}

    /**
     * Whose account a connection should be; both null: whoever comes is right.
     *
     * @param named what an admin said: subject, e-mail address or user name
     * @param former that of the connection before; counts where nothing is named
     */
    record ExpectedAccount(@Nullable String named, @Nullable Account former) {
        public static final ExpectedAccount NOBODY = new ExpectedAccount(null, null);
    }

    /**
     * Answers a {@link HealthPage}: the live connections with a credential, the refused ones first, then by connector and
     * agent.
     *
     * @param search part of the connector's or agent's name, case ignored; null: all
     * @param state only those found so; null: all
     * @param unchecked only those that were never checked
     * @param offset from 0
     * @param limit 1 to 1,000
     */
    record FindConnectionHealth(
            @Nullable String search, @Nullable HealthState state, boolean unchecked, int offset, int limit)
            implements ConnectorQuery {}

    /**
     * How the credential of a live connection was found at its last check.
     *
     * @param agentId whose; null: everybody's
     * @param state null: not checked yet
     * @param since when it became so; null: not checked yet
     * @param failure why it is not healthy
     */
    record ConnectionHealth(
            ConnectionId connectionId,
            ConnectorId connectorId,
            String connectorName,
            @Nullable AgentId agentId,
            @Nullable String agentName,
            AuthType authType,
            @Nullable HealthState state,
            @Nullable Instant since,
            @Nullable Failure failure) {}

    /**
     * @param total number of connections that match
     * @param counts of all live connections with a credential, whatever was asked for
     */
    record HealthPage(List<ConnectionHealth> items, int total, HealthCounts counts) {}

    /** @param unchecked never checked until now */
    record HealthCounts(int healthy, int refused, int unreachable, int unproven, int unchecked) {
        public int all() {
            return healthy + refused + unreachable + unproven + unchecked;
        }
    }

    /**
     * One line of the list.
     *
     * @param liveConnections 0 or 1 for shared, any number for per-agent
     * @param toolCount number of tools known
     * @param expiresAt when the shared credential dies if nobody acts; null: unknown, never, or refreshed by itself
     * @param needingConsent number of live connections whose grant is dead
     * @param expiring number of live connections that die within a week if nobody acts
     * @param failure of the latest attempt, refresh or listing when it failed; an unreachable token endpoint counts once
     *     the token has expired; otherwise why a server refuses a credential, when it does
     */
    record ConnectorRow(
            ConnectorId connectorId,
            String name,
            String serverKey,
            String url,
            AuthType authType,
            CredentialMode mode,
            ConnectorStatus status,
            int liveConnections,
            int toolCount,
            @Nullable Instant lastSyncedAt,
            @Nullable Instant expiresAt,
            int needingConsent,
            int expiring,
            @Nullable Failure failure) {}

    /** @param total number of connectors that match */
    record ConnectorPage(List<ConnectorRow> items, int total) {}

    /** @param sharedConnection the live shared connection, null where there is none */
    record ConnectorDetail(
            ConnectorRow row,
            ConnectorSettings settings,
            @Nullable ConnectionId sharedConnection,
            @Nullable ConnectionId pendingConnection,
            boolean removed,
            Instant createdAt) {}

    /**
     * A live connection of an agent or the shared one (agent null).
     *
     * @param expiresAt when its credential dies if nobody acts; null: unknown, never, or refreshed by itself
     * @param failure why its credential cannot be refreshed, when it cannot, or why its server refuses it
     * @param identification whose account it is; null: nobody was asked
     */
    record LiveConnection(
            ConnectionId connectionId,
            ConnectorId connectorId,
            @Nullable AgentId agentId,
            @Nullable String agentName,
            Instant since,
            boolean needsConsent,
            @Nullable Instant expiresAt,
            @Nullable Failure failure,
            @Nullable Identification identification) {}

    /** Collects the answer of {@link FindLiveConnections}. */
    record LiveConnections(List<LiveConnection> items, int total) {}

    /**
     * One attempt to connect and what became of it.
     *
     * @param state never {@link ConnectionState#AWAITING_CONSENT}, {@link ConnectionState#AWAITING_APPROVAL} or {@link
     *     ConnectionState#AWAITING_ACCOUNT}: they count as {@code RUNNING} here
     * @param finishedAt when it became live, failed or ended
     */
    record ConnectionAttempt(
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            @Nullable String agentName,
            ConnectionState state,
            Instant requestedAt,
            @Nullable Instant finishedAt,
            @Nullable Failure failure) {}

    /** Collects the answer of {@link FindAttempts}. */
    record ConnectionAttempts(List<ConnectionAttempt> items, int total) {}

    /**
     * How far an attempt has come.
     *
     * @param consentHost where the admin is to be sent now; null: no consent is waited for
     * @param issuerChange what an admin is asked to approve; null: no approval is waited for
     * @param stepUp what was refused for want of scope, for example {@code tools/call create_issue}; null: nothing was
     * @param identification whose account it is; null: not known yet, or nobody was asked
     * @param expected whose account it should be, while an admin is asked; otherwise null
     */
    record ConnectionProgress(
            ConnectionId connectionId,
            ConnectorId connectorId,
            String connectorName,
            @Nullable AgentId agentId,
            AuthType authType,
            ConnectionState state,
            @Nullable String consentHost,
            @Nullable Failure failure,
            List<ConnectionStep> steps,
            @Nullable IssuerChange issuerChange,
            @Nullable String stepUp,
            @Nullable Identification identification,
            @Nullable ExpectedAccount expected) {

        public ConnectionProgress(
                ConnectionId connectionId,
                ConnectorId connectorId,
                String connectorName,
                @Nullable AgentId agentId,
                AuthType authType,
                ConnectionState state,
                @Nullable String consentHost,
                @Nullable Failure failure,
                List<ConnectionStep> steps,
                @Nullable IssuerChange issuerChange,
                @Nullable String stepUp) {
            this(
                    connectionId,
                    connectorId,
                    connectorName,
                    agentId,
                    authType,
                    state,
                    consentHost,
                    failure,
                    steps,
                    issuerChange,
                    stepUp,
                    null,
                    null);
        }
    }

    /**
     * The server names another authorization server than the one it was connected with before, or one to which the entered
     * client was never shown.
     *
     * @param former byte for byte; null: there is none, it is about the entered client
     * @param issuer byte for byte; text from outside
     */
    record IssuerChange(@Nullable String former, String issuer) {}

    /**
     * One step of an attempt, in order.
     *
     * @param state {@code WAITING}, {@code RUNNING}, {@code DONE}, {@code FAILED} or {@code SKIPPED}
     * @param facts one sentence about what was found; may hold untrusted text
     */
    record ConnectionStep(
            StepName name,
            StepState state,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String facts) {}

    /** How a connector stands. */
    enum ConnectorStatus {
        /** Auth type none: needs no credential. */
        NONE,
        /** Shared, and connected. */
        CONFIGURED,
        /** Shared, without a live connection. */
        NOT_CONNECTED,
        /** Shared, and the grant is dead: connect again. */
        NEEDS_CONSENT,
        /** Each agent connects for itself. */
        PER_AGENT
    }

    /** How an attempt stands. */
    enum ConnectionState {
        /** Work of ours is under way. */
        RUNNING,
        /** An admin must approve an issuer; nothing is sent to it before. */
        AWAITING_APPROVAL,
        /** Somebody must consent. */
        AWAITING_CONSENT,
        /** It works, but is of another account than expected; an admin must accept it. */
        AWAITING_ACCOUNT,
        LIVE,
        FAILED,
        /** It was live; another took its place. */
        REPLACED,
        /** It was live and was ended. */
        ENDED
    }

    /** The steps of an attempt; those that an auth type does not need are absent. */
    enum StepName {
        DISCOVER,
        /** Only where the server moved to another issuer, or an entered client names none. */
        APPROVE,
        CLIENT,
        CONSENT,
        TOKEN,
        TOOLS,
        /** Only where a tool is asked whose account it is. */
        ASK_ACCOUNT,
        /** Only where it is of another account than expected. */
        ACCOUNT
    }

    /** How a step stands. */
    enum StepState {
        WAITING,
        RUNNING,
        DONE,
        FAILED,
        SKIPPED
    }
}
