package dev.claviger.connectors;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.EstablishConnection;
import dev.claviger.connectors.api.ConnectorCommand.FailConnection;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionFailed;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionHeld;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionRequested;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Identification;
import dev.claviger.oauth.api.AuthorizationCommand.AbandonAuthorization;
import dev.claviger.oauth.api.AuthorizationCommand.StartAuthorization;
import dev.claviger.oauth.api.AuthorizationEvent.AccountLookedUp;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationFailed;
import dev.claviger.oauth.api.AuthorizationEvent.EnteredClientHeld;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerApproved;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerChangeFound;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.toolsync.api.ToolCatalogCommand.AskAccount;
import dev.claviger.toolsync.api.ToolCatalogCommand.CheckAccess;
import dev.claviger.toolsync.api.ToolCatalogCommand.SyncTools;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessCheckFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessConfirmed;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountTold;
import dev.claviger.toolsync.api.ToolCatalogEvent.EmptyListWithheld;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolsSynced;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * The way from Connect to a live connection: consent or a typed token, then the first listing. It only routes, and every
 * command it sends is harmless the second time.
 *
 * <p>Public only because Axon's saga manager makes instances without asking for access.
 */
@Saga
@ProcessingGroup("connection-saga")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public class ConnectionSaga {

    static final String DEADLINE = "connection-deadline";
    static final Duration LONGEST = Duration.ofMinutes(15);
    static final Duration LONGEST_APPROVAL = Duration.ofMinutes(75);

    private transient @Autowired ApartCommands commands;
    private transient @Autowired DeadlineManager deadlines;

    private @Nullable ConnectorId connectorId;
    private @Nullable UUID attempt;
    private @Nullable ConnectorSettings settings;
    private @Nullable String deadline;
    private boolean syncTools;
    private boolean issued;
    private boolean authorizationOver;
    private boolean failed;
    private boolean held;
    private @Nullable Identification identification;
    private boolean toolAsked;
    /** Whether the tools are known, once all is done but that nobody knows whose account it is. */
    private @Nullable Boolean reached;

    public ConnectionSaga() {}

    @StartSaga
    @SagaEventHandler(associationProperty = "connectionId")
    void on(ConnectionRequested event) {
        connectorId = event.connectorId();
        attempt = event.connectionId().value();
        settings = event.settings();
        syncTools = event.syncTools();
        SagaLifecycle.associateWith("authorizationId", authorization().toString());
        SagaLifecycle.associateWith("credentialId", credential().toString());
        SagaLifecycle.associateWith("syncId", attempt().toString());
        SagaLifecycle.associateWith("checkId", attempt().toString());
        SagaLifecycle.associateWith("askId", attempt().toString());
        deadline = deadlines.schedule(LONGEST, DEADLINE);
        switch (event.settings().authType()) {
            case OAUTH ->
                orFail(new StartAuthorization(
                        authorization(),
                        settings().url(),
                        settings().oauth(),
                        event.boundTo(),
                        "/connections/" + attempt(),
                        event.previous() == null
                                ? null
                                : new AuthorizationId(event.previous().value()),
                        event.stepUp() == null ? null : event.stepUp().scope()));
            case BEARER -> issue(event, CredentialKind.BEARER);
            case API_KEY_HEADER -> issue(event, CredentialKind.API_KEY_HEADER);
            case NONE -> sync();
        }
    }

    /** The authorization ends by itself when nobody approves; this is for the case that it does not. */
    @SagaEventHandler(associationProperty = "authorizationId")
    void on(IssuerChangeFound event) {
        endAfter(LONGEST_APPROVAL);
    }

    @SagaEventHandler(associationProperty = "authorizationId")
    void on(EnteredClientHeld event) {
        endAfter(LONGEST_APPROVAL);
    }

    @SagaEventHandler(associationProperty = "authorizationId")
    void on(IssuerApproved event) {
        endAfter(LONGEST);
    }

    @SagaEventHandler(associationProperty = "authorizationId")
    void on(AccountLookedUp event) {
        identification = event.identification();
        if (reached != null && !failed) {
            establish(reached);
        }
    }

    @SagaEventHandler(associationProperty = "authorizationId")
    void on(AuthorizationFailed event) {
        authorizationOver = true;
        if (failed) {
            end();
        } else {
            fail(event.failure());
        }
    }

    @SagaEventHandler(associationProperty = "credentialId")
    void on(TokenIssued event) {
        issued = true;
        if (failed) {
            revoke();
            end();
        } else if (syncTools) {
            sync();
        } else if (isTyped()) {
            check();
        } else {
            establish(true);
        }
    }

    @SagaEventHandler(associationProperty = "syncId")
    void on(ToolsSynced event) {
        establish(true);
    }

    @SagaEventHandler(associationProperty = "syncId")
    void on(EmptyListWithheld event) {
        establish(true);
    }

    /** A failing listing does not spoil a connection, unless it proves that the typed token is wrong. */
    @SagaEventHandler(associationProperty = "syncId")
    void on(SyncFailed event) {
        boolean refused = isTyped() && event.failure().code() == FailureCode.CREDENTIAL_REFUSED;
        if (refused || settings().authType() == AuthType.NONE) {
            fail(event.failure());
        } else {
            establish(false);
        }
    }

    @SagaEventHandler(associationProperty = "checkId")
    void on(AccessConfirmed event) {
        establish(true);
    }

    /** The credential before it serves on when this one is proved wrong; a server that is down proves nothing. */
    @SagaEventHandler(associationProperty = "checkId")
    void on(AccessCheckFailed event) {
        if (event.failure().code() == FailureCode.CREDENTIAL_REFUSED) {
            fail(event.failure());
        } else {
            establish(true);
        }
    }

    @SagaEventHandler(associationProperty = "askId")
    void on(AccountTold event) {
        identification = event.identification();
        if (!failed) {
            establish(Boolean.TRUE.equals(reached));
        }
    }

    /** The attempt is discarded by itself when nobody decides; this is for the case that it is not. */
    @SagaEventHandler(associationProperty = "connectionId")
    void on(ConnectionHeld event) {
        held = true;
        endAfter(LONGEST_APPROVAL);
    }

    @SagaEventHandler(associationProperty = "connectionId")
    void on(ConnectionEstablished event) {
        end();
    }

    /** Failed here or elsewhere: what the attempt got meanwhile, or is about to get, must not stay behind. */
    @SagaEventHandler(associationProperty = "connectionId")
    void on(ConnectionFailed event) {
        failed = true;
        if (issued || isTyped()) {
            revoke();
        } else if (settings().authType() == AuthType.OAUTH && !authorizationOver) {
            if (commands.send(new AbandonAuthorization(authorization(), event.failure())) == null) {
                return;
            }
        }
        end();
    }

    @DeadlineHandler(deadlineName = DEADLINE)
    void onDeadline() {
        deadline = null;
        if (failed) {
            end();
        } else if (held) {
            fail(ExpireHold.EXPIRED);
        } else if (issued) {
            if (identification == null || awaitsTool()) {
                identification = Identification.doubted("The provider did not say in time who this is.");
            }
            establish(Boolean.TRUE.equals(reached));
        } else {
            fail(interrupted("The attempt took longer than 15 minutes; connect again."));
        }
    }

    /** A saga that has failed keeps the deadline it has: only a token that may still come is waited for. */
    private void endAfter(Duration longest) {
        if (deadline != null && !failed) {
            deadlines.cancelSchedule(DEADLINE, deadline);
            deadline = deadlines.schedule(longest, DEADLINE);
        }
    }

    private void issue(ConnectionRequested event, CredentialKind kind) {
        orFail(new IssueToken(
                credential(),
                kind,
                Objects.requireNonNull(event.token(), "the connector demands it"),
                null,
                settings().headerName(),
                event.tokenExpiresAt(),
                null,
                null));
    }

    private void sync() {
        orFail(new SyncTools(
                new ToolCatalogId(connector().value()),
                attempt(),
                settings().url(),
                settings().customHeaders(),
                settings().authType() == AuthType.NONE ? null : credential(),
                false));
    }

    /** One agent's key decides about itself, not about the tools that all agents see. */
    private void check() {
        orFail(new CheckAccess(
                new ToolCatalogId(connector().value()),
                attempt(),
                settings().url(),
                settings().customHeaders(),
                credential()));
    }

    /** Not before it is known whose account it is, as far as anybody says. */
    private void establish(boolean toolsKnown) {
        if (settings().authType() == AuthType.OAUTH && identification == null) {
            reached = toolsKnown;
        } else if (awaitsTool()) {
            reached = toolsKnown;
            ask();
        } else {
            orFail(new EstablishConnection(connector(), new ConnectionId(attempt()), toolsKnown, identification));
        }
    }

    /** The tool comes last: what a provider says of the consent counts for more, and so does a lie of it. */
    private boolean awaitsTool() {
        boolean silent = identification == null || identification.account() == null && !identification.doubted();
        return silent && settings().accountTool() != null && settings().authType() != AuthType.NONE;
    }

    private void ask() {
        if (toolAsked) {
            return;
        }
        toolAsked = true;
        orFail(new AskAccount(
                new ToolCatalogId(connector().value()),
                attempt(),
                Objects.requireNonNull(settings().accountTool(), "asked only where there is one"),
                settings().url(),
                settings().customHeaders(),
                credential()));
    }

    private void fail(Failure failure) {
        if (commands.send(new FailConnection(connector(), new ConnectionId(attempt()), failure)) != null) {
            end();
        }
    }

    private void revoke() {
        commands.send(new RevokeToken(credential(), "The connection did not come about."));
    }

    private void end() {
        if (deadline != null) {
            deadlines.cancelSchedule(DEADLINE, deadline);
            deadline = null;
        }
        SagaLifecycle.end();
    }

    private void orFail(Object command) {
        String refusal = commands.send(command);
        if (refusal != null) {
            fail(interrupted(refusal));
        }
    }

    private static Failure interrupted(String detail) {
        return new Failure(FailureCode.CONNECTION_INTERRUPTED, detail);
    }

    private boolean isTyped() {
        return settings().authType() == AuthType.BEARER || settings().authType() == AuthType.API_KEY_HEADER;
    }

    private AuthorizationId authorization() {
        return new AuthorizationId(attempt());
    }

    private CredentialId credential() {
        return new CredentialId(attempt());
    }

    private ConnectorId connector() {
        return Objects.requireNonNull(connectorId, "set when the saga starts");
    }

    private UUID attempt() {
        return Objects.requireNonNull(attempt, "set when the saga starts");
    }

    private ConnectorSettings settings() {
        return Objects.requireNonNull(settings, "set when the saga starts");
    }
}
