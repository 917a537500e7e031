package dev.claviger.credentials.vault;

import dev.claviger.credentials.api.CredentialId;
import java.time.Duration;
import java.util.Optional;

/** Knows of the refreshes that were sent and of which nobody has seen yet what came of them. */
public interface PendingAnswers {

    /**
     * How long the answer to a refresh of this credential may still be seen; zero: it was lost, or whoever waited for it died.
     * Empty: no answer is awaited, because none was asked for or what came of it is recorded. Of a revoked credential none
     * begins to be awaited any more.
     */
    Optional<Duration> of(CredentialId id);
}
