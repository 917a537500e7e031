package dev.claviger.credentials;

import dev.claviger.credentials.IssuerPace.Turn;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.InHand;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Refreshes one token set once, however many threads and nodes ask: whoever gets the lease asks for it, and all others
 * wait for what comes of it.
 */
@Component
class Refreshes {

    private static final Duration POLL = Duration.ofMillis(50);
    /** What sealing and recording may take after the answer, a database in trouble included. */
    private static final Duration SEALING = Duration.ofSeconds(30);

    /**
     * The refresh could not be done now; ask again after the pause.
     *
     * @param inTurn whether it was not tried, because others are before it
     */
    record NotNow(Duration retryAfter, boolean inTurn) {
        NotNow(Duration retryAfter) {
            this(retryAfter, false);
        }
    }

    private final CredentialTable table;
    private final IssuerPace pace;
    private final LeasedRefresh leased;
    private final Vault vault;
    private final RefreshSettings settings;
    private final InHand inHand;
    private final SingleFlight<Optional<NotNow>> flights = new SingleFlight<>();

    Refreshes(
            CredentialTable table,
            IssuerPace pace,
            LeasedRefresh leased,
            Vault vault,
            RefreshSettings settings,
            InHand inHand) {
        this.table = table;
        this.pace = pace;
        this.leased = leased;
        this.vault = vault;
        this.settings = settings;
        this.inHand = inHand;
    }

    /**
     * Returns when the token set is no longer in force, whoever saw to it, or says that this cannot be had now.
     *
     * @throws MasterKeyUnavailable when the new tokens could not be sealed, or the old one not be opened; no refresh token
     *     was spent
     * @throws SecretUnreadable when the old refresh token will not open either later
     */
    Optional<NotNow> refresh(CredentialId id, long generation) {
        return flights.run(id + "/" + generation, settings.timeLimit(), () -> lead(id, generation))
                .orElse(Optional.of(new NotNow(settings.coolDown())));
    }

    /**
     * As {@link #refresh(CredentialId, long)} for nobody who waits: answers at once when it is not the turn of this token
     * set, or another is at it.
     *
     * @throws MasterKeyUnavailable as there; no turn was taken either, unless the old token could not be opened
     */
    @SuppressWarnings("try")
    Optional<NotNow> refreshAhead(CredentialId id, long generation) {
        try (InHand.Hold hold = inHand.hold()) {
            return refreshInTurn(id, generation);
        }
    }

    private Optional<NotNow> refreshInTurn(CredentialId id, long generation) {
        checkNewTokensCanBeSealed();
        Turn turn = pace.background(id, generation);
        if (turn instanceof Turn.Yours yours) {
            Optional<NotNow> notNow = leased.refresh(yours.lease());
            if (notNow.isPresent()) {
                return notNow;
            }
        }
        if (turn instanceof Turn.After after) {
            return Optional.of(new NotNow(after.pause(), true));
        }
        return table.find(id).filter(row -> row.isRefreshable(generation)).map(row -> {
            Duration coolingFor = row.coolingFor();
            return new NotNow(coolingFor == null ? settings.timeLimit() : coolingFor);
        });
    }

    /** The old token may open under a former key while the current one, which seals, is out of reach. */
    private void checkNewTokensCanBeSealed() {
        vault.checkReady(settings.timeLimit().plus(SEALING));
    }

    @SuppressWarnings("try")
    private Optional<NotNow> lead(CredentialId id, long generation) {
        try (InHand.Hold hold = inHand.hold()) {
            return refreshOrAwait(id, generation);
        }
    }

    private Optional<NotNow> refreshOrAwait(CredentialId id, long generation) {
        long begin = System.nanoTime();
        boolean timeForACall = true;
        checkNewTokensCanBeSealed();
        while (true) {
            Turn turn = timeForACall ? pace.waiting(id, generation) : new Turn.Taken();
            if (turn instanceof Turn.Yours yours) {
                Optional<NotNow> notNow = leased.refresh(yours.lease());
                if (notNow.isPresent()) {
                    return notNow;
                }
            }
            if (turn instanceof Turn.After after) {
                return Optional.of(new NotNow(after.pause(), true));
            }
            Optional<CredentialRow> row = table.find(id).filter(current -> current.isRefreshable(generation));
            if (row.isEmpty()) {
                return Optional.empty();
            }
            if (row.get().frozen()) {
                return Optional.of(new NotNow(settings.coolDown()));
            }
            Duration coolingFor = row.get().coolingFor();
            if (coolingFor != null) {
                return Optional.of(new NotNow(coolingFor));
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - begin);
            timeForACall = waited.compareTo(settings.longestWaitBeforeACall()) < 0;
            if (waited.compareTo(settings.timeLimit()) >= 0) {
                return Optional.of(new NotNow(settings.coolDown()));
            }
            pause(POLL);
        }
    }

    private static void pause(Duration length) {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a refresh", e);
        }
    }
}
