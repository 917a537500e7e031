package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Unreachable;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Refreshes a token set shortly before anybody has to wait for it. Hands nothing out, so it records no use. What is frozen
 * is left alone; the thaw begins it again.
 */
@Component
class RefreshAhead extends Effect<RefreshAhead.Job> {

    record Job(CredentialId credentialId, long generation) {
        String instance() {
            return credentialId + "/" + generation;
        }
    }

    private final CredentialTable table;
    private final Refreshes refreshes;

    RefreshAhead(CredentialTable table, Refreshes refreshes) {
        super("credentials.refresh-ahead", Job.class, 6, Duration.ofSeconds(30));
        this.table = table;
        this.refreshes = refreshes;
    }

    @Override
    protected void perform(Job job) {
        boolean wanted = table.find(job.credentialId())
                .filter(row -> row.isRefreshable(job.generation()) && !row.frozen())
                .isPresent();
        if (wanted) {
            refreshes.refresh(job.credentialId(), job.generation()).ifPresent(notNow -> {
                throw new Unreachable(
                        "The authorization server cannot refresh the token now", false, notNow.retryAfter());
            });
        }
    }

    /** The failure is in the history already, and the next hand-out tries again. */
    @Override
    protected void giveUp(Job job, RuntimeException cause) {}
}
