package dev.claviger.oauth;

import static dev.claviger.oauth.Fixtures.CLOCK;
import static dev.claviger.oauth.Fixtures.NOW;
import static dev.claviger.oauth.Fixtures.REF;
import static dev.claviger.oauth.api.SigningKeysId.OURS;

import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.SigningKeyOutcome.AddSigningKey;
import dev.claviger.oauth.SigningKeyOutcome.RetireFormerKey;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyCreated;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyRetired;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyRotated;
import java.time.Duration;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SigningKeysTest {

    private static final SecretRef OTHER = new SecretRef(new UUID(0, 2), "f2");
    private static final SigningKeyCreated FIRST = new SigningKeyCreated(OURS, "k1", "{}", REF);
    private static final SigningKeyRotated SECOND =
            new SigningKeyRotated(OURS, "k2", "{}", OTHER, "k1", NOW.plus(Duration.ofHours(24)));
    private static final SigningKeyRetired RETIRED = new SigningKeyRetired(OURS, "k1", REF);

    private final FixtureConfiguration<SigningKeys> fixture =
            new AggregateTestFixture<>(SigningKeys.class).registerInjectableResource(CLOCK);

    @Test
    void makesTheFirstKeyOnce() {
        fixture.givenNoPriorActivity()
                .when(add("k1", REF, null))
                .expectEvents(FIRST)
                .expectResultMessagePayload(true);
    }

    @Test
    void takesNoSecondFirstKey() {
        fixture.given(FIRST).when(add("k2", OTHER, null)).expectNoEvents().expectResultMessagePayload(false);
    }

    @Test
    void keepsTheFormerForADay() {
        fixture.given(FIRST).when(add("k2", OTHER, "k1")).expectEvents(SECOND).expectResultMessagePayload(true);
    }

    @Test
    void rotatesNothingThatWasRotatedMeanwhile() {
        fixture.given(FIRST, SECOND)
                .when(add("k3", OTHER, "k1"))
                .expectNoEvents()
                .expectResultMessagePayload(false);
    }

    @Test
    void retiresAFormerKeyOnce() {
        fixture.given(FIRST, SECOND).when(new RetireFormerKey(OURS, "k1")).expectEvents(RETIRED);
    }

    @Test
    void retiresNeitherAKeyInForceNorOneThatIsGone() {
        fixture.given(FIRST, SECOND).when(new RetireFormerKey(OURS, "k2")).expectNoEvents();
        new AggregateTestFixture<>(SigningKeys.class)
                .registerInjectableResource(CLOCK)
                .given(FIRST, SECOND, RETIRED)
                .when(new RetireFormerKey(OURS, "k1"))
                .expectNoEvents();
    }

    private static AddSigningKey add(String keyId, SecretRef privateKey, @Nullable String former) {
        return new AddSigningKey(OURS, keyId, "{}", privateKey, former);
    }
}
