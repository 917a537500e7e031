package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.vault.RefreshOutcome;
import dev.claviger.credentials.vault.TokenRefresher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A token endpoint that rotates refresh tokens, accepts each once, and misbehaves on demand. */
final class FakeProvider implements TokenRefresher {

    private final AtomicInteger count = new AtomicInteger(1);
    final List<String> received = new CopyOnWriteArrayList<>();
    volatile String valid = "refresh-1";
    volatile boolean rotates = true;
    volatile Duration lifetime = Duration.ofHours(1);
    volatile Duration delay = Duration.ZERO;
    /** What to answer instead of the truth. */
    volatile Function<RefreshOutcome, RefreshOutcome> spoil = truth -> truth;

    volatile Runnable meanwhile = () -> {};

    @Override
    public RefreshOutcome refresh(CredentialId credentialId, @Nullable Secret refreshToken) {
        received.add(refreshToken == null ? "the grant" : refreshToken.reveal());
        RefreshOutcome truth = refreshToken == null ? granted() : truth(refreshToken);
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        meanwhile.run();
        return spoil.apply(truth);
    }

    private RefreshOutcome granted() {
        return new RefreshOutcome.Refreshed(
                Secret.of("access-" + count.incrementAndGet()), Secret.of("unasked"), lifetime, null, null);
    }

    private synchronized RefreshOutcome truth(Secret refreshToken) {
        if (!refreshToken.reveal().equals(valid)) {
            return new RefreshOutcome.Rejected("invalid_grant", null);
        }
        int n = count.incrementAndGet();
        if (rotates) {
            valid = "refresh-" + n;
        }
        return new RefreshOutcome.Refreshed(
                Secret.of("access-" + n), rotates ? Secret.of(valid) : null, lifetime, null, null);
    }
}
