package dev.claviger.connectors;

import static dev.claviger.connectors.Fixtures.AGENT;
import static dev.claviger.connectors.Fixtures.CONNECTOR;
import static dev.claviger.connectors.Fixtures.FIRST;
import static dev.claviger.connectors.Fixtures.TOKEN;
import static dev.claviger.connectors.Fixtures.URL;
import static dev.claviger.connectors.Fixtures.settings;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorCommand.EstablishConnection;
import dev.claviger.connectors.api.ConnectorCommand.FailConnection;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionFailed;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionHeld;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionRequested;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialRejected;
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
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.api.OAuthSettings;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectionSagaTest {

    private static final UUID ATTEMPT = FIRST.value();
    private static final AuthorizationId AUTHORIZATION = new AuthorizationId(ATTEMPT);
    private static final CredentialId CREDENTIAL = new CredentialId(ATTEMPT);
    private static final ToolCatalogId CATALOG = new ToolCatalogId(CONNECTOR.value());
    private static final Failure DENIED = new Failure(FailureCode.CONSENT_DENIED, "Somebody clicked Deny.");
    private static final AccountLookedUp TOLD = new AccountLookedUp(
            AUTHORIZATION,
            Identification.of(
                    new Account(Account.Source.ID_TOKEN, "https://as.example", "42", "ann@example.com", null, null)));
    private static final AccountLookedUp SILENT =
            new AccountLookedUp(AUTHORIZATION, Identification.untold("The provider does not tell who this is."));
    private static final AccountTold TOOL_TOLD = new AccountTold(
            CATALOG,
            ATTEMPT,
            "whoami",
            Identification.of(new Account(Account.Source.TOOL, URL, "42", null, "ann", null, "whoami")));
    private static final AskAccount ASK = new AskAccount(CATALOG, ATTEMPT, "whoami", URL, Map.of(), CREDENTIAL);
    private static final Failure REFUSED = new Failure(FailureCode.CREDENTIAL_REFUSED, "The server said 401.");
    private static final Failure SLOW = new Failure(FailureCode.MCP_UNREACHABLE, "No answer came.");

    private SagaTestFixture<ConnectionSaga> saga;

    @BeforeEach
    void setUp() {
        saga = new SagaTestFixture<>(ConnectionSaga.class);
        saga.registerResource(new ApartCommands(
                DefaultCommandGateway.builder().commandBus(saga.getCommandBus()).build(), new NoTransactions()));
    }

    @Test
    void startsAnAuthorizationThatComesBackToTheWaitPage() {
        saga.givenNoPriorActivity()
                .whenPublishingA(requested(AuthType.OAUTH, true))
                .expectActiveSagas(1)
                .expectDispatchedCommands(new StartAuthorization(
                        AUTHORIZATION, URL, OAuthSettings.AUTOMATIC, "bound", "/connections/" + ATTEMPT, null, null))
                .expectScheduledDeadlineWithName(ConnectionSaga.LONGEST, ConnectionSaga.DEADLINE);
    }

    @Test
    void failsWithTheAuthorization() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .whenPublishingA(authorizationFailed())
                .expectDispatchedCommands(new FailConnection(CONNECTOR, FIRST, DENIED));
    }

    @Test
    void endsWhenAFailedAuthorizationIsRecorded() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(authorizationFailed())
                .whenPublishingA(failed(DENIED))
                .expectActiveSagas(0)
                .expectNoDispatchedCommands()
                .expectNoScheduledDeadlines();
    }

    @Test
    void listsToolsWithTheNewToken() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .whenPublishingA(issued(CredentialKind.OAUTH))
                .expectDispatchedCommands(sync(CREDENTIAL));
    }

    @Test
    void establishesAtOnceWhereToolsAreKnown() {
        saga.givenAPublished(requested(AuthType.OAUTH, false))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .whenPublishingA(TOLD)
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, true, TOLD.identification()));
    }

    @Test
    void waitsUntilTheProviderSaysWhoThisIs() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .whenPublishingA(synced())
                .expectNoDispatchedCommands();
        setUp();
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(new SyncFailed(CATALOG, ATTEMPT, SLOW))
                .whenPublishingA(TOLD)
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, false, TOLD.identification()));
    }

    @Test
    void asksTheChosenToolWhereTheProviderDoesNotTell() {
        saga.givenAPublished(asking(AuthType.OAUTH))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(SILENT)
                .whenPublishingA(synced())
                .expectDispatchedCommands(ASK);
        setUp();
        saga.givenAPublished(asking(AuthType.OAUTH))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(synced())
                .whenPublishingA(SILENT)
                .expectDispatchedCommands(ASK);
        setUp();
        saga.givenAPublished(asking(AuthType.OAUTH))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(SILENT)
                .andThenAPublished(synced())
                .whenPublishingA(SILENT)
                .expectNoDispatchedCommands();
    }

    @Test
    void establishesWithWhatTheToolTold() {
        saga.givenAPublished(asking(AuthType.OAUTH))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(SILENT)
                .andThenAPublished(new SyncFailed(CATALOG, ATTEMPT, SLOW))
                .whenPublishingA(TOOL_TOLD)
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, false, TOOL_TOLD.identification()));
    }

    @Test
    void asksTheToolOfATypedTokenToo() {
        saga.givenAPublished(asking(AuthType.BEARER))
                .andThenAPublished(issued(CredentialKind.BEARER))
                .whenPublishingA(synced())
                .expectDispatchedCommands(ASK);
        setUp();
        saga.givenAPublished(asking(AuthType.BEARER))
                .andThenAPublished(issued(CredentialKind.BEARER))
                .andThenAPublished(synced())
                .whenPublishingA(TOOL_TOLD)
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, true, TOOL_TOLD.identification()));
    }

    @Test
    void asksNoToolWhereTheProviderToldOrLied() {
        saga.givenAPublished(asking(AuthType.OAUTH))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(synced())
                .whenPublishingA(TOLD)
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, true, TOLD.identification()));
        setUp();
        AccountLookedUp lied = new AccountLookedUp(AUTHORIZATION, Identification.doubted("Not believed."));
        saga.givenAPublished(asking(AuthType.OAUTH))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(synced())
                .whenPublishingA(lied)
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, true, lied.identification()));
    }

    @Test
    void doubtsAToolThatDoesNotTellInTime() {
        saga.givenAPublished(asking(AuthType.BEARER))
                .andThenAPublished(issued(CredentialKind.BEARER))
                .andThenAPublished(synced())
                .whenTimeElapses(ConnectionSaga.LONGEST)
                .expectDispatchedCommands(new EstablishConnection(
                        CONNECTOR,
                        FIRST,
                        true,
                        Identification.doubted("The provider did not say in time who this is.")));
    }

    @Test
    void takesNoAnswerOfTheToolOnceTheAttemptHasFailed() {
        saga.givenAPublished(asking(AuthType.OAUTH))
                .andThenAPublished(failed(DENIED))
                .whenPublishingA(TOOL_TOLD)
                .expectNoDispatchedCommands();
    }

    @Test
    void leavesTimeToDecideAboutAnotherAccount() {
        saga.givenAPublished(requested(AuthType.OAUTH, false))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(TOLD)
                .andThenAPublished(heldBack())
                .whenTimeElapses(ConnectionSaga.LONGEST)
                .expectNoDispatchedCommands()
                .expectActiveSagas(1);
    }

    @Test
    void discardsWhatNobodyDecidedAbout() {
        saga.givenAPublished(requested(AuthType.OAUTH, false))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(TOLD)
                .andThenAPublished(heldBack())
                .whenTimeElapses(ConnectionSaga.LONGEST_APPROVAL)
                .expectDispatchedCommands(new FailConnection(CONNECTOR, FIRST, ExpireHold.EXPIRED));
    }

    @Test
    void revokesWhatADiscardedConnectionBrought() {
        saga.givenAPublished(requested(AuthType.OAUTH, false))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(TOLD)
                .andThenAPublished(heldBack())
                .whenPublishingA(failed(ExpireHold.EXPIRED))
                .expectDispatchedCommands(revoke())
                .expectActiveSagas(0);
    }

    @Test
    void triesATypedTokenWhereToolsAreKnown() {
        saga.givenAPublished(requested(AuthType.BEARER, false))
                .whenPublishingA(issued(CredentialKind.BEARER))
                .expectDispatchedCommands(new CheckAccess(CATALOG, ATTEMPT, URL, Map.of(), CREDENTIAL));
    }

    @Test
    void establishesATokenThatTheServerTakes() {
        saga.givenAPublished(requested(AuthType.BEARER, false))
                .andThenAPublished(issued(CredentialKind.BEARER))
                .whenPublishingA(new AccessConfirmed(CATALOG, ATTEMPT))
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, true));
    }

    @Test
    void failsATokenThatTheServerRefusesAndNoOther() {
        saga.givenAPublished(requested(AuthType.BEARER, false))
                .andThenAPublished(issued(CredentialKind.BEARER))
                .whenPublishingA(new AccessCheckFailed(CATALOG, ATTEMPT, REFUSED))
                .expectDispatchedCommands(new FailConnection(CONNECTOR, FIRST, REFUSED));
        setUp();
        saga.givenAPublished(requested(AuthType.BEARER, false))
                .andThenAPublished(issued(CredentialKind.BEARER))
                .whenPublishingA(new AccessCheckFailed(CATALOG, ATTEMPT, SLOW))
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, true));
    }

    @Test
    void establishesWhenToolsAreListed() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(TOLD)
                .whenPublishingA(synced())
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, true, TOLD.identification()));
    }

    @Test
    void establishesWhenAnEmptyListIsWithheld() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(TOLD)
                .whenPublishingA(new EmptyListWithheld(CATALOG, ATTEMPT, 3))
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, true, TOLD.identification()));
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCode.class,
            names = {"MCP_UNREACHABLE", "CREDENTIAL_REFUSED"})
    void letsNoFailingListingSpoilAConsent(FailureCode code) {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .andThenAPublished(TOLD)
                .whenPublishingA(new SyncFailed(CATALOG, ATTEMPT, new Failure(code, "No.")))
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, false, TOLD.identification()));
    }

    @Test
    void ignoresListingsOfOthers() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .whenPublishingA(new SyncFailed(CATALOG, new UUID(9, 9), SLOW))
                .expectNoDispatchedCommands();
    }

    @Test
    void endsWhenEstablished() {
        saga.givenAPublished(requested(AuthType.OAUTH, false))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .whenPublishingA(new ConnectionEstablished(CONNECTOR, FIRST, null, AuthType.OAUTH, null, true))
                .expectActiveSagas(0)
                .expectNoScheduledDeadlines();
    }

    @Test
    void issuesATypedToken() {
        saga.givenNoPriorActivity()
                .whenPublishingA(requested(AuthType.BEARER, true))
                .expectDispatchedCommands(
                        new IssueToken(CREDENTIAL, CredentialKind.BEARER, TOKEN, null, null, null, null, null));
    }

    @Test
    void issuesAnApiKeyWithItsHeader() {
        saga.givenNoPriorActivity()
                .whenPublishingA(requested(AuthType.API_KEY_HEADER, true))
                .expectDispatchedCommands(new IssueToken(
                        CREDENTIAL, CredentialKind.API_KEY_HEADER, TOKEN, null, "X-Api-Key", null, null, null));
    }

    @Test
    void failsWhenTheServerRefusesATypedToken() {
        saga.givenAPublished(requested(AuthType.BEARER, true))
                .andThenAPublished(issued(CredentialKind.BEARER))
                .whenPublishingA(new SyncFailed(CATALOG, ATTEMPT, REFUSED))
                .expectDispatchedCommands(new FailConnection(CONNECTOR, FIRST, REFUSED));
    }

    @Test
    void revokesATypedTokenThatWasRefused() {
        saga.givenAPublished(requested(AuthType.BEARER, true))
                .andThenAPublished(issued(CredentialKind.BEARER))
                .andThenAPublished(new SyncFailed(CATALOG, ATTEMPT, REFUSED))
                .whenPublishingA(failed(REFUSED))
                .expectDispatchedCommands(revoke())
                .expectActiveSagas(0);
    }

    @Test
    void keepsATypedTokenWhenTheServerIsOutOfReach() {
        saga.givenAPublished(requested(AuthType.API_KEY_HEADER, true))
                .andThenAPublished(issued(CredentialKind.API_KEY_HEADER))
                .whenPublishingA(new SyncFailed(CATALOG, ATTEMPT, SLOW))
                .expectDispatchedCommands(new EstablishConnection(CONNECTOR, FIRST, false));
    }

    @Test
    void goesStraightToTheListingWithoutAuthentication() {
        saga.givenNoPriorActivity()
                .whenPublishingA(requested(AuthType.NONE, true))
                .expectDispatchedCommands(sync(null));
    }

    @Test
    void failsWithTheListingWithoutAuthentication() {
        saga.givenAPublished(requested(AuthType.NONE, true))
                .whenPublishingA(new SyncFailed(CATALOG, ATTEMPT, SLOW))
                .expectDispatchedCommands(new FailConnection(CONNECTOR, FIRST, SLOW));
    }

    @Test
    void revokesWhatItGotWhenSomebodyElseFailsTheAttempt() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .whenPublishingA(failed(DENIED))
                .expectDispatchedCommands(revoke())
                .expectActiveSagas(0);
    }

    @Test
    void abandonsTheAuthorizationWhenSomebodyElseFailsTheAttempt() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .whenPublishingA(failed(DENIED))
                .expectDispatchedCommands(new AbandonAuthorization(AUTHORIZATION, DENIED))
                .expectActiveSagas(1);
    }

    @Test
    void endsWhenTheAbandonedAuthorizationIsOver() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(failed(DENIED))
                .whenPublishingA(authorizationFailed())
                .expectNoDispatchedCommands()
                .expectActiveSagas(0);
    }

    @Test
    void revokesATokenThatCameTooLate() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(failed(DENIED))
                .whenPublishingA(issued(CredentialKind.OAUTH))
                .expectDispatchedCommands(revoke())
                .expectActiveSagas(0);
    }

    @Test
    void failsWhatNeverEnds() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .whenTimeElapses(ConnectionSaga.LONGEST)
                .expectDispatchedCommands(new FailConnection(
                        CONNECTOR,
                        FIRST,
                        new Failure(
                                FailureCode.CONNECTION_INTERRUPTED,
                                "The attempt took longer than 15 minutes; connect again.")));
    }

    @Test
    void leavesTimeToApproveAnotherIssuer() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(
                        new IssuerChangeFound(AUTHORIZATION, "https://former.example", "https://new.example"))
                .whenTimeElapses(ConnectionSaga.LONGEST)
                .expectNoDispatchedCommands()
                .expectActiveSagas(1);
    }

    @Test
    void leavesTimeToApproveWhoSeesAnEnteredClient() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(new EnteredClientHeld(AUTHORIZATION, "https://as.example"))
                .whenTimeElapses(ConnectionSaga.LONGEST)
                .expectNoDispatchedCommands()
                .expectActiveSagas(1);
    }

    @Test
    void beginsToCountAnewOnceAnotherIssuerIsApproved() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(
                        new IssuerChangeFound(AUTHORIZATION, "https://former.example", "https://new.example"))
                .whenPublishingA(new IssuerApproved(AUTHORIZATION, "https://former.example", "https://new.example"))
                .expectScheduledDeadlineWithName(ConnectionSaga.LONGEST, ConnectionSaga.DEADLINE);
    }

    @Test
    void abandonsAnAuthorizationWhoseIssuerIsNotApproved() {
        Failure declined = new Failure(FailureCode.ISSUER_CHANGED, "It was not approved.");
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(
                        new IssuerChangeFound(AUTHORIZATION, "https://former.example", "https://new.example"))
                .whenPublishingA(failed(declined))
                .expectDispatchedCommands(new AbandonAuthorization(AUTHORIZATION, declined));
    }

    @Test
    void establishesWhenOnlyTheListingNeverEnds() {
        saga.givenAPublished(requested(AuthType.OAUTH, true))
                .andThenAPublished(issued(CredentialKind.OAUTH))
                .whenTimeElapses(ConnectionSaga.LONGEST)
                .expectDispatchedCommands(new EstablishConnection(
                        CONNECTOR,
                        FIRST,
                        false,
                        Identification.doubted("The provider did not say in time who this is.")));
    }

    @Test
    void turnsARejectedCommandIntoAFailure() {
        saga.setCallbackBehavior((command, metaData) -> {
            if (command instanceof IssueToken) {
                throw new CredentialRejected("No such kind.");
            }
            return null;
        });
        saga.givenNoPriorActivity()
                .whenPublishingA(requested(AuthType.BEARER, true))
                .expectDispatchedCommands(
                        new IssueToken(CREDENTIAL, CredentialKind.BEARER, TOKEN, null, null, null, null, null),
                        new FailConnection(
                                CONNECTOR, FIRST, new Failure(FailureCode.CONNECTION_INTERRUPTED, "No such kind.")));
    }

    @Test
    void endsWhenEvenTheFailureIsRejected() {
        saga.setCallbackBehavior((command, metaData) -> {
            throw new IllegalStateException("A bug");
        });
        saga.givenNoPriorActivity()
                .whenPublishingA(requested(AuthType.NONE, true))
                .expectActiveSagas(0);
    }

    private static ConnectionRequested requested(AuthType authType, boolean syncTools) {
        boolean typed = authType == AuthType.BEARER || authType == AuthType.API_KEY_HEADER;
        CredentialMode mode = syncTools ? CredentialMode.SHARED : CredentialMode.PER_AGENT;
        return new ConnectionRequested(
                CONNECTOR,
                FIRST,
                syncTools ? null : AGENT,
                settings(authType, mode),
                typed ? TOKEN : null,
                syncTools,
                "bound",
                null,
                null);
    }

    /** With the tool that an admin chose. */
    private static ConnectionRequested asking(AuthType authType) {
        return new ConnectionRequested(
                CONNECTOR,
                FIRST,
                null,
                settings(authType, CredentialMode.SHARED).askingAccountOf("whoami"),
                authType == AuthType.OAUTH ? null : TOKEN,
                true,
                "bound",
                null,
                null);
    }

    private static TokenIssued issued(CredentialKind kind) {
        return new TokenIssued(CREDENTIAL, kind, TOKEN, null, null, Instant.EPOCH, null, null, null);
    }

    private static ToolsSynced synced() {
        return new ToolsSynced(
                CATALOG, ATTEMPT, "2025-11-25", null, null, List.of(), List.of(), List.of(), 0, null, null, null, null);
    }

    private static SyncTools sync(CredentialId credential) {
        return new SyncTools(CATALOG, ATTEMPT, URL, Map.of(), credential, false);
    }

    private static RevokeToken revoke() {
        return new RevokeToken(CREDENTIAL, "The connection did not come about.");
    }

    private static AuthorizationFailed authorizationFailed() {
        return new AuthorizationFailed(AUTHORIZATION, AuthorizationStep.CONSENT, DENIED);
    }

    private static ConnectionHeld heldBack() {
        return new ConnectionHeld(CONNECTOR, FIRST, null, null, "bob@example.com", TOLD.identification(), true);
    }

    private static ConnectionFailed failed(Failure failure) {
        return new ConnectionFailed(CONNECTOR, FIRST, null, failure);
    }
}
