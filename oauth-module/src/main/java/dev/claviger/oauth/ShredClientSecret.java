package dev.claviger.oauth;

import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.vault.Shredder;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Shreds a forgotten client secret if nothing needs it any more; otherwise leaves it to the next look. */
@Component
class ShredClientSecret extends Effect<ShredClientSecret.Data> {

    record Data(SecretRef clientSecret) {}

    private static final Logger log = LoggerFactory.getLogger(ShredClientSecret.class);

    private final ForgottenClientSecrets forgotten;
    private final SubjectTokens subjects;
    private final OneTransaction oneTransaction;
    private final Shredder shredder;

    ShredClientSecret(
            ForgottenClientSecrets forgotten,
            SubjectTokens subjects,
            OneTransaction oneTransaction,
            Shredder shredder) {
        super("oauth.shred-client-secret", Data.class, 20, Duration.ofSeconds(1));
        this.forgotten = forgotten;
        this.subjects = subjects;
        this.oneTransaction = oneTransaction;
        this.shredder = shredder;
    }

    @Override
    protected void perform(Data data) {
        oneTransaction.run(() -> {
            forgotten.takeIfUnused(data.clientSecret()).ifPresent(taken -> {
                shredder.shred(data.clientSecret(), taken.why() + " and no connection needs it any more", taken.by());
                subjects.forget(data.clientSecret(), taken.by());
            });
        });
    }

    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        log.error(
                "The client secret {} is still sealed: shredding it failed to the last",
                data.clientSecret().id());
    }
}
