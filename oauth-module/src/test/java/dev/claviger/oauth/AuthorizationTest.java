package dev.claviger.oauth;

import static dev.claviger.oauth.Fixtures.CLOCK;
import static dev.claviger.oauth.Fixtures.DISCOVERED;
import static dev.claviger.oauth.Fixtures.ID;
import static dev.claviger.oauth.Fixtures.NOW;
import static dev.claviger.oauth.Fixtures.OBTAINED;
import static dev.claviger.oauth.Fixtures.REF;
import static dev.claviger.oauth.Fixtures.REQUESTED;
import static dev.claviger.oauth.Fixtures.STARTED;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.AuthorizationOutcome.ReceiveAuthorizationResponse;
import dev.claviger.oauth.AuthorizationOutcome.RecordClient;
import dev.claviger.oauth.AuthorizationOutcome.RecordConsentRequest;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.AuthorizationOutcome.RecordGrant;
import dev.claviger.oauth.AuthorizationOutcome.RecordMetadata;
import dev.claviger.oauth.AuthorizationOutcome.RecordProviderRevocation;
import dev.claviger.oauth.AuthorizationOutcome.RecordRevocationStep;
import dev.claviger.oauth.AuthorizationOutcome.RecordSubjectToken;
import dev.claviger.oauth.api.AuthorizationCommand.AbandonAuthorization;
import dev.claviger.oauth.api.AuthorizationCommand.ApproveIssuer;
import dev.claviger.oauth.api.AuthorizationCommand.RecordScopeChallenge;
import dev.claviger.oauth.api.AuthorizationCommand.StartAuthorization;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationFailed;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationGranted;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationResponseReceived;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted;
import dev.claviger.oauth.api.AuthorizationEvent.EnteredClientHeld;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerApproved;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerChangeFound;
import dev.claviger.oauth.api.AuthorizationEvent.ProviderRevocationTried;
import dev.claviger.oauth.api.AuthorizationEvent.RevocationAttempted;
import dev.claviger.oauth.api.AuthorizationEvent.ScopeChallenged;
import dev.claviger.oauth.api.AuthorizationEvent.SubjectTokenRotated;
import dev.claviger.oauth.api.AuthorizationRejected;
import dev.claviger.oauth.api.AuthorizationStep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthorizationTest {

    private static final AuthorizationResponseReceived RECEIVED = new AuthorizationResponseReceived(ID);
    private static final AuthorizationGranted GRANTED = new AuthorizationGranted(ID, "notes:read", true, null);
    private static final IssuerChangeFound CHANGED =
            new IssuerChangeFound(ID, "https://former.example", DISCOVERED.issuer());
    private static final IssuerApproved APPROVED =
            new IssuerApproved(ID, "https://former.example", DISCOVERED.issuer());
    private static final EnteredClientHeld HELD = new EnteredClientHeld(ID, DISCOVERED.issuer());
    private static final Failure EXPIRED = ExpireConsent.EXPIRED;

    private final FixtureConfiguration<Authorization> fixture = new AggregateTestFixture<>(Authorization.class);

    @BeforeEach
    void clock() {
        fixture.registerInjectableResource(CLOCK);
    }

    @Test
    void startsOnce() {
        fixture.givenNoPriorActivity().when(start("/connections/1")).expectEvents(started("/connections/1"));
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED)
                .when(start("/connections/1"))
                .expectNoEvents();
    }

    @Test
    void holdsAnEnteredClientUntilItsIssuerIsApproved() {
        fixture.given(STARTED)
                .when(new RecordMetadata(ID, DISCOVERED, null, true))
                .expectEvents(DISCOVERED, HELD);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, HELD)
                .when(new ApproveIssuer(ID, HELD.issuer()))
                .expectEvents(new IssuerApproved(ID, null, HELD.issuer()));
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, HELD)
                .when(new ApproveIssuer(ID, HELD.issuer() + "/"))
                .expectException(AuthorizationRejected.class);
    }

    @Test
    void asksAboutAMovedServerOnlyOnce() {
        fixture.given(STARTED)
                .when(new RecordMetadata(ID, DISCOVERED, CHANGED.former(), true))
                .expectEvents(DISCOVERED, CHANGED);
    }

    @Test
    void refusesAWayBackToAnotherHost() {
        fixture.givenNoPriorActivity().when(start("//evil.example")).expectException(AuthorizationRejected.class);
        new AggregateTestFixture<>(Authorization.class)
                .givenNoPriorActivity()
                .when(start("/\\evil.example"))
                .expectException(AuthorizationRejected.class);
    }

    @Test
    void takesMetadataOnlyWhileItLooksForIt() {
        fixture.given(STARTED).when(metadata()).expectEvents(DISCOVERED).expectResultMessagePayload(true);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED)
                .when(metadata())
                .expectNoEvents()
                .expectResultMessagePayload(false);
    }

    @Test
    void asksAnAdminWhereTheIssuerIsAnotherThanBefore() {
        fixture.given(STARTED)
                .when(new RecordMetadata(ID, DISCOVERED, "https://former.example"))
                .expectEvents(DISCOVERED, CHANGED);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED)
                .when(new RecordMetadata(ID, DISCOVERED, DISCOVERED.issuer()))
                .expectEvents(DISCOVERED);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, CHANGED)
                .when(client())
                .expectNoEvents()
                .expectResultMessagePayload(false);
    }

    @Test
    void goesOnOnceTheVeryIssuerIsApproved() {
        fixture.given(STARTED, DISCOVERED, CHANGED)
                .when(new ApproveIssuer(ID, CHANGED.issuer()))
                .expectEvents(APPROVED);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, CHANGED, APPROVED)
                .when(new ApproveIssuer(ID, CHANGED.issuer()))
                .expectNoEvents();
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, CHANGED, APPROVED)
                .when(client())
                .expectEvents(OBTAINED);
    }

    @Test
    void approvesNoOtherIssuerAndNothingThatIsNotAsked() {
        fixture.given(STARTED, DISCOVERED, CHANGED)
                .when(new ApproveIssuer(ID, CHANGED.issuer() + "/"))
                .expectException(AuthorizationRejected.class);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED)
                .when(new ApproveIssuer(ID, DISCOVERED.issuer()))
                .expectException(AuthorizationRejected.class);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, CHANGED, failed(AuthorizationStep.APPROVAL))
                .when(new ApproveIssuer(ID, CHANGED.issuer()))
                .expectException(AuthorizationRejected.class);
    }

    @Test
    void endsAtTheApprovalWhereNobodyApproves() {
        fixture.given(STARTED, DISCOVERED, CHANGED)
                .when(new RecordFailure(ID, AuthorizationStep.APPROVAL, EXPIRED))
                .expectEvents(failed(AuthorizationStep.APPROVAL));
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, CHANGED, APPROVED)
                .when(new RecordFailure(ID, AuthorizationStep.APPROVAL, EXPIRED))
                .expectNoEvents();
    }

    @Test
    void tellsOfEachScopeChallengeOnce() {
        RecordScopeChallenge challenge = new RecordScopeChallenge(ID, "tools/call create_note", "notes:admin");
        ScopeChallenged challenged = new ScopeChallenged(ID, "tools/call create_note", "notes:admin");
        Object[] granted = {STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED, GRANTED};
        fixture.given(granted).when(challenge).expectEvents(challenged);
        new AggregateTestFixture<>(Authorization.class)
                .given(granted)
                .andGiven(challenged)
                .when(challenge)
                .expectNoEvents();
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED)
                .when(challenge)
                .expectNoEvents();
    }

    @Test
    void takesOneClientAndOneConsentRequest() {
        fixture.given(STARTED, DISCOVERED).when(client()).expectEvents(OBTAINED);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED)
                .when(client())
                .expectNoEvents();
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED)
                .when(consent())
                .expectEvents(REQUESTED);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED)
                .when(consent())
                .expectNoEvents();
    }

    @Test
    void consumesTheConsentRequestOnce() {
        fixture.given(STARTED, DISCOVERED, OBTAINED, REQUESTED)
                .when(new ReceiveAuthorizationResponse(ID, "hash"))
                .expectEvents(RECEIVED)
                .expectResultMessagePayload(true);
        atTime(CLOCK)
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED)
                .when(new ReceiveAuthorizationResponse(ID, "hash"))
                .expectNoEvents()
                .expectResultMessagePayload(false);
    }

    @Test
    void refusesAnotherStateAndALateResponse() {
        fixture.given(STARTED, DISCOVERED, OBTAINED, REQUESTED)
                .when(new ReceiveAuthorizationResponse(ID, "other"))
                .expectResultMessagePayload(false);
        atTime(Clock.offset(CLOCK, Duration.ofSeconds(601)))
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED)
                .when(new ReceiveAuthorizationResponse(ID, "hash"))
                .expectNoEvents()
                .expectResultMessagePayload(false);
    }

    @Test
    void isGrantedOnlyWhileTheCodeIsRedeemed() {
        RecordGrant grant = new RecordGrant(ID, "notes:read", true, null);
        fixture.given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED)
                .when(grant)
                .expectEvents(GRANTED);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED, failed(AuthorizationStep.CONSENT))
                .when(grant)
                .expectNoEvents()
                .expectResultMessagePayload(false);
    }

    @Test
    void failsOnlyInTheStepThatFailed() {
        fixture.given(STARTED, DISCOVERED, OBTAINED, REQUESTED)
                .when(new RecordFailure(ID, AuthorizationStep.CONSENT, EXPIRED))
                .expectEvents(failed(AuthorizationStep.CONSENT));
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED)
                .when(new RecordFailure(ID, AuthorizationStep.CONSENT, EXPIRED))
                .expectNoEvents();
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED, GRANTED)
                .when(new RecordFailure(ID, AuthorizationStep.CODE_EXCHANGE, WatchExchange.INTERRUPTED))
                .expectNoEvents();
    }

    @Test
    void canBeAbandonedUntilItHasEnded() {
        Failure superseded = new Failure(FailureCode.CONNECTION_SUPERSEDED, "Another attempt took its place.");
        fixture.given(STARTED, DISCOVERED)
                .when(new AbandonAuthorization(ID, superseded))
                .expectEvents(new AuthorizationFailed(ID, AuthorizationStep.CLIENT, superseded));
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED, GRANTED)
                .when(new AbandonAuthorization(ID, superseded))
                .expectNoEvents();
    }

    @Test
    void notesOnceWhatTheProviderSaidToTheRevocation() {
        RecordProviderRevocation answer = new RecordProviderRevocation(ID, "told");
        ProviderRevocationTried tried = new ProviderRevocationTried(ID, "told");
        fixture.given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED, GRANTED)
                .when(answer)
                .expectEvents(tried);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED, GRANTED, tried)
                .when(answer)
                .expectNoEvents();
    }

    @Test
    void notesEachTryOfAStepUntilTheStepIsOver() {
        RevocationStep waiting = step(RevocationStep.Outcome.WAITING);
        RevocationStep done = step(RevocationStep.Outcome.DONE);
        RevocationAttempted tried = new RevocationAttempted(ID, waiting, null, null);
        RevocationAttempted over = new RevocationAttempted(ID, done, null, null);
        fixture.given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED, GRANTED, tried)
                .when(new RecordRevocationStep(ID, waiting))
                .expectEvents(tried);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED, GRANTED, tried)
                .when(new RecordRevocationStep(ID, done))
                .expectEvents(over);
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED, GRANTED, tried, over)
                .when(new RecordRevocationStep(ID, waiting))
                .expectNoEvents();
    }

    @Test
    void tellsTheProviderNothingOfAnAuthorizationThatIsUnderWay() {
        fixture.given(STARTED, DISCOVERED, OBTAINED)
                .when(new RecordRevocationStep(ID, step(RevocationStep.Outcome.DONE)))
                .expectNoEvents();
    }

    @Test
    void tellsOfLateTokensAgainWhenMoreOfThemCome() {
        RevocationStep unseen = step(RevocationStep.Kind.LATE_REFRESH_TOKEN, RevocationStep.Outcome.GIVEN_UP);
        RevocationStep told = step(RevocationStep.Kind.LATE_REFRESH_TOKEN, RevocationStep.Outcome.DONE);
        fixture.given(
                        STARTED,
                        DISCOVERED,
                        OBTAINED,
                        REQUESTED,
                        RECEIVED,
                        GRANTED,
                        new RevocationAttempted(ID, unseen, null, null))
                .when(new RecordRevocationStep(ID, told))
                .expectEvents(new RevocationAttempted(ID, told, null, null));
    }

    private static RevocationStep step(RevocationStep.Outcome outcome) {
        return step(RevocationStep.Kind.REFRESH_TOKEN, outcome);
    }

    private static RevocationStep step(RevocationStep.Kind kind, RevocationStep.Outcome outcome) {
        Instant at = Instant.parse("2026-11-23T10:00:00Z");
        return new RevocationStep(
                kind, outcome, "Said.", at, outcome == RevocationStep.Outcome.WAITING ? at.plusSeconds(10) : null);
    }

    @Test
    void notesThatTheTokensOfAnAbandonedExchangeWereDropped() {
        fixture.given(STARTED, DISCOVERED, OBTAINED, REQUESTED, RECEIVED, failed(AuthorizationStep.CODE_EXCHANGE))
                .when(new RecordProviderRevocation(ID, "told"))
                .expectEvents(new ProviderRevocationTried(ID, "told"));
    }

    @Test
    void asksForATokenAtOnceWhereNobodyConsents() {
        AuthorizationStarted alone = Fixtures.started(Fixtures.asTheClientItself());
        RecordGrant grant = new RecordGrant(ID, "notes:read", true, null);
        fixture.given(alone, DISCOVERED, OBTAINED).when(grant).expectEvents(GRANTED);
        new AggregateTestFixture<>(Authorization.class)
                .given(alone, DISCOVERED, OBTAINED, GRANTED)
                .when(grant)
                .expectNoEvents()
                .expectResultMessagePayload(false);
        new AggregateTestFixture<>(Authorization.class)
                .given(alone, DISCOVERED, OBTAINED)
                .when(consent())
                .expectNoEvents();
        new AggregateTestFixture<>(Authorization.class)
                .given(alone, DISCOVERED, OBTAINED)
                .when(new RecordFailure(ID, AuthorizationStep.CONSENT, EXPIRED))
                .expectNoEvents();
        new AggregateTestFixture<>(Authorization.class)
                .given(alone, DISCOVERED, OBTAINED)
                .when(new RecordFailure(ID, AuthorizationStep.TOKEN_REQUEST, EXPIRED))
                .expectEvents(failed(AuthorizationStep.TOKEN_REQUEST));
        new AggregateTestFixture<>(Authorization.class)
                .given(STARTED, DISCOVERED, OBTAINED)
                .when(grant)
                .expectNoEvents()
                .expectResultMessagePayload(false);
    }

    @Test
    void tellsOfAnIdentityTokenThatWasReplacedWhateverHasBecomeOfIt() {
        RecordSubjectToken replaced = new RecordSubjectToken(ID, REF, new SecretRef(new UUID(0, 2), "f2"));
        fixture.given(STARTED, DISCOVERED, failed(AuthorizationStep.CLIENT))
                .when(replaced)
                .expectEvents(new SubjectTokenRotated(ID, REF, replaced.inForce()));
    }

    private static FixtureConfiguration<Authorization> atTime(Clock clock) {
        return new AggregateTestFixture<>(Authorization.class).registerInjectableResource(clock);
    }

    private static StartAuthorization start(String returnTo) {
        return new StartAuthorization(
                ID, STARTED.serverUrl(), STARTED.settings(), STARTED.boundTo(), returnTo, null, null);
    }

    private static Object started(String returnTo) {
        return new dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted(
                ID, STARTED.serverUrl(), STARTED.settings(), STARTED.boundTo(), returnTo, null, null);
    }

    private static AuthorizationFailed failed(AuthorizationStep step) {
        return new AuthorizationFailed(ID, step, EXPIRED);
    }

    private static RecordMetadata metadata() {
        return new RecordMetadata(ID, DISCOVERED, null);
    }

    private static RecordClient client() {
        return new RecordClient(ID, OBTAINED.origin(), null, "client", null, "none", "An admin entered it.");
    }

    private static RecordConsentRequest consent() {
        return new RecordConsentRequest(
                ID,
                REQUESTED.stateHash(),
                REQUESTED.state(),
                REQUESTED.codeVerifier(),
                REQUESTED.issuer(),
                REQUESTED.redirectUri(),
                REQUESTED.authorizationHost(),
                REQUESTED.scope(),
                NOW.plusSeconds(600),
                null,
                null);
    }
}
