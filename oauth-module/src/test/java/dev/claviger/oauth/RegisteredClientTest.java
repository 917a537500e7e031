package dev.claviger.oauth;

import static dev.claviger.oauth.Fixtures.CLOCK;
import static dev.claviger.oauth.Fixtures.ID;
import static dev.claviger.oauth.Fixtures.NOW;
import static dev.claviger.oauth.Fixtures.REF;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.RegistrationOutcome.RecordAnswer;
import dev.claviger.oauth.RegistrationOutcome.RecordDeletion;
import dev.claviger.oauth.RegistrationOutcome.RecordRegistration;
import dev.claviger.oauth.RegistrationOutcome.RetireRegistration;
import dev.claviger.oauth.api.ClientRegistrationCommand.RegisterAgain;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationDeleted;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationRetired;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationUpdated;
import dev.claviger.oauth.api.ClientRegistrationId;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RegisteredClientTest {

    private static final String ISSUER = "https://as.example";
    private static final String REDIRECT = "https://claviger.example/oauth/callback";
    private static final ClientRegistrationId REGISTRATION = RegisteredClient.idOf(ISSUER, REDIRECT);

    private static final SecretRef NEW_REF = new SecretRef(UUID.randomUUID(), "new");

    private static final ClientRegistrationRetired RETIRED =
            new ClientRegistrationRetired(REGISTRATION, "first", REF, "Forgotten.");

    private final FixtureConfiguration<RegisteredClient> fixture =
            new AggregateTestFixture<>(RegisteredClient.class).registerInjectableResource(CLOCK);

    @Test
    void isRegisteredOnce() {
        fixture.givenNoPriorActivity()
                .when(registration("first"))
                .expectEvents(registered("first", null))
                .expectResultMessagePayload(true);
    }

    @Test
    void keepsTheFirstOfTwo() {
        fixture.given(registered("first", null))
                .when(registration("second"))
                .expectNoEvents()
                .expectResultMessagePayload(false);
    }

    @Test
    void isRegisteredAgainWhenItsSecretHasExpired() {
        fixture.given(registered("first", NOW.minusSeconds(1)))
                .when(registration("second"))
                .expectEvents(
                        new ClientRegistrationRetired(REGISTRATION, "first", REF, "Its client secret has expired."),
                        registered("second", null));
    }

    @Test
    void isRegisteredAgainAfterItWasRetired() {
        fixture.given(registered("first", null))
                .when(new RetireRegistration(REGISTRATION, "first", REF, "Forgotten."))
                .expectEvents(RETIRED);
        again().given(registered("first", null), RETIRED)
                .when(registration("second"))
                .expectEvents(registered("second", null))
                .expectResultMessagePayload(true);
    }

    @Test
    void isRetiredOnceAndOnlyWhileItIsInForce() {
        RetireRegistration retire = new RetireRegistration(REGISTRATION, "first", REF, "Forgotten.");
        fixture.given(registered("first", null), RETIRED).when(retire).expectNoEvents();
        again().given(registered("first", null), RETIRED, registered("second", null))
                .when(retire)
                .expectNoEvents();
    }

    @Test
    void isNotRetiredForWhatWasSaidOfASecretThatIsReplaced() {
        fixture.given(registered("first", null), updated("first", NEW_REF))
                .when(new RetireRegistration(REGISTRATION, "first", REF, "Forgotten."))
                .expectNoEvents();
    }

    @Test
    void isRetiredWhenAnAdminWantsAnotherAndOnlyOnce() {
        ClientRegistrationRetired retired =
                new ClientRegistrationRetired(REGISTRATION, "first", REF, "An admin wants another.");
        fixture.given(registered("first", null))
                .when(new RegisterAgain(REGISTRATION))
                .expectEvents(retired);
        again().given(registered("first", null), retired)
                .when(new RegisterAgain(REGISTRATION))
                .expectNoEvents();
    }

    @Test
    void takesAnAnswerToWhatItWasAskedWith() {
        fixture.given(registered("first", null))
                .when(answer("first", REF, NEW_REF))
                .expectEvents(updated("first", NEW_REF))
                .expectResultMessagePayload(true);
        again().given(registered("first", null), RETIRED)
                .when(answer("first", REF, NEW_REF))
                .expectEvents(updated("first", NEW_REF));
    }

    @Test
    void takesNoAnswerToWhatSomebodyElseReplacedMeanwhile() {
        fixture.given(registered("first", null), updated("first", NEW_REF))
                .when(answer("first", REF, REF))
                .expectNoEvents()
                .expectResultMessagePayload(false);
        again().given(registered("first", null))
                .when(answer("stranger", REF, NEW_REF))
                .expectNoEvents();
    }

    @Test
    void endsOnceAndOnlyWhenItIsRetired() {
        RecordDeletion deletion = new RecordDeletion(REGISTRATION, "first", true, "HTTP 204");
        ClientRegistrationDeleted deleted = new ClientRegistrationDeleted(REGISTRATION, "first", true, "HTTP 204");
        fixture.given(registered("first", null)).when(deletion).expectNoEvents();
        again().given(registered("first", null), RETIRED).when(deletion).expectEvents(deleted);
        again().given(registered("first", null), RETIRED, deleted)
                .when(deletion)
                .expectNoEvents();
        again().given(registered("first", null), RETIRED, registered("second", null))
                .when(deletion)
                .expectEvents(deleted);
    }

    @Test
    void hasOneIdForOneIssuerAndRedirectUri() {
        assertThat(RegisteredClient.idOf(ISSUER, REDIRECT)).isEqualTo(REGISTRATION);
        assertThat(RegisteredClient.idOf(ISSUER + "/", REDIRECT)).isNotEqualTo(REGISTRATION);
    }

    private static FixtureConfiguration<RegisteredClient> again() {
        return new AggregateTestFixture<>(RegisteredClient.class).registerInjectableResource(CLOCK);
    }

    private static RecordAnswer answer(String clientId, SecretRef former, SecretRef secret) {
        return new RecordAnswer(
                REGISTRATION,
                clientId,
                former,
                null,
                secret,
                null,
                "client_secret_basic",
                null,
                null,
                null,
                "it was read");
    }

    private static ClientRegistrationUpdated updated(String clientId, SecretRef secret) {
        return new ClientRegistrationUpdated(
                REGISTRATION, clientId, secret, null, "client_secret_basic", null, null, null, "it was read");
    }

    private static RecordRegistration registration(String clientId) {
        return new RecordRegistration(
                REGISTRATION, ID, ISSUER, REDIRECT, clientId, REF, null, "client_secret_basic", null, null, null);
    }

    private static ClientRegistered registered(String clientId, @Nullable Instant secretExpiresAt) {
        return new ClientRegistered(
                REGISTRATION,
                ID,
                ISSUER,
                REDIRECT,
                clientId,
                REF,
                secretExpiresAt,
                "client_secret_basic",
                null,
                null,
                null);
    }
}
