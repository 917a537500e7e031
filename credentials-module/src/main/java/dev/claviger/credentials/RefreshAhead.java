package dev.claviger.credentials;

import dev.claviger.credentials.Refreshes.NotNow;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Later;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Component;

/**
 * Refreshes a token set shortly before anybody has to wait for it, and goes on with growing pauses as long as there is
 * hope. Hands nothing out, so it records no use. What is frozen is left alone; the thaw begins it again.
 */
@Component
class RefreshAhead extends Effect<RefreshAhead.Job> {

    record Job(CredentialId credentialId, long generation) {
        String instance() {
            return credentialId + "/" + generation;
        }
    }

    /** Of what breaks unexpectedly; a provider that is away is no such thing. */
    private static final int ATTEMPTS = 20;

    private final CredentialTable table;
    private final Refreshes refreshes;
    private final RefreshSettings settings;

    RefreshAhead(CredentialTable table, Refreshes refreshes, RefreshSettings settings) {
        super("credentials.refresh-ahead", Job.class, ATTEMPTS, Duration.ofSeconds(30));
        this.table = table;
        this.refreshes = refreshes;
        this.settings = settings;
    }

    @Override
    protected void perform(Job job) {
        if (row(job).isEmpty()) {
            return;
        }
        NotNow notNow =
                refreshes.refreshAhead(job.credentialId(), job.generation()).orElse(null);
        CredentialRow row = row(job).orElse(null);
        if (notNow == null || row == null) {
            return;
        }
        if (notNow.inTurn()) {
            throw new Later(notNow.retryAfter());
        }
        Duration longer = settings.pauseAfter(row.failures(), row.clientRefused());
        Duration pause = spread(longer.compareTo(notNow.retryAfter()) > 0 ? longer : notNow.retryAfter());
        table.dueAfter(job.credentialId(), job.generation(), pause);
        throw new Later(pause);
    }

    /** Empty: the token set is not to be refreshed any more. */
    private Optional<CredentialRow> row(Job job) {
        return table.find(job.credentialId()).filter(row -> row.isRefreshable(job.generation()) && !row.frozen());
    }

    /** What failed together must not come again together. */
    private static Duration spread(Duration pause) {
        return pause.plusMillis(ThreadLocalRandom.current().nextLong(Math.max(1, pause.toMillis() / 5)));
    }

    /** The sweep finds what has lost its job. */
    @Override
    protected void giveUp(Job job, RuntimeException cause) {}
}
