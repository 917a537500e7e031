package dev.claviger.credentials;

import com.google.crypto.tink.KeysetHandle;
import dev.claviger.credentials.KeyRotationOutcome.EndRotation;
import dev.claviger.credentials.KeyRotationTable.Running;
import dev.claviger.credentials.MasterKeys.MasterKey;
import dev.claviger.credentials.WrappedKeys.Wrapped;
import dev.claviger.credentials.api.KeyRotationId;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Unreachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Walks the live secrets in batches and wraps their data keys anew. Where it stands is written in each batch's
 * transaction, so that it goes on from there after a crash, and what two processes do at once counts once.
 */
@Component
class RewrapDataKeys extends Effect<RewrapDataKeys.Job> {

    record Job(KeyRotationId rotationId) {}

    static final int BATCH = 200;
    /** Enough for what other nodes seal under a former key while it runs; without end it would chase a node that goes on. */
    private static final int MOST_PASSES = 5;

    private final KeyRotationTable rotations;
    private final WrappedKeys wrappedKeys;
    private final MasterKeys masterKeys;
    private final FingerprintKey fingerprintKey;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final TransactionTemplate transaction;

    RewrapDataKeys(
            KeyRotationTable rotations,
            WrappedKeys wrappedKeys,
            MasterKeys masterKeys,
            FingerprintKey fingerprintKey,
            OneTransaction oneTransaction,
            CommandGateway commands,
            PlatformTransactionManager transactions) {
        super("credentials.rewrap-data-keys", Job.class, 12, Duration.ofSeconds(2));
        this.rotations = rotations;
        this.wrappedKeys = wrappedKeys;
        this.masterKeys = masterKeys;
        this.fingerprintKey = fingerprintKey;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    protected void perform(Job job) {
        try {
            Optional<Running> running = rotations.running(job.rotationId());
            if (running.isPresent() && !running.get().dryRun()) {
                fingerprintKey.wrapAnew(target(running.get()));
            }
            while (running.isPresent()) {
                if (step(running.get())) {
                    end(running.get(), null);
                    return;
                }
                running = rotations.running(job.rotationId());
            }
        } catch (MasterKeyUnavailable e) {
            throw new Unreachable(String.valueOf(e.getMessage()), false, e.retryAfter());
        }
    }

    @Override
    protected void giveUp(Job job, RuntimeException cause) {
        rotations
                .running(job.rotationId())
                .ifPresent(running -> end(
                        running,
                        cause instanceof Unreachable
                                ? String.valueOf(cause.getMessage())
                                : "It failed unexpectedly (" + cause.getClass().getSimpleName()
                                        + "); the log has the cause. Begin again: it goes on from where it stands"));
    }

    /** One batch; true when there is nothing more to look at. */
    boolean step(Running at) {
        MasterKey target = target(at);
        List<Wrapped> batch = wrappedKeys.after(at.cursor(), at.dryRun() ? null : at.toKey(), BATCH);
        if (batch.isEmpty()) {
            boolean again = !at.dryRun()
                    && at.pass() < MOST_PASSES
                    && wrappedKeys.countOfOthers(at.toKey(), at.rotationId()) > 0;
            if (again) {
                transaction.executeWithoutResult(status -> rotations.advance(at, at.pass() + 1, null));
            }
            return !again;
        }
        // Wrapping may have to wait for a key management service, so it is done before the transaction.
        List<Done> done = new ArrayList<>();
        for (Wrapped wrapped : batch) {
            Optional<KeysetHandle> dataKey = wrappedKeys.unwrap(wrapped);
            done.add(new Done(
                    wrapped,
                    dataKey.isPresent(),
                    at.dryRun()
                            ? null
                            : dataKey.map(key -> wrappedKeys.wrapAnew(wrapped, key, target))
                                    .orElse(null)));
        }
        UUID last = batch.get(batch.size() - 1).secretId();
        transaction.executeWithoutResult(status -> {
            if (rotations.advance(at, at.pass(), last)) {
                done.forEach(one -> record(at, one));
            }
        });
        return false;
    }

    /** @param anew null: nothing is to be written */
    private record Done(
            Wrapped former, boolean opened, @Nullable Wrapped anew) {}

    private void record(Running at, Done done) {
        if (!done.opened()) {
            rotations.unreadable(
                    at.rotationId(), done.former().keyId(), done.former().secretId());
        } else if (done.anew() == null || wrappedKeys.replace(done.former(), done.anew())) {
            rotations.opened(at.rotationId(), done.former().keyId());
        }
    }

    /** Wraps only with the key that is current here: after a change of the configuration that may be another. */
    private MasterKey target(Running at) {
        MasterKey current = masterKeys.current();
        if (!current.id().equals(at.toKey())) {
            throw new Unreachable(
                    "The rotation is to master key " + at.toKey() + ", but the current key of this node is "
                            + current.id() + ". Give every node the same configuration, then begin again",
                    false,
                    null);
        }
        return current;
    }

    private void end(Running at, @Nullable String trouble) {
        Map<String, Long> opened = rotations.opened(at.rotationId());
        if (at.dryRun()) {
            opened.remove(at.toKey());
        }
        oneTransaction.run(() -> {
            commands.sendAndWait(new EndRotation(
                    at.rotationId(),
                    opened,
                    rotations.unreadable(at.rotationId()),
                    rotations.unreadableSecrets(at.rotationId()),
                    wrappedKeys.countOfOthers(at.toKey(), null),
                    trouble));
        });
    }
}
