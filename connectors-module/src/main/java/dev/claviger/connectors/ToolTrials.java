package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentConnection;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.ForgetStepUps;
import dev.claviger.connectors.api.ConnectorCommand.StepUp;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.oauth.api.AuthorizationCommand.RecordScopeChallenge;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.AuthorizationFacts;
import dev.claviger.oauth.api.AuthorizationQuery.FindAuthorization;
import dev.claviger.oauth.api.ScopeChallenge;
import dev.claviger.toolsync.api.ToolCalls;
import dev.claviger.toolsync.api.ToolCalls.InputPolicy;
import dev.claviger.toolsync.api.ToolCalls.Outcome;
import dev.claviger.toolsync.api.ToolCalls.ToolCall;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Calls a tool for a person, with the credential of the slot; begins to connect where the server wants another or more. */
@Component
class ToolTrials {

    /**
     * What to call.
     *
     * @param agentId for whom, of a per-agent connector; otherwise null
     * @param answers prepared answers to elicitations, by key
     * @param boundTo who may give the consent that the call may turn out to need
     */
    record Trial(
            ConnectorId connectorId,
            @Nullable AgentId agentId,
            UUID callId,
            String tool,
            ObjectNode arguments,
            InputPolicy input,
            Map<String, ObjectNode> answers,
            String boundTo) {

        /** The same once more, after it was refused unprocessed. */
        Trial again() {
            return new Trial(connectorId, agentId, UUID.randomUUID(), tool, arguments, input, answers, boundTo);
        }

        /** Names what is tried, for scopes and for the history. */
        String operation() {
            return CALL + tool;
        }
    }

    /** How it ended. */
    sealed interface Ending {

        /** @param outcome never {@link Outcome.Challenged} */
        record Called(Outcome outcome, Duration took) implements Ending {}

        /**
         * The call was refused unprocessed; call again when the attempt is live.
         *
         * @param scope what the server wants beyond what was granted; null: it wants another token
         */
        record Connecting(ConnectionId attempt, @Nullable String scope) implements Ending {}
    }

    /** How the operations begin that are tool calls. */
    static final String CALL = "tools/call ";

    private final Answers answers;
    private final ToolCalls calls;
    private final IssuerRows issuers;
    private final Renewals renewals;
    private final CommandGateway commands;

    ToolTrials(Answers answers, ToolCalls calls, IssuerRows issuers, Renewals renewals, CommandGateway commands) {
        this.answers = answers;
        this.calls = calls;
        this.issuers = issuers;
        this.renewals = renewals;
        this.commands = commands;
    }

    /** @throws ConnectorRejected when there is no credential to call with, or the agent does not fit */
    Ending call(Trial trial) {
        ConnectorDetail connector = answers.need(new FindConnector(trial.connectorId()), ConnectorDetail.class);
        if (connector.removed()) {
            throw new NotFound("This connector is removed.");
        }
        ConnectorSettings settings = connector.settings();
        ConnectionId connection = connection(connector, trial.agentId());
        long start = System.nanoTime();
        Outcome outcome = calls.call(new ToolCall(
                new ToolCatalogId(trial.connectorId().value()),
                trial.callId(),
                trial.tool(),
                trial.arguments(),
                settings.url(),
                settings.customHeaders(),
                connection == null ? null : new CredentialId(connection.value()),
                trial.input(),
                trial.answers()));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (outcome instanceof Outcome.Challenged challenged) {
            return settings.authType() == AuthType.OAUTH
                    ? mend(trial, Objects.requireNonNull(connection, "of an OAuth connector"), challenged, took)
                    : new Ending.Called(new Outcome.Failed(refused(challenged, "replace the credential")), took);
        }
        if (settings.authType() == AuthType.OAUTH && !(outcome instanceof Outcome.Failed)) {
            commands.sendAndWait(new ForgetStepUps(trial.connectorId(), trial.agentId(), trial.operation()));
        }
        return new Ending.Called(outcome, took);
    }

    private @Nullable ConnectionId connection(ConnectorDetail connector, @Nullable AgentId agentId) {
        ConnectorSettings settings = connector.settings();
        boolean perAgent = settings.mode() == CredentialMode.PER_AGENT && settings.authType() != AuthType.NONE;
        if (perAgent == (agentId == null)) {
            throw new ConnectorRejected(
                    perAgent
                            ? "Say for which agent to call: each has its own credential here."
                            : "Leave the agent out: this connector is called with the same credential for everybody.",
                    "agentId");
        }
        if (settings.authType() == AuthType.NONE) {
            return null;
        }
        ConnectionId live = agentId == null ? connector.sharedConnection() : live(agentId, connector);
        if (live == null) {
            throw new ConnectorRejected("Connect " + settings.name() + " first; then its tools can be called.");
        }
        if (issuers.moved(live.value()) != null) {
            throw new ConnectorRejected(settings.name() + " names another authorization server than the one it was"
                    + " connected with; connect again and approve that first.");
        }
        return live;
    }

    private @Nullable ConnectionId live(AgentId agentId, ConnectorDetail connector) {
        return answers.need(new FindAgent(agentId), AgentDetail.class).connections().stream()
                .filter(own -> own.connectorId().equals(connector.row().connectorId()))
                .map(AgentConnection::live)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Ending mend(Trial trial, ConnectionId connection, Outcome.Challenged challenged, Duration took) {
        if (challenged.status() == 401) {
            // A new attempt looks for the authorization server again: it may have moved (C9).
            return new Ending.Connecting(renewals.begin(trial, null), null);
        }
        String scope = ScopeChallenge.of(challenged.challenges())
                .map(ScopeChallenge::scope)
                .orElse(null);
        if (scope == null) {
            return new Ending.Called(
                    new Outcome.Failed(refused(challenged, "let an account with more rights connect")), took);
        }
        StepUp stepUp = new StepUp(trial.operation(), scope);
        commands.sendAndWait(
                new RecordScopeChallenge(new AuthorizationId(connection.value()), trial.operation(), scope));
        try {
            return new Ending.Connecting(renewals.begin(trial, stepUp), scope);
        } catch (ConnectorRejected e) {
            if (!Connector.STEP_UP.equals(e.field())) {
                throw e;
            }
            return new Ending.Called(new Outcome.Failed(insufficient(connection, scope)), took);
        }
    }

    private static Failure refused(Outcome.Challenged challenged, String advice) {
        return new Failure(
                FailureCode.CREDENTIAL_REFUSED,
                "The server answered HTTP %d to the call; %s".formatted(challenged.status(), advice));
    }

    private Failure insufficient(ConnectionId connection, String challenged) {
        AuthorizationFacts facts = answers.maybe(
                        new FindAuthorization(new AuthorizationId(connection.value())), AuthorizationFacts.class)
                .orElse(null);
        return new Failure(
                FailureCode.INSUFFICIENT_SCOPE,
                "The server still wants more scope after it was asked for twice. Asked: %s. Granted: %s. Wanted: %s."
                        .formatted(
                                scope(facts == null ? null : facts.askedScope()),
                                scope(facts == null ? null : facts.grantedScope()),
                                scope(challenged)));
    }

    private static String scope(@Nullable String scope) {
        return scope == null || scope.isBlank() ? "none named" : scope;
    }
}
