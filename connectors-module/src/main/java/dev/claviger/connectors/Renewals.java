package dev.claviger.connectors;

import dev.claviger.connectors.ToolTrials.Trial;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.Connect;
import dev.claviger.connectors.api.ConnectorCommand.StepUp;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempt;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempts;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.FindAttempts;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.AuthorizationFacts;
import dev.claviger.oauth.api.AuthorizationQuery.ConsentLink;
import dev.claviger.oauth.api.AuthorizationQuery.FindAuthorization;
import dev.claviger.oauth.api.AuthorizationQuery.FindConsent;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Begins to connect anew where a call needs another token or more scope. */
@Component
class Renewals {

    /** Attempts looked through for one that waits. */
    private static final int LATEST = 20;

    private final Answers answers;
    private final CommandGateway commands;

    Renewals(Answers answers, CommandGateway commands) {
        this.answers = answers;
        this.commands = commands;
    }

    /**
     * Answers an attempt for the same that waits for the same person, or begins one: calling while consent is waited for
     * must not use up the tries.
     *
     * @param stepUp what is wanted beyond what was granted; null: another token
     */
    ConnectionId begin(Trial trial, @Nullable StepUp stepUp) {
        ConnectionId begun = begun(trial, stepUp);
        if (begun != null) {
            return begun;
        }
        ConnectionId attempt = new ConnectionId(UUID.randomUUID());
        commands.sendAndWait(new Connect(trial.connectorId(), attempt, trial.agentId(), null, trial.boundTo(), stepUp));
        return attempt;
    }

    private @Nullable ConnectionId begun(Trial trial, @Nullable StepUp stepUp) {
        return answers.one(new FindAttempts(trial.connectorId(), 0, LATEST), ConnectionAttempts.class).items().stream()
                .filter(attempt -> attempt.state() == ConnectionState.RUNNING)
                .filter(attempt -> Objects.equals(attempt.agentId(), trial.agentId()))
                .map(ConnectionAttempt::connectionId)
                .filter(attempt -> isFor(attempt, stepUp) && waitsFor(trial.boundTo(), attempt))
                .findFirst()
                .orElse(null);
    }

    private boolean isFor(ConnectionId attempt, @Nullable StepUp stepUp) {
        String operation = answers.need(new FindConnection(attempt), ConnectionProgress.class)
                .stepUp();
        if (stepUp == null) {
            return operation == null;
        }
        String asked = answers.maybe(
                        new FindAuthorization(new AuthorizationId(attempt.value())), AuthorizationFacts.class)
                .map(AuthorizationFacts::askedScope)
                .orElse("");
        return stepUp.operation().equals(operation)
                && List.of(asked.split(" ")).containsAll(List.of(stepUp.scope().split(" ")));
    }

    private boolean waitsFor(String boundTo, ConnectionId attempt) {
        return answers.maybe(new FindConsent(new AuthorizationId(attempt.value()), boundTo), ConsentLink.class)
                .isPresent();
    }
}
