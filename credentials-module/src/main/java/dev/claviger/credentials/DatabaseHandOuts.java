package dev.claviger.credentials;

import dev.claviger.credentials.CredentialTable.Use;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.HandOuts;
import dev.claviger.credentials.api.UsedBy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Reads and records a group of hand-outs with two statements; what it hands out opens only after the commit. */
@Component
class DatabaseHandOuts implements HandOuts {

    private final CredentialTable table;
    private final Opening opening;
    private final RefreshSettings settings;
    private final Clock clock;

    DatabaseHandOuts(CredentialTable table, Opening opening, RefreshSettings settings, Clock clock) {
        this.table = table;
        this.opening = opening;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<Optional<HandedOut>> handOut(List<Ask> asks) {
        if (asks.isEmpty()) {
            return List.of();
        }
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("A group of hand-outs is recorded in the transaction of those who ask");
        }
        AtomicBoolean committed = whenCommitted();
        table.passFreezeGate();
        List<@Nullable CredentialRow> rows = table.findAll(
                asks.stream().map(Ask::credentialId).toList(),
                asks.stream().map(ask -> ask.usedBy().actor()).toList());
        Instant now = clock.instant();
        List<Optional<HandedOut>> answers = new ArrayList<>(asks.size());
        List<Use> uses = new ArrayList<>(asks.size());
        for (int i = 0; i < asks.size(); i++) {
            Ask ask = asks.get(i);
            CredentialRow row = rows.get(i);
            if (row == null || !isReady(row, now)) {
                answers.add(Optional.empty());
                continue;
            }
            boolean known = ask.has().test(row.generation());
            uses.add(new Use(row, known ? stillValid(ask.usedBy()) : ask.usedBy()));
            answers.add(Optional.of(new Recorded(row, known, committed)));
        }
        if (uses.isEmpty() || table.recordUses(uses)) {
            return answers;
        }
        if (asks.size() > 1) {
            throw new OptimisticLockingFailureException("A credential went out of force while a group was recorded");
        }
        return List.of(Optional.empty());
    }

    private boolean isReady(CredentialRow row, Instant now) {
        return row.state() == CredentialState.ACTIVE
                && !row.frozen()
                && row.isAlive(now)
                && !row.needsRefresh(now, settings);
    }

    private static UsedBy stillValid(UsedBy usedBy) {
        return new UsedBy(usedBy.actor(), STILL_VALID, usedBy.sourceAddress());
    }

    private static AtomicBoolean whenCommitted() {
        AtomicBoolean committed = new AtomicBoolean();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                committed.set(true);
            }
        });
        return committed;
    }

    private final class Recorded implements HandedOut {

        private final CredentialRow row;
        private final boolean stillValid;
        private final AtomicBoolean committed;

        Recorded(CredentialRow row, boolean stillValid, AtomicBoolean committed) {
            this.row = row;
            this.stillValid = stillValid;
            this.committed = committed;
        }

        @Override
        public long generation() {
            return row.generation();
        }

        @Override
        public @Nullable Instant expiresAt() {
            return row.expiresAt();
        }

        @Override
        public boolean stillValid() {
            return stillValid;
        }

        @Override
        public Optional<FreshCredential> open() {
            if (!committed.get()) {
                throw new IllegalStateException("A credential is opened after its use was committed");
            }
            if (stillValid) {
                throw new IllegalStateException("Recorded as still valid: the secret stays sealed");
            }
            return opening.open(row);
        }
    }
}
