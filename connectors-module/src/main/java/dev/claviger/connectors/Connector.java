package dev.claviger.connectors;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.connectors.Expectations.Held;
import dev.claviger.connectors.OAuthSecrets.Place;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.AcceptAccount;
import dev.claviger.connectors.api.ConnectorCommand.Connect;
import dev.claviger.connectors.api.ConnectorCommand.CreateConnector;
import dev.claviger.connectors.api.ConnectorCommand.Disconnect;
import dev.claviger.connectors.api.ConnectorCommand.EditConnector;
import dev.claviger.connectors.api.ConnectorCommand.EstablishConnection;
import dev.claviger.connectors.api.ConnectorCommand.ExpectAccount;
import dev.claviger.connectors.api.ConnectorCommand.FailConnection;
import dev.claviger.connectors.api.ConnectorCommand.ForgetStepUps;
import dev.claviger.connectors.api.ConnectorCommand.RemoveConnector;
import dev.claviger.connectors.api.ConnectorCommand.StepUp;
import dev.claviger.connectors.api.ConnectorEvent.AccountAccepted;
import dev.claviger.connectors.api.ConnectorEvent.ClientSecretDropped;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEnded;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionFailed;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionHeld;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionRequested;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorCreated;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorEdited;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorRemoved;
import dev.claviger.connectors.api.ConnectorEvent.ExpectedAccountSet;
import dev.claviger.connectors.api.ConnectorEvent.StepUpSucceeded;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.SecretRef;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** A server that an admin has set up, and its connections: one live connection per slot needs one boundary. */
@Aggregate(cache = "aggregateCache", snapshotTriggerDefinition = "snapshotTrigger")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class Connector {

    /** Field of a {@link ConnectorRejected} that says: more scope was asked for in vain. */
    static final String STEP_UP = "stepUp";

    /** As long as a subject may be (OpenID Connect Core section 2). */
    private static final int LONGEST_ACCOUNT = 255;

    @AggregateIdentifier
    private @Nullable ConnectorId connectorId;

    private @Nullable ConnectorSettings settings;
    private Slots slots = new Slots();
    private StepUps stepUps = new StepUps();
    private Expectations expectations = new Expectations();
    /** With this server, in whatever slot; it may have ended since. */
    private @Nullable ConnectionId lastAuthorized;

    private boolean toolsKnown;
    private boolean removed;

    Connector() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(CreateConnector command, SettingsCheck check) {
        if (connectorId != null) {
            return;
        }
        check.demand(command.settings());
        apply(new ConnectorCreated(
                command.connectorId(),
                command.settings(),
                ServerKey.of(command.settings().name())));
    }

    @CommandHandler
    void handle(EditConnector command, SettingsCheck check) {
        SettingsChange change = new SettingsChange(current(), command.settings());
        if (change.before().equals(change.after())) {
            return;
        }
        check.demand(command.settings());
        String dropped = change.endsConnections() ? drop(change) : null;
        apply(new ConnectorEdited(
                command.connectorId(),
                command.settings(),
                ServerKey.of(command.settings().name()),
                dropped,
                change.anotherServer() ? change.before().url() : null));
        dropSecrets(change.droppedSecrets());
    }

    @CommandHandler
    void handle(RemoveConnector command) {
        if (removed) {
            return;
        }
        ConnectorSettings last = current();
        endAll("The connector was removed.");
        dropSecrets(OAuthSecrets.of(last.oauth()).stored());
        apply(new ConnectorRemoved(command.connectorId(), last.name()));
    }

    @CommandHandler
    void handle(Connect command, Clock clock) {
        if (slots.knows(command.connectionId())) {
            return;
        }
        ConnectorSettings now = current();
        demandFit(command, now);
        demandHope(command, clock.instant());
        Attempt pending = slots.pending(command.agentId());
        if (pending != null) {
            fail(pending, new Failure(FailureCode.CONNECTION_SUPERSEDED, "Somebody began to connect again."));
        }
        apply(new ConnectionRequested(
                command.connectorId(),
                command.connectionId(),
                command.agentId(),
                now,
                command.token(),
                now.mode() == CredentialMode.SHARED || !toolsKnown,
                command.boundTo(),
                previous(command, now),
                command.stepUp(),
                command.token() == null ? null : command.tokenExpiresAt()));
    }

    @CommandHandler
    void handle(EstablishConnection command) {
        Attempt attempt = slots.pending(command.connectionId());
        if (attempt == null || expectations.held(attempt.connectionId()) != null) {
            return;
        }
        Identification found = command.identification();
        if (found == null || expectations.fits(attempt.agentId(), found)) {
            establish(attempt, command.toolsKnown(), found);
        } else {
            apply(new ConnectionHeld(
                    command.connectorId(),
                    attempt.connectionId(),
                    attempt.agentId(),
                    expectations.former(attempt.agentId()),
                    expectations.named(attempt.agentId()),
                    found,
                    command.toolsKnown()));
        }
    }

    @CommandHandler
    void handle(AcceptAccount command) {
        Attempt attempt = slots.pending(command.connectionId());
        Held held = expectations.held(command.connectionId());
        if (attempt == null || held == null) {
            throw new ConnectorRejected("No account waits for a decision here.");
        }
        apply(new AccountAccepted(command.connectorId(), attempt.connectionId(), attempt.agentId(), held.found()));
        establish(attempt, held.toolsKnown(), held.found());
    }

    @CommandHandler
    void handle(ExpectAccount command) {
        ConnectorSettings now = current();
        demandSlot(command.agentId(), now);
        String expected = command.expected();
        if (expected != null && (expected.length() > LONGEST_ACCOUNT || Words.unprintable(expected))) {
            throw new ConnectorRejected(
                    "Enter the account as the provider tells it: at most 255 characters, without control characters.");
        }
        boolean known = expected == null
                ? expectations.named(command.agentId()) == null && expectations.former(command.agentId()) == null
                : expected.equals(expectations.named(command.agentId()));
        if (!known) {
            apply(new ExpectedAccountSet(command.connectorId(), command.agentId(), expected));
        }
    }

    @CommandHandler
    void handle(FailConnection command) {
        Attempt attempt = slots.pending(command.connectionId());
        if (attempt != null) {
            fail(attempt, command.failure());
        }
    }

    /** The server lets the operation through: what was asked for on its behalf was worth it. */
    @CommandHandler
    void handle(ForgetStepUps command) {
        if (stepUps.knows(command.agentId(), command.operation())) {
            apply(new StepUpSucceeded(command.connectorId(), command.agentId(), command.operation()));
        }
    }

    /** Ends the pending attempt of the slot too: it would bring back what somebody wants gone. */
    @CommandHandler
    void handle(Disconnect command) {
        if (command.agentId() == null && settings != null && settings.mode() == CredentialMode.PER_AGENT) {
            throw new ConnectorRejected("Say which agent to disconnect: each agent has its own connection here.");
        }
        Attempt pending = slots.pending(command.agentId());
        if (pending != null) {
            fail(pending, new Failure(FailureCode.CONNECTION_INTERRUPTED, command.reason()));
        }
        Attempt live = slots.live(command.agentId());
        if (live != null) {
            end(live, command.reason());
        }
    }

    private ConnectorSettings current() {
        if (removed || settings == null) {
            throw new ConnectorRejected("This connector was removed; its history stays, but it can no longer be used.");
        }
        return settings;
    }

    /** Whoever connected last says which issuer is right; a step-up adds to what this very connection asked for. */
    private @Nullable ConnectionId previous(Connect command, ConnectorSettings now) {
        if (now.authType() != AuthType.OAUTH) {
            return null;
        }
        Attempt own = slots.live(command.agentId());
        return command.stepUp() != null && own != null && own.authType() == AuthType.OAUTH
                ? own.connectionId()
                : lastAuthorized;
    }

    private void establish(Attempt attempt, boolean known, @Nullable Identification found) {
        Attempt replaced = slots.live(attempt.agentId());
        apply(new ConnectionEstablished(
                id(),
                attempt.connectionId(),
                attempt.agentId(),
                attempt.authType(),
                replaced == null ? null : replaced.connectionId(),
                known,
                found));
    }

    private static void demandSlot(@Nullable AgentId agentId, ConnectorSettings settings) {
        boolean perAgent = settings.mode() == CredentialMode.PER_AGENT;
        if (perAgent && agentId == null) {
            throw new ConnectorRejected("Say which agent: each agent has its own credential here.");
        }
        if (!perAgent && agentId != null) {
            throw new ConnectorRejected("Leave the agent out: the credential of this connector is shared.");
        }
    }

    private static void demandFit(Connect command, ConnectorSettings settings) {
        demandSlot(command.agentId(), settings);
        boolean typed = settings.authType() == AuthType.BEARER || settings.authType() == AuthType.API_KEY_HEADER;
        if (typed && command.token() == null) {
            throw new ConnectorRejected(
                    settings.authType() == AuthType.BEARER ? "Enter the bearer token." : "Enter the API key.");
        }
        if (!typed && command.token() != null) {
            throw new ConnectorRejected("Leave the token out: this connector takes none.");
        }
    }

    private void demandHope(Connect command, Instant now) {
        StepUp stepUp = command.stepUp();
        if (stepUp != null && stepUps.isExhausted(command.agentId(), stepUp.operation(), now)) {
            throw new ConnectorRejected("More scope was asked for several times and did not suffice.", STEP_UP);
        }
    }

    private @Nullable String drop(SettingsChange change) {
        String dropped =
                change.dropped(slots.allLive().size(), slots.allPending().size(), toolsKnown);
        endAll(change.reason());
        return dropped;
    }

    private void dropSecrets(Map<Place, SecretRef> secrets) {
        secrets.forEach((place, secret) ->
                apply(new ClientSecretDropped(id(), secret, place == Place.CLIENT_SECRET ? null : Words.lower(place))));
    }

    private void endAll(String reason) {
        for (Attempt attempt : slots.allPending()) {
            fail(attempt, new Failure(FailureCode.CONNECTION_INTERRUPTED, reason));
        }
        for (Attempt attempt : slots.allLive()) {
            end(attempt, reason);
        }
    }

    private void fail(Attempt attempt, Failure failure) {
        apply(new ConnectionFailed(id(), attempt.connectionId(), attempt.agentId(), failure));
    }

    private void end(Attempt attempt, String reason) {
        apply(new ConnectionEnded(id(), attempt.connectionId(), attempt.agentId(), attempt.authType(), reason));
    }

    private ConnectorId id() {
        if (connectorId == null) {
            throw new IllegalStateException("A connector that was never created");
        }
        return connectorId;
    }

    @EventSourcingHandler
    void on(ConnectorCreated event) {
        connectorId = event.connectorId();
        settings = event.settings();
    }

    @EventSourcingHandler
    void on(ConnectorEdited event) {
        settings = event.settings();
        if (event.formerUrl() != null) {
            toolsKnown = false;
            lastAuthorized = null;
            expectations.forgetAll();
        }
    }

    @EventSourcingHandler
    void on(ConnectorRemoved event) {
        removed = true;
    }

    @EventSourcingHandler
    void on(ConnectionRequested event, @Timestamp Instant at) {
        if (event.stepUp() != null) {
            stepUps.remember(event.agentId(), event.stepUp().operation(), at);
        }
        slots.begin(new Attempt(
                event.connectionId(), event.agentId(), event.settings().authType()));
    }

    @EventSourcingHandler
    void on(ConnectionEstablished event) {
        slots.establish(event.agentId());
        if (event.authType() == AuthType.OAUTH) {
            lastAuthorized = event.connectionId();
        }
        expectations.release(event.connectionId());
        if (event.identification() != null) {
            expectations.remember(event.agentId(), event.identification().account());
        }
        toolsKnown = toolsKnown || event.toolsKnown();
    }

    @EventSourcingHandler
    void on(ConnectionFailed event) {
        slots.fail(event.connectionId());
        expectations.release(event.connectionId());
    }

    @EventSourcingHandler
    void on(ConnectionHeld event) {
        expectations.hold(event.connectionId(), new Held(event.found(), event.toolsKnown()));
    }

    @EventSourcingHandler
    void on(AccountAccepted event) {
        expectations.expect(event.agentId(), null);
    }

    @EventSourcingHandler
    void on(ExpectedAccountSet event) {
        expectations.expect(event.agentId(), event.expected());
    }

    @EventSourcingHandler
    void on(ConnectionEnded event) {
        slots.end(event.connectionId());
    }

    @EventSourcingHandler
    void on(StepUpSucceeded event) {
        stepUps.forget(event.agentId(), event.operation());
    }
}
