package dev.claviger.oauth;

import dev.claviger.credentials.outbound.Effects;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyCreated;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyRotated;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The calendar of our signing keys: each is rotated in its time, and retired when its overlap with the next is over. */
@Component
@ProcessingGroup("oauth-jobs")
class SigningKeyJobs {

    private static final Duration SHORTEST = Duration.ofHours(1);

    private final Effects effects;
    private final RotateSigningKey rotateSigningKey;
    private final RetireSigningKey retireSigningKey;
    private final Duration rotation;

    /** @throws IllegalStateException when keys would be rotated before others can know them */
    SigningKeyJobs(
            Effects effects,
            RotateSigningKey rotateSigningKey,
            RetireSigningKey retireSigningKey,
            @Value("${claviger.oauth.signing-key-rotation:90d}") Duration rotation) {
        this.effects = effects;
        this.rotateSigningKey = rotateSigningKey;
        this.retireSigningKey = retireSigningKey;
        this.rotation = longEnough(rotation);
    }

    static Duration longEnough(Duration rotation) {
        if (rotation.compareTo(SHORTEST) < 0) {
            throw new IllegalStateException("claviger.oauth.signing-key-rotation is " + rotation
                    + "; set it to one hour or more, such as 90d.");
        }
        return rotation;
    }

    @EventHandler
    void on(SigningKeyCreated event, @Timestamp Instant at) {
        effects.at(at.plus(rotation), rotateSigningKey, event.keyId(), new SigningKeyJob(event.keyId()));
    }

    @EventHandler
    void on(SigningKeyRotated event, @Timestamp Instant at) {
        effects.at(at.plus(rotation), rotateSigningKey, event.keyId(), new SigningKeyJob(event.keyId()));
        effects.at(event.formerUntil(), retireSigningKey, event.formerKeyId(), new SigningKeyJob(event.formerKeyId()));
    }
}
