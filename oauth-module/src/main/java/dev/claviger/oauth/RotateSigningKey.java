package dev.claviger.oauth;

import dev.claviger.credentials.outbound.Effect;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Puts another key in the place of one that has signed for long enough. */
@Component
class RotateSigningKey extends Effect<SigningKeyJob> {

    private static final Logger log = LoggerFactory.getLogger(RotateSigningKey.class);

    private final KeyRing keyRing;

    RotateSigningKey(KeyRing keyRing) {
        super("oauth.rotate-signing-key", SigningKeyJob.class, 20, Duration.ofSeconds(1));
        this.keyRing = keyRing;
    }

    @Override
    protected void perform(SigningKeyJob job) {
        keyRing.rotate(job.keyId());
    }

    @Override
    protected void giveUp(SigningKeyJob job, RuntimeException cause) {
        log.error("The signing key {} stays in force; rotate it by hand under Clients", job.keyId());
    }
}
