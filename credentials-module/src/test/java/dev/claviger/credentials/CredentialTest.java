package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.CredentialOutcome.GiveUpRefresh;
import dev.claviger.credentials.CredentialOutcome.RecordRefresh;
import dev.claviger.credentials.CredentialOutcome.RecordRefreshFailed;
import dev.claviger.credentials.CredentialOutcome.RecordRefreshInDoubt;
import dev.claviger.credentials.CredentialOutcome.RecordRefreshRejected;
import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialCommand.SetIdleLimit;
import dev.claviger.credentials.api.CredentialCommand.ShredSecrets;
import dev.claviger.credentials.api.CredentialEvent.IdleLimitSet;
import dev.claviger.credentials.api.CredentialEvent.RefreshFailed;
import dev.claviger.credentials.api.CredentialEvent.RefreshGivenUp;
import dev.claviger.credentials.api.CredentialEvent.RefreshInDoubt;
import dev.claviger.credentials.api.CredentialEvent.RefreshRejected;
import dev.claviger.credentials.api.CredentialEvent.SecretsShredded;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import dev.claviger.credentials.api.CredentialEvent.TokenRevoked;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialRejected;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.SecretRef;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CredentialTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(3600);
    private static final CredentialId ID = new CredentialId(UUID.randomUUID());
    private static final SecretRef ACCESS = ref("a1");
    private static final SecretRef REFRESH = ref("r1");
    private static final SecretRef ACCESS_2 = ref("a2");
    private static final SecretRef REFRESH_2 = ref("r2");

    private static final TokenIssued ISSUED =
            new TokenIssued(ID, CredentialKind.OAUTH, ACCESS, REFRESH, null, NOW, LATER, "read", "https://as.test");
    private static final TokenRevoked REVOKED = new TokenRevoked(ID, CredentialKind.OAUTH, "removed");
    private static final TokenRefreshed REFRESHED =
            new TokenRefreshed(ID, 2, ACCESS_2, REFRESH_2, true, NOW, LATER, null);

    private FixtureConfiguration<Credential> fixture;

    @BeforeEach
    void setUp() {
        fixture = new AggregateTestFixture<>(Credential.class);
        fixture.registerInjectableResource(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    void issuesATokenOnce() {
        IssueToken issue =
                new IssueToken(ID, CredentialKind.OAUTH, ACCESS, REFRESH, null, LATER, "read", "https://as.test");
        fixture.givenNoPriorActivity().when(issue).expectEvents(ISSUED);
        fixture.given(ISSUED).when(issue).expectNoEvents();
        fixture.given(ISSUED, REVOKED).when(issue).expectNoEvents();
    }

    @Test
    void anApiKeyNeedsItsHeader() {
        fixture.givenNoPriorActivity()
                .when(new IssueToken(ID, CredentialKind.API_KEY_HEADER, ACCESS, null, " ", null, null, null))
                .expectException(CredentialRejected.class);
    }

    @Test
    void aStaticTokenHasNoRefreshToken() {
        fixture.givenNoPriorActivity()
                .when(new IssueToken(ID, CredentialKind.BEARER, ACCESS, REFRESH, null, null, null, null))
                .expectException(CredentialRejected.class);
    }

    @Test
    void aGrantWithoutAPersonIsRenewedWithoutARefreshTokenAndNeverInDoubt() {
        TokenIssued issued = new TokenIssued(
                ID, CredentialKind.OAUTH, ACCESS, null, null, NOW, LATER, "read", "https://as.test", true, null);
        fixture.givenNoPriorActivity()
                .when(new IssueToken(
                        ID, CredentialKind.OAUTH, ACCESS, null, null, LATER, "read", "https://as.test", true, null))
                .expectEvents(issued);
        fixture.given(issued)
                .when(new RecordRefresh(ID, 1, ACCESS_2, null, LATER, null, null))
                .expectEvents(new TokenRefreshed(ID, 2, ACCESS_2, null, false, NOW, LATER, null));
        fixture.given(issued).when(new RecordRefreshInDoubt(ID, 1, NOW)).expectNoEvents();
        fixture.given(new TokenIssued(
                        ID, CredentialKind.OAUTH, ACCESS, null, null, NOW, LATER, "read", "https://as.test"))
                .when(new RecordRefresh(ID, 1, ACCESS_2, null, LATER, null, null))
                .expectException(CredentialRejected.class);
    }

    @Test
    void isRenewedEitherByARefreshTokenOrByItsGrant() {
        fixture.givenNoPriorActivity()
                .when(new IssueToken(ID, CredentialKind.OAUTH, ACCESS, REFRESH, null, null, null, null, true, null))
                .expectException(CredentialRejected.class);
        fixture.givenNoPriorActivity()
                .when(new IssueToken(ID, CredentialKind.BEARER, ACCESS, null, null, null, null, null, true, null))
                .expectException(CredentialRejected.class);
    }

    @Test
    void storesARotatedRefreshToken() {
        fixture.given(ISSUED)
                .when(new RecordRefresh(ID, 1, ACCESS_2, REFRESH_2, LATER, "read", null))
                .expectEvents(new TokenRefreshed(ID, 2, ACCESS_2, REFRESH_2, true, NOW, LATER, "read"));
    }

    @Test
    void keepsTheOldRefreshTokenWhenNoneCame() {
        fixture.given(ISSUED)
                .when(new RecordRefresh(ID, 1, ACCESS_2, null, LATER, null, null))
                .expectEvents(new TokenRefreshed(ID, 2, ACCESS_2, REFRESH, false, NOW, LATER, null));
    }

    @Test
    void refusesARefreshThatComesTooLate() {
        RecordRefresh late = new RecordRefresh(ID, 1, ref("a3"), ref("r3"), LATER, null, null);
        fixture.given(ISSUED, REFRESHED).when(late).expectNoEvents().expectException(CredentialRejected.class);
        fixture.given(ISSUED, REVOKED).when(late).expectNoEvents().expectException(CredentialRejected.class);
    }

    @Test
    void aDeadGrantNeedsConsentOnceAndOnlyForItsGeneration() {
        RecordRefreshRejected rejected = new RecordRefreshRejected(ID, 1, "invalid_grant", "gone", false);
        RefreshRejected event = new RefreshRejected(ID, 1, "invalid_grant", "gone");
        fixture.given(ISSUED).when(rejected).expectEvents(event);
        fixture.given(ISSUED, event).when(rejected).expectNoEvents();
        fixture.given(ISSUED, REFRESHED).when(rejected).expectNoEvents();
        fixture.given(ISSUED, REVOKED).when(rejected).expectNoEvents();
    }

    @Test
    void saysWhetherALostAnswerMayHaveEndedTheGrant() {
        fixture.given(ISSUED, new RefreshInDoubt(ID, 1, NOW))
                .when(new RecordRefreshRejected(ID, 1, "invalid_grant", "used before", true))
                .expectEvents(new RefreshRejected(ID, 1, "invalid_grant", "used before", true));
    }

    @Test
    void givesUpOnceAndOnlyForItsGeneration() {
        GiveUpRefresh hopeless = new GiveUpRefresh(ID, 1, RefreshFailure.DENIED, "invalid_request", NOW, 10);
        RefreshGivenUp event = new RefreshGivenUp(ID, 1, RefreshFailure.DENIED, "invalid_request", NOW, 10);
        fixture.given(ISSUED).when(hopeless).expectEvents(event);
        fixture.given(ISSUED, event).when(hopeless).expectNoEvents();
        fixture.given(ISSUED, REFRESHED).when(hopeless).expectNoEvents();
        fixture.given(ISSUED, REVOKED).when(hopeless).expectNoEvents();
        fixture.given(ISSUED, event)
                .when(new RecordRefresh(ID, 1, ACCESS_2, REFRESH_2, LATER, null, null))
                .expectEvents(REFRESHED);
    }

    @Test
    void keepsWhenTheRefreshTokenDies() {
        fixture.given(ISSUED)
                .when(new RecordRefresh(ID, 1, ACCESS_2, REFRESH_2, LATER, null, LATER.plusSeconds(9)))
                .expectEvents(
                        new TokenRefreshed(ID, 2, ACCESS_2, REFRESH_2, true, NOW, LATER, null, LATER.plusSeconds(9)));
    }

    @Test
    void recordsTheFirstOfARowOfFailures() {
        RecordRefreshFailed failed = new RecordRefreshFailed(ID, 1, RefreshFailure.TRANSIENT, "timeout");
        RefreshFailed event = new RefreshFailed(ID, 1, RefreshFailure.TRANSIENT, "timeout");
        fixture.given(ISSUED).when(failed).expectEvents(event);
        fixture.given(ISSUED, event).when(failed).expectNoEvents();
        fixture.given(ISSUED, event)
                .when(new RecordRefreshFailed(ID, 1, RefreshFailure.CLIENT, "invalid_client"))
                .expectEvents(new RefreshFailed(ID, 1, RefreshFailure.CLIENT, "invalid_client"));
        fixture.given(ISSUED, event, REFRESHED)
                .when(new RecordRefreshFailed(ID, 2, RefreshFailure.TRANSIENT, "timeout"))
                .expectEvents(new RefreshFailed(ID, 2, RefreshFailure.TRANSIENT, "timeout"));
    }

    @Test
    void theTokensOfTheWinnerCountAfterTheRejectionOfTheLoser() {
        RefreshRejected rejected = new RefreshRejected(ID, 1, "invalid_grant", null);
        fixture.given(ISSUED, rejected)
                .when(new RecordRefresh(ID, 1, ACCESS_2, REFRESH_2, LATER, null, null))
                .expectEvents(REFRESHED);
        fixture.given(ISSUED, rejected, REFRESHED)
                .when(new RecordRefreshFailed(ID, 2, RefreshFailure.TRANSIENT, "timeout"))
                .expectEvents(new RefreshFailed(ID, 2, RefreshFailure.TRANSIENT, "timeout"));
    }

    @Test
    void recordsTwoDoubtsOfAGenerationAndThenOneAnHour() {
        RefreshInDoubt first = new RefreshInDoubt(ID, 1, NOW);
        RefreshInDoubt second = new RefreshInDoubt(ID, 1, NOW.plusSeconds(60));
        RefreshInDoubt third = new RefreshInDoubt(ID, 1, NOW.plusSeconds(3660));
        fixture.given(ISSUED, first)
                .when(new RecordRefreshInDoubt(ID, 1, second.since()))
                .expectEvents(second);
        fixture.given(ISSUED, first, second)
                .when(new RecordRefreshInDoubt(ID, 1, NOW.plusSeconds(3600)))
                .expectNoEvents();
        fixture.given(ISSUED, first, second)
                .when(new RecordRefreshInDoubt(ID, 1, third.since()))
                .expectEvents(third);
        fixture.given(ISSUED, first, second, REFRESHED)
                .when(new RecordRefreshInDoubt(ID, 2, NOW))
                .expectEvents(new RefreshInDoubt(ID, 2, NOW));
    }

    @Test
    void theSameDoubtIsRecordedOnce() {
        RecordRefreshInDoubt doubt = new RecordRefreshInDoubt(ID, 1, NOW);
        RefreshInDoubt event = new RefreshInDoubt(ID, 1, NOW);
        fixture.given(ISSUED).when(doubt).expectEvents(event);
        fixture.given(ISSUED, event).when(doubt).expectNoEvents();
        fixture.given(ISSUED, REFRESHED).when(doubt).expectNoEvents();
    }

    @Test
    void notesAfterHowManyIdleDaysARefreshTokenDies() {
        SetIdleLimit limit = new SetIdleLimit(ID, 14);
        IdleLimitSet set = new IdleLimitSet(ID, 14);
        fixture.given(ISSUED).when(limit).expectEvents(set);
        fixture.given(ISSUED, set).when(limit).expectNoEvents();
        fixture.given(ISSUED, set, REFRESHED).when(limit).expectNoEvents();
        fixture.given(ISSUED, set).when(new SetIdleLimit(ID, 30)).expectEvents(new IdleLimitSet(ID, 30));
        fixture.given(ISSUED, set).when(new SetIdleLimit(ID, null)).expectEvents(new IdleLimitSet(ID, null));
        fixture.given(ISSUED).when(new SetIdleLimit(ID, null)).expectNoEvents();
        fixture.given(ISSUED).when(new SetIdleLimit(ID, 0)).expectException(CredentialRejected.class);
    }

    @Test
    void aCredentialWithoutARefreshTokenHasNoIdleLimit() {
        SetIdleLimit limit = new SetIdleLimit(ID, 14);
        fixture.given(new TokenIssued(
                        ID, CredentialKind.OAUTH, ACCESS, null, null, NOW, LATER, "read", "https://as.test"))
                .when(limit)
                .expectNoEvents();
        fixture.given(ISSUED, REVOKED).when(limit).expectNoEvents();
        fixture.givenNoPriorActivity().when(limit).expectNoEvents().expectException(CredentialRejected.class);
    }

    @Test
    void revokesOnceWhateverTheState() {
        RevokeToken revoke = new RevokeToken(ID, "removed");
        fixture.given(ISSUED).when(revoke).expectEvents(REVOKED);
        fixture.given(ISSUED, new RefreshRejected(ID, 1, "invalid_grant", null))
                .when(revoke)
                .expectEvents(REVOKED);
        fixture.given(ISSUED, REVOKED).when(revoke).expectNoEvents();
        fixture.givenNoPriorActivity().when(revoke).expectNoEvents().expectException(CredentialRejected.class);
    }

    @Test
    void shredsOnceAndOnlyWhatIsRevoked() {
        ShredSecrets shred = new ShredSecrets(ID, "revoked at the provider");
        SecretsShredded event = new SecretsShredded(
                ID, List.of(ACCESS_2.fingerprint(), REFRESH_2.fingerprint()), "revoked at the provider");
        fixture.given(ISSUED).when(shred).expectNoEvents().expectException(CredentialRejected.class);
        fixture.given(ISSUED, REFRESHED, REVOKED).when(shred).expectEvents(event);
        fixture.given(ISSUED, REFRESHED, REVOKED, event).when(shred).expectNoEvents();
        fixture.givenNoPriorActivity().when(shred).expectException(CredentialRejected.class);
    }

    @Test
    void survivesASnapshot() {
        Credential credential = new Credential();
        credential.on(ISSUED);
        credential.on(REFRESHED);
        credential.on(REVOKED);
        JsonMapper json = JsonMapper.builder().build();
        String snapshot = json.writeValueAsString(credential);
        assertThat(json.writeValueAsString(json.readValue(snapshot, Credential.class)))
                .isEqualTo(snapshot)
                .contains("REVOKED", "a2", ID.toString());
    }

    private static SecretRef ref(String fingerprint) {
        return new SecretRef(UUID.randomUUID(), fingerprint);
    }
}
