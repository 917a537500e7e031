package dev.claviger.oauth;

import dev.claviger.credentials.outbound.Effect;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Ends a former key when nobody can have an older copy of our published keys any more. */
@Component
class RetireSigningKey extends Effect<SigningKeyJob> {

    private static final Logger log = LoggerFactory.getLogger(RetireSigningKey.class);

    private final KeyRing keyRing;

    RetireSigningKey(KeyRing keyRing) {
        super("oauth.retire-signing-key", SigningKeyJob.class, 20, Duration.ofSeconds(1));
        this.keyRing = keyRing;
    }

    @Override
    protected void perform(SigningKeyJob job) {
        keyRing.retire(job.keyId());
    }

    @Override
    protected void giveUp(SigningKeyJob job, RuntimeException cause) {
        log.error("The former signing key {} is still published: retiring it failed to the last", job.keyId());
    }
}
