package dev.claviger.connectors;

import static dev.claviger.connectors.Fixtures.AGENT;
import static dev.claviger.connectors.Fixtures.CONNECTOR;
import static dev.claviger.connectors.Fixtures.FIRST;
import static dev.claviger.connectors.Fixtures.OTHER_AGENT;
import static dev.claviger.connectors.Fixtures.SECOND;
import static dev.claviger.connectors.Fixtures.TOKEN;
import static dev.claviger.connectors.Fixtures.URL;
import static dev.claviger.connectors.Fixtures.at;
import static dev.claviger.connectors.Fixtures.named;
import static dev.claviger.connectors.Fixtures.settings;
import static dev.claviger.connectors.Fixtures.shared;

import dev.claviger.connectors.OAuthEntry.Identity;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.Connect;
import dev.claviger.connectors.api.ConnectorCommand.CreateConnector;
import dev.claviger.connectors.api.ConnectorCommand.Disconnect;
import dev.claviger.connectors.api.ConnectorCommand.EditConnector;
import dev.claviger.connectors.api.ConnectorCommand.EstablishConnection;
import dev.claviger.connectors.api.ConnectorCommand.FailConnection;
import dev.claviger.connectors.api.ConnectorCommand.ForgetStepUps;
import dev.claviger.connectors.api.ConnectorCommand.RemoveConnector;
import dev.claviger.connectors.api.ConnectorCommand.StepUp;
import dev.claviger.connectors.api.ConnectorEvent.ClientSecretDropped;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEnded;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionFailed;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionRequested;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorCreated;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorEdited;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorRemoved;
import dev.claviger.connectors.api.ConnectorEvent.StepUpSucceeded;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectorTest {

    private static final ConnectionId THIRD = new ConnectionId(new UUID(2, 3));

    private static final ConnectorSettings OAUTH = shared(AuthType.OAUTH);
    private static final ConnectorSettings PER_AGENT = settings(AuthType.OAUTH, CredentialMode.PER_AGENT);

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final ShiftingClock clock = new ShiftingClock();
    private FixtureConfiguration<Connector> connector;

    /** Stands where it is put. */
    private static final class ShiftingClock extends Clock {
        Instant now = NOON;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void setUp() {
        connector = new AggregateTestFixture<>(Connector.class);
        connector.registerInjectableResource(Fixtures.check());
        connector.registerInjectableResource(clock);
    }

    @Test
    void namesItsToolsByItsName() {
        connector
                .givenNoPriorActivity()
                .when(new CreateConnector(CONNECTOR, OAUTH))
                .expectEvents(new ConnectorCreated(CONNECTOR, OAUTH, "docs_search"));
    }

    @Test
    void isCreatedOnce() {
        connector
                .given(created(OAUTH))
                .when(new CreateConnector(CONNECTOR, OAUTH))
                .expectNoEvents();
    }

    @Test
    void refusesSettingsThatDoNotFit() {
        connector
                .givenNoPriorActivity()
                .when(new CreateConnector(CONNECTOR, settings(AuthType.NONE, CredentialMode.PER_AGENT)))
                .expectException(ConnectorRejected.class)
                .expectNoEvents();
    }

    @Test
    void beginsAConnectionThatListsToolsWhereTheyAreShared() {
        connector
                .given(created(OAUTH))
                .when(connect(FIRST, null, null))
                .expectEvents(requested(FIRST, null, OAUTH, null, true));
    }

    @Test
    void beginsOnceForADoubleClick() {
        connector
                .given(created(OAUTH), requested(FIRST, null, OAUTH, null, true))
                .when(connect(FIRST, null, null))
                .expectNoEvents();
    }

    @Test
    void doesNotBeginAgainWhatFailedBefore() {
        connector
                .given(created(OAUTH), requested(FIRST, null, OAUTH, null, true), failed(FIRST, null, gone()))
                .when(connect(FIRST, null, null))
                .expectNoEvents();
    }

    @Test
    void letsANewAttemptTakeThePlaceOfAPendingOne() {
        connector
                .given(created(OAUTH), requested(FIRST, null, OAUTH, null, true))
                .when(connect(SECOND, null, null))
                .expectEvents(
                        failed(
                                FIRST,
                                null,
                                new Failure(FailureCode.CONNECTION_SUPERSEDED, "Somebody began to connect again.")),
                        requested(SECOND, null, OAUTH, null, true));
    }

    @Test
    void keepsTheAttemptsOfAgentsApart() {
        connector
                .given(created(PER_AGENT), requested(FIRST, AGENT, PER_AGENT, null, true))
                .when(connect(SECOND, OTHER_AGENT, null))
                .expectEvents(requested(SECOND, OTHER_AGENT, PER_AGENT, null, true));
    }

    @Test
    void listsToolsForTheFirstAgentOnly() {
        connector
                .given(
                        created(PER_AGENT),
                        requested(FIRST, AGENT, PER_AGENT, null, true),
                        established(FIRST, AGENT, null, true))
                .when(connect(SECOND, OTHER_AGENT, null))
                .expectEvents(requestedAfter(FIRST, SECOND, OTHER_AGENT, PER_AGENT, false, null));
    }

    @Test
    void listsToolsForTheNextAgentWhenTheFirstListingFailed() {
        connector
                .given(
                        created(PER_AGENT),
                        requested(FIRST, AGENT, PER_AGENT, null, true),
                        established(FIRST, AGENT, null, false))
                .when(connect(SECOND, OTHER_AGENT, null))
                .expectEvents(requestedAfter(FIRST, SECOND, OTHER_AGENT, PER_AGENT, true, null));
    }

    @Test
    void wantsAnAgentWhereEachHasItsOwn() {
        connector.given(created(PER_AGENT)).when(connect(FIRST, null, null)).expectException(ConnectorRejected.class);
    }

    @Test
    void wantsNoAgentWhereTheCredentialIsShared() {
        connector.given(created(OAUTH)).when(connect(FIRST, AGENT, null)).expectException(ConnectorRejected.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = AuthType.class,
            names = {"BEARER", "API_KEY_HEADER"})
    void wantsATokenWhereOneIsTyped(AuthType authType) {
        connector
                .given(created(shared(authType)))
                .when(connect(FIRST, null, null))
                .expectException(ConnectorRejected.class);
        connector
                .given(created(shared(authType)))
                .when(connect(FIRST, null, TOKEN))
                .expectEvents(requested(FIRST, null, shared(authType), TOKEN, true));
    }

    @ParameterizedTest
    @EnumSource(
            value = AuthType.class,
            names = {"OAUTH", "NONE"})
    void wantsNoTokenWhereNoneIsTyped(AuthType authType) {
        connector
                .given(created(shared(authType)))
                .when(connect(FIRST, null, TOKEN))
                .expectException(ConnectorRejected.class);
    }

    @Test
    void namesTheConnectionItReplaces() {
        connector
                .given(
                        created(OAUTH),
                        requested(FIRST, null, OAUTH, null, true),
                        established(FIRST, null, null, true),
                        requested(SECOND, null, OAUTH, null, true))
                .when(new EstablishConnection(CONNECTOR, SECOND, true))
                .expectEvents(established(SECOND, null, FIRST, true));
    }

    @Test
    void expectsTheIssuerOfWhoeverWasAuthorizedLast() {
        connector
                .given(
                        created(PER_AGENT),
                        requested(FIRST, AGENT, PER_AGENT, null, true),
                        established(FIRST, AGENT, null, true))
                .when(connect(SECOND, OTHER_AGENT, null))
                .expectEvents(requestedAfter(FIRST, SECOND, OTHER_AGENT, PER_AGENT, false, null));
    }

    @Test
    void expectsNoIssuerOfAnAttemptThatFailedAndStillThatOfOneThatEnded() {
        connector
                .given(
                        created(OAUTH),
                        requested(FIRST, null, OAUTH, null, true),
                        established(FIRST, null, null, true),
                        new ConnectionEnded(CONNECTOR, FIRST, null, AuthType.OAUTH, "Disconnected by hand"),
                        requested(THIRD, null, OAUTH, null, true),
                        failed(THIRD, null, gone()))
                .when(connect(SECOND, null, null))
                .expectEvents(requestedAfter(FIRST, SECOND, null, OAUTH, true, null));
    }

    @Test
    void expectsNoIssuerOfAnotherServer() {
        connector
                .given(
                        created(OAUTH),
                        requested(FIRST, null, OAUTH, null, true),
                        established(FIRST, null, null, true),
                        new ConnectorEdited(CONNECTOR, OAUTH, "docs_search", null, "https://former.example/mcp"))
                .when(connect(SECOND, null, null))
                .expectEvents(requested(SECOND, null, OAUTH, null, true));
    }

    /** The union of scopes is that of the connection that was refused, not of somebody else's. */
    @Test
    void stepsUpFromTheConnectionOfTheSameAgent() {
        connector
                .given(
                        created(PER_AGENT),
                        requested(FIRST, AGENT, PER_AGENT, null, true),
                        established(FIRST, AGENT, null, true),
                        requested(THIRD, OTHER_AGENT, PER_AGENT, null, false),
                        established(THIRD, OTHER_AGENT, null, true))
                .when(stepUp(SECOND, AGENT, "tools/call a"))
                .expectEvents(requestedAfter(
                        FIRST, SECOND, AGENT, PER_AGENT, false, new StepUp("tools/call a", "notes:admin")));
    }

    @Test
    void establishesOnlyWhatIsPending() {
        connector
                .given(created(OAUTH), requested(FIRST, null, OAUTH, null, true), failed(FIRST, null, gone()))
                .when(new EstablishConnection(CONNECTOR, FIRST, true))
                .expectNoEvents();
    }

    @Test
    void failsOnlyWhatIsPending() {
        connector
                .given(created(OAUTH), requested(FIRST, null, OAUTH, null, true), established(FIRST, null, null, true))
                .when(new FailConnection(CONNECTOR, FIRST, gone()))
                .expectNoEvents();
    }

    @Test
    void failsAPendingAttemptAndKeepsTheLiveOne() {
        connector
                .given(
                        created(OAUTH),
                        requested(FIRST, null, OAUTH, null, true),
                        established(FIRST, null, null, true),
                        requested(SECOND, null, OAUTH, null, true))
                .when(new FailConnection(CONNECTOR, SECOND, gone()))
                .expectEvents(failed(SECOND, null, gone()));
    }

    @Test
    void dropsEverythingWhenTheUrlChanges() {
        ConnectorSettings moved = at(PER_AGENT, "https://other.example/mcp");
        connector
                .given(
                        created(PER_AGENT),
                        requested(FIRST, AGENT, PER_AGENT, null, true),
                        established(FIRST, AGENT, null, true),
                        requested(SECOND, OTHER_AGENT, PER_AGENT, null, false))
                .when(new EditConnector(CONNECTOR, moved))
                .expectEvents(
                        failed(
                                SECOND,
                                OTHER_AGENT,
                                new Failure(FailureCode.CONNECTION_INTERRUPTED, "The URL changed.")),
                        new ConnectionEnded(CONNECTOR, FIRST, AGENT, AuthType.OAUTH, "The URL changed."),
                        new ConnectorEdited(
                                CONNECTOR,
                                moved,
                                "docs_search",
                                "The URL changed. Dropped: 1 connection ended, 1 attempt to connect stopped,"
                                        + " tools and the agents' choices of them forgotten.",
                                URL));
    }

    @Test
    void dropsNothingWhenOnlyTheNameChanges() {
        ConnectorSettings renamed = named(OAUTH, "Wiki");
        connector
                .given(created(OAUTH), requested(FIRST, null, OAUTH, null, true), established(FIRST, null, null, true))
                .when(new EditConnector(CONNECTOR, renamed))
                .expectEvents(new ConnectorEdited(CONNECTOR, renamed, "wiki", null, null));
    }

    @Test
    void anotherIdleLimitEndsNoConnection() {
        ConnectorSettings limited = withOAuth(Fixtures.idleLimit(14));
        connector
                .given(created(OAUTH), requested(FIRST, null, OAUTH, null, true), established(FIRST, null, null, true))
                .when(new EditConnector(CONNECTOR, limited))
                .expectEvents(new ConnectorEdited(CONNECTOR, limited, "docs_search", null, null));
    }

    @Test
    void saysNothingWhenNothingWasEdited() {
        connector
                .given(created(OAUTH))
                .when(new EditConnector(CONNECTOR, OAUTH))
                .expectNoEvents();
    }

    @Test
    void endsEverythingBeforeItIsRemoved() {
        connector
                .given(created(OAUTH), requested(FIRST, null, OAUTH, null, true), established(FIRST, null, null, true))
                .when(new RemoveConnector(CONNECTOR))
                .expectEvents(
                        new ConnectionEnded(CONNECTOR, FIRST, null, AuthType.OAUTH, "The connector was removed."),
                        new ConnectorRemoved(CONNECTOR, "Docs Search"));
    }

    @Test
    void namesTheClientSecretThatAnotherReplaces() {
        ConnectorSettings after = withClient(new SecretRef(new UUID(5, 2), "f2"));
        connector
                .given(
                        created(withClient(TOKEN)),
                        requested(FIRST, null, withClient(TOKEN), null, true),
                        established(FIRST, null, null, true))
                .when(new EditConnector(CONNECTOR, after))
                .expectEvents(
                        new ConnectionEnded(CONNECTOR, FIRST, null, AuthType.OAUTH, "The OAuth client changed."),
                        new ConnectorEdited(
                                CONNECTOR,
                                after,
                                "docs_search",
                                "The OAuth client changed. Dropped: 1 connection ended, client secret replaced.",
                                null),
                        new ClientSecretDropped(CONNECTOR, TOKEN, null));
    }

    @Test
    void dropsTheOldSealOfTheSameClientSecretWithoutEndingAnything() {
        ConnectorSettings after = withClient(new SecretRef(new UUID(5, 2), TOKEN.fingerprint()));
        connector
                .given(created(withClient(TOKEN)))
                .when(new EditConnector(CONNECTOR, after))
                .expectEvents(
                        new ConnectorEdited(CONNECTOR, after, "docs_search", null, null),
                        new ClientSecretDropped(CONNECTOR, TOKEN, null));
    }

    @Test
    void namesEverySecretThatGoesWithAnotherGrant() {
        SecretRef key = new SecretRef(new UUID(5, 3), "f3");
        SecretRef subject = new SecretRef(new UUID(5, 4), "f4");
        ConnectorSettings before = withOAuth(new OAuthSettings(
                null,
                null,
                "client",
                null,
                null,
                null,
                Grant.ENTERPRISE_MANAGED,
                key,
                "ES256",
                ResourceChoice.AS_PUBLISHED,
                null,
                new IdentityProvider(
                        "https://idp.example", "https://idp.example/token", "us", TOKEN, subject, Identity.ID_TOKEN)));
        ConnectorSettings after = withOAuth(new OAuthSettings(null, null, "client", null, null));
        connector
                .given(created(before))
                .when(new EditConnector(CONNECTOR, after))
                .expectEvents(
                        new ConnectorEdited(
                                CONNECTOR,
                                after,
                                "docs_search",
                                "The grant and the OAuth client changed. Dropped: private key dropped, client secret at"
                                        + " the identity provider dropped, identity token dropped.",
                                null),
                        new ClientSecretDropped(CONNECTOR, key, "private_key"),
                        new ClientSecretDropped(CONNECTOR, TOKEN, "identity_provider_secret"),
                        new ClientSecretDropped(CONNECTOR, subject, "subject_token"));
    }

    @Test
    void dropsTheClientSecretWhenItIsRemoved() {
        connector
                .given(created(withClient(TOKEN)))
                .when(new RemoveConnector(CONNECTOR))
                .expectEvents(
                        new ClientSecretDropped(CONNECTOR, TOKEN, null),
                        new ConnectorRemoved(CONNECTOR, "Docs Search"));
    }

    @Test
    void isRemovedOnceAndThenRefuses() {
        connector
                .given(created(OAUTH), new ConnectorRemoved(CONNECTOR, "Docs Search"))
                .when(new RemoveConnector(CONNECTOR))
                .expectNoEvents();
        connector
                .given(created(OAUTH), new ConnectorRemoved(CONNECTOR, "Docs Search"))
                .when(connect(FIRST, null, null))
                .expectException(ConnectorRejected.class);
    }

    @Test
    void asksWhichAgentToDisconnect() {
        connector
                .given(created(settings(AuthType.OAUTH, CredentialMode.PER_AGENT)))
                .when(new Disconnect(CONNECTOR, null, "Not needed."))
                .expectException(ConnectorRejected.class)
                .expectNoEvents();
    }

    @Test
    void disconnectsWhatIsLiveAndWhatIsPending() {
        connector
                .given(
                        created(OAUTH),
                        requested(FIRST, null, OAUTH, null, true),
                        established(FIRST, null, null, true),
                        requested(SECOND, null, OAUTH, null, true))
                .when(new Disconnect(CONNECTOR, null, "Not needed."))
                .expectEvents(
                        failed(SECOND, null, new Failure(FailureCode.CONNECTION_INTERRUPTED, "Not needed.")),
                        new ConnectionEnded(CONNECTOR, FIRST, null, AuthType.OAUTH, "Not needed."));
    }

    @Test
    void disconnectsNobodyTwice() {
        connector
                .given(
                        created(OAUTH),
                        requested(FIRST, null, OAUTH, null, true),
                        established(FIRST, null, null, true),
                        new ConnectionEnded(CONNECTOR, FIRST, null, AuthType.OAUTH, "Not needed."))
                .when(new Disconnect(CONNECTOR, null, "Not needed."))
                .expectNoEvents();
    }

    @Test
    void asksForMoreScopeTwiceAndNotAThirdTime() {
        connector
                .givenCurrentTime(NOON)
                .andGiven(created(OAUTH), steppedUp(FIRST, null, "tools/call a"))
                .when(stepUp(SECOND, null, "tools/call a"))
                .expectSuccessfulHandlerExecution();
        refusesStepUp(Duration.ofMinutes(59), null, "tools/call a");
    }

    @Test
    void forgetsAfterAnHourThatMoreScopeWasAskedForInVain() {
        allowsStepUp(Duration.ofMinutes(61), null, "tools/call a");
    }

    @Test
    void countsEachOperationAndEachAgentForItself() {
        allowsStepUp(Duration.ZERO, null, "tools/call b");
        allowsStepUp(Duration.ZERO, AGENT, "tools/call a");
    }

    @Test
    void countsAnewOnceTheOperationWentThrough() {
        ForgetStepUps forget = new ForgetStepUps(CONNECTOR, null, "tools/call a");
        StepUpSucceeded succeeded = new StepUpSucceeded(CONNECTOR, null, "tools/call a");
        connector.given(twiceSteppedUp()).when(forget).expectEvents(succeeded);
        connector.given(twiceSteppedUp()).andGiven(succeeded).when(forget).expectNoEvents();
        connector.given(created(OAUTH)).when(forget).expectNoEvents();
        clock.now = NOON;
        connector
                .givenCurrentTime(NOON)
                .andGiven(twiceSteppedUp())
                .andGiven(succeeded)
                .when(stepUp(new ConnectionId(UUID.randomUUID()), null, "tools/call a"))
                .expectSuccessfulHandlerExecution();
    }

    @Test
    void anOrdinaryConnectIsNeverTooMuch() {
        connector
                .givenCurrentTime(NOON)
                .andGiven(twiceSteppedUp())
                .when(connect(new ConnectionId(UUID.randomUUID()), null, null))
                .expectSuccessfulHandlerExecution();
    }

    private void refusesStepUp(Duration later, AgentId agent, String operation) {
        clock.now = NOON.plus(later);
        connector
                .givenCurrentTime(NOON)
                .andGiven(twiceSteppedUp())
                .when(stepUp(new ConnectionId(UUID.randomUUID()), agent, operation))
                .expectException(ConnectorRejected.class);
    }

    private void allowsStepUp(Duration later, AgentId agent, String operation) {
        ConnectorSettings settings = agent == null ? OAUTH : PER_AGENT;
        clock.now = NOON.plus(later);
        connector
                .givenCurrentTime(NOON)
                .andGiven(twiceSteppedUp())
                .andGiven(new ConnectorEdited(CONNECTOR, settings, "docs_search", null, null))
                .when(stepUp(new ConnectionId(UUID.randomUUID()), agent, operation))
                .expectSuccessfulHandlerExecution();
    }

    private static List<Object> twiceSteppedUp() {
        return List.of(
                created(OAUTH),
                steppedUp(FIRST, null, "tools/call a"),
                failed(FIRST, null, gone()),
                steppedUp(SECOND, null, "tools/call a"),
                failed(SECOND, null, gone()));
    }

    private static Connect stepUp(ConnectionId id, AgentId agent, String operation) {
        return new Connect(CONNECTOR, id, agent, null, "bound", new StepUp(operation, "notes:admin"));
    }

    private static ConnectionRequested steppedUp(ConnectionId id, AgentId agent, String operation) {
        return new ConnectionRequested(
                CONNECTOR, id, agent, OAUTH, null, true, "bound", null, new StepUp(operation, "notes:admin"));
    }

    private static ConnectorCreated created(ConnectorSettings settings) {
        return new ConnectorCreated(CONNECTOR, settings, "docs_search");
    }

    private static ConnectorSettings withClient(SecretRef secret) {
        return withOAuth(new OAuthSettings(null, null, "client", secret, null));
    }

    private static ConnectorSettings withOAuth(OAuthSettings oauth) {
        return new ConnectorSettings(
                OAUTH.name(),
                OAUTH.url(),
                OAUTH.authType(),
                OAUTH.headerName(),
                OAUTH.customHeaders(),
                OAUTH.mode(),
                oauth);
    }

    private static Connect connect(ConnectionId id, AgentId agent, SecretRef token) {
        return new Connect(CONNECTOR, id, agent, token, "bound", null);
    }

    private static ConnectionRequested requestedAfter(
            ConnectionId previous,
            ConnectionId id,
            AgentId agent,
            ConnectorSettings settings,
            boolean syncTools,
            StepUp stepUp) {
        return new ConnectionRequested(CONNECTOR, id, agent, settings, null, syncTools, "bound", previous, stepUp);
    }

    private static ConnectionRequested requested(
            ConnectionId id, AgentId agent, ConnectorSettings settings, SecretRef token, boolean syncTools) {
        return new ConnectionRequested(CONNECTOR, id, agent, settings, token, syncTools, "bound", null, null);
    }

    private static ConnectionEstablished established(
            ConnectionId id, AgentId agent, ConnectionId replaced, boolean toolsKnown) {
        return new ConnectionEstablished(CONNECTOR, id, agent, AuthType.OAUTH, replaced, toolsKnown);
    }

    private static ConnectionFailed failed(ConnectionId id, AgentId agent, Failure failure) {
        return new ConnectionFailed(CONNECTOR, id, agent, failure);
    }

    private static Failure gone() {
        return new Failure(FailureCode.CONSENT_DENIED, "Somebody clicked Deny.");
    }
}
