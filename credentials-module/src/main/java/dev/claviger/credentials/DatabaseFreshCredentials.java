package dev.claviger.credentials;

import dev.claviger.credentials.Refreshes.NotNow;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.InHand;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.vault.SecretUnreadable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Hands out what the table has, refreshing first where it is about to end. On the usual way there is no event store, no
 * bus and no lock: one row read, one use written, one secret opened.
 */
@Component
class DatabaseFreshCredentials implements FreshCredentials {

    private static final int MOST_ROUNDS = 10;

    /** Another token set may have come and died while we waited for the first. */
    private static final int MOST_ATTEMPTS = 2;

    private final CredentialTable table;
    private final Refreshes refreshes;
    private final Opening opening;
    private final RefreshSettings settings;
    private final Clock clock;
    private final InHand inHand;

    DatabaseFreshCredentials(
            CredentialTable table,
            Refreshes refreshes,
            Opening opening,
            RefreshSettings settings,
            Clock clock,
            InHand inHand) {
        this.table = table;
        this.refreshes = refreshes;
        this.opening = opening;
        this.settings = settings;
        this.clock = clock;
        this.inHand = inHand;
    }

    @Override
    public FreshCredential fresh(CredentialId credentialId, UsedBy usedBy) {
        return newerThan(0, credentialId, usedBy);
    }

    @Override
    public FreshCredential freshAfterRefusal(CredentialId credentialId, long refusedGeneration, UsedBy usedBy) {
        return newerThan(refusedGeneration, credentialId, usedBy);
    }

    @SuppressWarnings("try")
    private FreshCredential newerThan(long refusedGeneration, CredentialId credentialId, UsedBy usedBy) {
        try (InHand.Hold hold = inHand.hold()) {
            return inForce(refusedGeneration, credentialId, usedBy);
        }
    }

    private FreshCredential inForce(long refusedGeneration, CredentialId credentialId, UsedBy usedBy) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Ask for a fresh credential without an open transaction");
        }
        long firstSeen = 0;
        int attempts = 0;
        NotNow notNow = null;
        long notNowOf = 0;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            CredentialRow row = usable(credentialId, usedBy);
            firstSeen = firstSeen == 0 ? row.generation() : firstSeen;
            Instant now = clock.instant();
            // A token set that came while we waited is the best there is as long as it lives, however short that is.
            boolean refreshedMeanwhile = row.generation() > firstSeen;
            boolean refused = row.generation() <= refusedGeneration;
            if (refused) {
                checkRenewable(row, notNow);
            }
            boolean wanting = refused || (row.needsRefresh(now, settings) && !(refreshedMeanwhile && row.isAlive(now)));
            if (wanting && attempts < MOST_ATTEMPTS && (notNow == null || notNowOf != row.generation())) {
                attempts++;
                notNowOf = row.generation();
                notNow = refresh(row, refused, now);
                continue;
            }
            if (refused) {
                throw tryLater(settings.coolDown());
            }
            // Where tokens are dead before they arrive, one is handed out all the same: the lifetime may be a mistake.
            if (!(refreshedMeanwhile && row.isBornDead())) {
                checkAlive(row, now, notNow);
            }
            Optional<FreshCredential> handedOut = handOut(row, usedBy);
            if (handedOut.isPresent()) {
                return handedOut.get();
            }
        }
        throw tryLater(settings.coolDown());
    }

    /** A token set that still lives serves on where the new one could not be sealed now, or its refresh token not be opened. */
    private @Nullable NotNow refresh(CredentialRow row, boolean refused, Instant now) {
        try {
            return refreshes.refresh(row.credentialId(), row.generation()).orElse(null);
        } catch (MasterKeyUnavailable e) {
            if (refused || !row.isAlive(now)) {
                throw Opening.later(e);
            }
            return new NotNow(e.retryAfter());
        } catch (SecretUnreadable e) {
            if (refused || !row.isAlive(now)) {
                throw Opening.unreadable(row, e);
            }
            return new NotNow(settings.coolDown());
        }
    }

    /** A refused token set that cannot be renewed, or not now, is no use to the one who was refused. */
    private void checkRenewable(CredentialRow row, @Nullable NotNow notNow) {
        if (row.kind() != CredentialKind.OAUTH) {
            throw new CredentialUnavailable(
                    Reason.NEEDS_CONSENT,
                    "The server refuses the token or key that was entered; enter one that it takes and connect again");
        }
        if (!row.isRenewable()) {
            throw new CredentialUnavailable(
                    Reason.NEEDS_CONSENT,
                    "The server refuses the token, and it came without a refresh token; connect again");
        }
        if (notNow != null) {
            checkHope(row, "The server refuses the token");
        }
        if (notNow != null) {
            throw new CredentialUnavailable(
                    Reason.TRY_LATER,
                    "The server refuses the token, and the authorization server cannot renew it now; try again later",
                    notNow.retryAfter());
        }
        Duration wait = row.untilRenewableAfterRefusal(clock.instant(), settings);
        if (!wait.isZero()) {
            throw new CredentialUnavailable(
                    Reason.TRY_LATER,
                    "The server refuses a token that was renewed just now, so the token is not the trouble; if it goes"
                            + " on, connect again or ask the server's operator",
                    wait);
        }
    }

    private CredentialRow usable(CredentialId id, UsedBy usedBy) {
        CredentialRow row = table.find(id, usedBy.actor())
                .orElseThrow(() ->
                        new CredentialUnavailable(Reason.NEEDS_CONSENT, "There is no such credential; connect first"));
        if (row.state() == CredentialState.REVOKED) {
            throw new CredentialUnavailable(Reason.REVOKED, "The credential was revoked");
        }
        if (row.frozen()) {
            throw new CredentialUnavailable(
                    Reason.FROZEN,
                    "An admin has frozen this, so nothing is handed out; it goes on as before when an admin thaws it");
        }
        if (row.state() == CredentialState.NEEDS_CONSENT) {
            throw new CredentialUnavailable(Reason.NEEDS_CONSENT, whyConsent(row));
        }
        return row;
    }

    private static String whyConsent(CredentialRow row) {
        if (CredentialRow.ANSWER_LOST.equals(row.failure())) {
            return "The answer to a refresh was lost, and the new refresh token with it; connect again";
        }
        if (CredentialRow.GIVEN_UP.equals(row.failure())) {
            return "No refresh has succeeded for so long that nobody tries any more; connect again";
        }
        return row.renewedByGrant() && row.trouble() != null
                ? row.trouble()
                : "The authorization server no longer accepts the grant; connect again";
    }

    private void checkAlive(CredentialRow row, Instant now, @Nullable NotNow notNow) {
        if (row.isAlive(now)) {
            return;
        }
        if (!row.isRenewable()) {
            throw new CredentialUnavailable(
                    Reason.NEEDS_CONSENT, "The token has expired and came without a refresh token; connect again");
        }
        checkHope(row, "The token has expired");
        throw tryLater(notNow == null ? settings.coolDown() : notNow.retryAfter());
    }

    /** No use record, no secret; empty when the token set went out of force meanwhile. */
    private Optional<FreshCredential> handOut(CredentialRow row, UsedBy usedBy) {
        if (!table.recordUse(row, usedBy)) {
            return Optional.empty();
        }
        return opening.open(row);
    }

    /** Tries go on in these cases too, but a person is quicker. */
    private static void checkHope(CredentialRow row, String why) {
        if (row.clientRefused()) {
            throw new CredentialUnavailable(
                    Reason.NEEDS_CONSENT,
                    why + ", and the authorization server no longer accepts our client; connect again, which registers"
                            + " it anew, or correct the client entered by hand");
        }
        if (row.deniedAgainAndAgain()) {
            throw new CredentialUnavailable(
                    Reason.NEEDS_CONSENT,
                    why + ", and the authorization server has refused to renew it " + row.failures()
                            + " times without saying that the grant is dead; connect again");
        }
    }

    private static CredentialUnavailable tryLater(Duration retryAfter) {
        return new CredentialUnavailable(
                Reason.TRY_LATER,
                "The token has expired and the authorization server cannot be reached now; try again later",
                retryAfter);
    }
}
