package dev.claviger.credentials;

import dev.claviger.credentials.CredentialOutcome.GiveUpRefresh;
import dev.claviger.credentials.CredentialOutcome.RecordLateTokens;
import dev.claviger.credentials.CredentialOutcome.RecordRefresh;
import dev.claviger.credentials.CredentialOutcome.RecordRefreshFailed;
import dev.claviger.credentials.CredentialOutcome.RecordRefreshInDoubt;
import dev.claviger.credentials.CredentialOutcome.RecordRefreshRejected;
import dev.claviger.credentials.CredentialTable.Lease;
import dev.claviger.credentials.Refreshes.NotNow;
import dev.claviger.credentials.api.CredentialRejected;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.ExchangeScope;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.vault.RefreshOutcome;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.TokenRefresher;
import dev.claviger.credentials.vault.Vault;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * One refresh by the one who holds the lease: one token request without an open transaction, and one transaction that seals
 * and records what came of it.
 */
@Component
class LeasedRefresh {

    private static final Logger log = LoggerFactory.getLogger(LeasedRefresh.class);

    private final CredentialTable table;
    private final IssuerPace pace;
    private final Vault vault;
    private final ObjectProvider<TokenRefresher> refresher;
    private final CommandGateway commands;
    private final OneTransaction oneTransaction;
    private final RefreshSettings settings;
    private final Clock clock;
    private final MeterRegistry meters;

    LeasedRefresh(
            CredentialTable table,
            IssuerPace pace,
            Vault vault,
            ObjectProvider<TokenRefresher> refresher,
            CommandGateway commands,
            OneTransaction oneTransaction,
            RefreshSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.table = table;
        this.pace = pace;
        this.vault = vault;
        this.refresher = refresher;
        this.commands = commands;
        this.oneTransaction = oneTransaction;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Empty: it was refreshed, or is no longer ours to see to.
     *
     * @throws MasterKeyUnavailable when the old token could not be opened; no refresh token was spent
     * @throws SecretUnreadable when it will not open either later
     */
    Optional<NotNow> refresh(Lease lease) {
        Instant inDoubtSince = lease.inDoubtSince();
        if (inDoubtSince != null) {
            count("in_doubt");
            oneTransaction.runWithPatience(() -> commands.sendAndWait(
                    new RecordRefreshInDoubt(lease.credentialId(), lease.generation(), inDoubtSince)));
            if (!isStillOurs(lease)) {
                // The attempt in doubt has come back meanwhile.
                count("superseded");
                table.release(lease);
                return Optional.empty();
            }
        }
        Instant asked = clock.instant();
        RefreshOutcome outcome;
        try {
            outcome = ask(lease);
        } catch (MasterKeyUnavailable e) {
            table.release(lease);
            throw e;
        } catch (SecretUnreadable e) {
            table.release(lease);
            if (isStillOurs(lease)) {
                throw e;
            }
            return Optional.empty();
        }
        if (outcome instanceof RefreshOutcome.Refreshed refreshed) {
            return record(lease, refreshed, asked);
        }
        if (outcome instanceof RefreshOutcome.Rejected rejected) {
            return record(lease, rejected);
        }
        return record(lease, (RefreshOutcome.Failed) outcome);
    }

    /** Whatever breaks after the token left us may have rotated it: such an answer counts as lost. */
    @SuppressWarnings("try")
    private RefreshOutcome ask(Lease lease) {
        SecretRef sealed = lease.refreshToken();
        Secret refreshToken = sealed == null ? null : vault.open(SecretPurpose.REFRESH_TOKEN, sealed);
        try (ExchangeScope scope = ExchangeScope.of(lease.credentialId().value())) {
            return refresher.getObject().refresh(lease.credentialId(), refreshToken);
        } catch (Unreachable e) {
            return RefreshOutcome.Failed.of(e);
        } catch (MasterKeyUnavailable e) {
            // Nothing has been asked; or, where an identity token is replaced on the way, nothing that cannot be asked
            // again.
            throw e;
        } catch (RuntimeException | Error e) {
            log.error("The refresh of {} broke off unexpectedly", lease.credentialId(), withoutMessage(e));
            return new RefreshOutcome.Failed(
                    RefreshFailure.UNKNOWN, "The refresh broke off unexpectedly; see the log", true, null);
        }
    }

    /** A parser's message may quote the token it stumbled over. */
    private static Throwable withoutMessage(Throwable e) {
        Throwable bare = new IllegalStateException(e.getClass().getName());
        bare.setStackTrace(e.getStackTrace());
        return bare;
    }

    /** The old refresh token may be spent by now, so a database that blinks must not cost us the new one. */
    private Optional<NotNow> record(Lease lease, RefreshOutcome.Refreshed refreshed, Instant asked) {
        try {
            oneTransaction.runWithPatience(() -> {
                SecretRef access = vault.seal(SecretPurpose.ACCESS_TOKEN, refreshed.accessToken());
                // Nothing would ever use it where the grant is asked for again.
                SecretRef refresh = refreshed.refreshToken() == null || lease.refreshToken() == null
                        ? null
                        : vault.seal(SecretPurpose.REFRESH_TOKEN, refreshed.refreshToken());
                Duration expiresIn = refreshed.expiresIn();
                commands.sendAndWait(new RecordRefresh(
                        lease.credentialId(),
                        lease.generation(),
                        access,
                        refresh,
                        expiresIn == null ? null : asked.plus(expiresIn),
                        refreshed.scope(),
                        refreshed.refreshExpiresIn() == null ? null : asked.plus(refreshed.refreshExpiresIn())));
                oneTransaction.atItsEnd(() -> table.succeed(lease));
            });
            count("refreshed");
            pace.answered(lease.credentialId());
        } catch (CredentialRejected e) {
            // Revoked or refreshed by another meanwhile: all of it is rolled back, and the row says which.
            count("superseded");
            // Before the lease is given back: without it nobody would know that tokens were on their way.
            keepIfRevoked(lease, refreshed);
            table.release(lease);
        }
        return Optional.empty();
    }

    /**
     * Sealed, so that the provider is told of them even if this process dies now. Only then: where another refresh was
     * quicker, revoking this token set might end the grant of both.
     */
    private void keepIfRevoked(Lease lease, RefreshOutcome.Refreshed refreshed) {
        if (table.find(lease.credentialId())
                .filter(row -> row.state() == CredentialState.REVOKED)
                .isPresent()) {
            oneTransaction.runWithPatience(() -> commands.sendAndWait(new RecordLateTokens(
                    lease.credentialId(),
                    vault.seal(SecretPurpose.ACCESS_TOKEN, refreshed.accessToken()),
                    refreshed.refreshToken() == null
                            ? null
                            : vault.seal(SecretPurpose.REFRESH_TOKEN, refreshed.refreshToken()))));
        }
    }

    /** Whoever has lost the lease leaves the verdict to the one who took it, and who may be given a new token set. */
    private Optional<NotNow> record(Lease lease, RefreshOutcome.Rejected rejected) {
        boolean held = table.isHeld(lease);
        oneTransaction.runWithPatience(() -> {
            if (held) {
                commands.sendAndWait(new RecordRefreshRejected(
                        lease.credentialId(),
                        lease.generation(),
                        rejected.error(),
                        rejected.description(),
                        lease.doubts() > 0));
            }
            table.doubtWhatCameMeanwhile(lease);
        });
        count(held ? "rejected" : "superseded");
        table.release(lease);
        return Optional.empty();
    }

    private Optional<NotNow> record(Lease lease, RefreshOutcome.Failed failed) {
        count("failed");
        // Nothing is spent by asking for a grant, so it can be asked for again after a lost answer as after any other.
        boolean inDoubt = failed.answerMayBeLost() && lease.refreshToken() != null;
        // Once more is tried soon; after that the token is spent or the server sick, and neither gets better by haste.
        boolean again = inDoubt && lease.doubts() > 0;
        Duration pause = again
                ? settings.longestCoolDown()
                : settings.coolDownFor(failed.failure(), lease.failures(), failed.retryAfter());
        oneTransaction.runWithPatience(() -> {
            commands.sendAndWait(new RecordRefreshFailed(
                    lease.credentialId(),
                    lease.generation(),
                    failed.failure(),
                    failed.detail(),
                    (lease.failingSince() == null ? clock.instant() : lease.failingSince())
                            .plus(settings.patienceWith(failed.failure()))));
            if (inDoubt) {
                table.coolDownInDoubt(lease, pause);
            } else {
                table.coolDown(lease, pause);
            }
            giveUpIfHopeless(lease, failed);
        });
        if (failed.failure() == RefreshFailure.THROTTLED) {
            count("throttled");
            pace.pause(lease.credentialId(), failed.retryAfter());
        }
        return isStillOurs(lease) ? Optional.of(new NotNow(pause)) : Optional.empty();
    }

    private void giveUpIfHopeless(Lease lease, RefreshOutcome.Failed failed) {
        Instant since = lease.failingSince();
        int failures = lease.failures() + 1;
        if (since != null && settings.isHopeless(failed.failure(), failures, lease.failingFor())) {
            count("given_up");
            commands.sendAndWait(new GiveUpRefresh(
                    lease.credentialId(), lease.generation(), failed.failure(), failed.detail(), since, failures));
        }
    }

    private boolean isStillOurs(Lease lease) {
        return table.find(lease.credentialId())
                .filter(row -> row.isRefreshable(lease.generation()))
                .isPresent();
    }

    private void count(String outcome) {
        meters.counter("claviger.credential.refreshes", "outcome", outcome).increment();
    }
}
