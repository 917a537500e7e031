package dev.claviger.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.claviger.credentials.CredentialTable.Use;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.HandOuts;
import dev.claviger.credentials.api.UsedBy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Records a group of hand-outs, each statement with its own commit. Rows that were read once are recorded as they were
 * remembered, with one statement that leaves out whatever has changed since; only that is read anew.
 */
@Component
class DatabaseHandOuts implements HandOuts {

    private static final int MOST_REMEMBERED = 50_000;

    private final CredentialTable table;
    private final Opening opening;
    private final RefreshSettings settings;
    private final Clock clock;
    private final Cache<CredentialId, CredentialRow> remembered = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MOST_REMEMBERED)
            .build();

    DatabaseHandOuts(CredentialTable table, Opening opening, RefreshSettings settings, Clock clock) {
        this.table = table;
        this.opening = opening;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<Optional<HandedOut>> handOut(List<Ask> asks) {
        Group group = handOut(null, asks);
        return group.answers;
    }

    @Override
    public @Nullable List<Optional<HandedOut>> handOutIf(Condition condition, List<Ask> asks) {
        Group group = handOut(condition, asks);
        return group.condition == null ? group.answers : null;
    }

    private Group handOut(@Nullable Condition condition, List<Ask> asks) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("What is handed out would open before its use is committed");
        }
        Group group = new Group(condition, asks);
        if (group.record(ask -> remembered.getIfPresent(ask.credentialId()))) {
            group.record(read(group.unanswered()));
        }
        return group;
    }

    /** As they are now; null where there is none. */
    private Function<Ask, @Nullable CredentialRow> read(List<Ask> asks) {
        Map<Ask, CredentialRow> rows = new IdentityHashMap<>();
        if (!asks.isEmpty()) {
            List<@Nullable CredentialRow> found = table.findAll(
                    asks.stream().map(Ask::credentialId).toList(),
                    asks.stream().map(ask -> ask.usedBy().actor()).toList());
            for (int i = 0; i < asks.size(); i++) {
                CredentialRow row = found.get(i);
                if (row != null) {
                    rows.put(asks.get(i), row);
                    remember(row);
                }
            }
        }
        return rows::get;
    }

    /** Frozen it may be for one agent only, who would keep the others from the quick way. */
    private void remember(CredentialRow row) {
        if (row.state() == CredentialState.ACTIVE && !row.frozen()) {
            remembered.put(row.credentialId(), row);
        }
    }

    /** Those who ask together, and what each is answered so far. */
    private final class Group {

        private final List<Ask> asks;
        private final List<Optional<HandedOut>> answers;
        private final Instant now = clock.instant();

        /** Null: there was none, or it has been seen to hold. */
        private @Nullable Condition condition;

        Group(@Nullable Condition condition, List<Ask> asks) {
            this.condition = condition;
            this.asks = asks;
            this.answers = new ArrayList<>(Collections.nCopies(asks.size(), Optional.empty()));
        }

        List<Ask> unanswered() {
            List<Ask> unanswered = new ArrayList<>();
            for (int i = 0; i < asks.size(); i++) {
                if (answers.get(i).isEmpty()) {
                    unanswered.add(asks.get(i));
                }
            }
            return unanswered;
        }

        /** Answers those whose row is ready, and is still that row. False: the condition does not hold. */
        boolean record(Function<Ask, @Nullable CredentialRow> rows) {
            List<Fit> fits = new ArrayList<>(asks.size());
            for (int i = 0; i < asks.size(); i++) {
                CredentialRow row = answers.get(i).isEmpty() ? rows.apply(asks.get(i)) : null;
                if (row != null && isReady(row, now)) {
                    fits.add(new Fit(i, row, asks.get(i).has().test(row.generation())));
                }
            }
            if (fits.isEmpty()) {
                return true;
            }
            BitSet recorded = table.recordUses(fits.stream().map(this::use).toList(), condition)
                    .orElse(null);
            if (recorded == null) {
                return false;
            }
            condition = null;
            for (int i = recorded.nextSetBit(0); i >= 0; i = recorded.nextSetBit(i + 1)) {
                Fit fit = fits.get(i);
                answers.set(fit.place(), Optional.of(new Recorded(fit.row(), fit.known())));
            }
            return true;
        }

        private Use use(Fit fit) {
            UsedBy usedBy = asks.get(fit.place()).usedBy();
            return new Use(fit.row(), fit.known() ? stillValid(usedBy) : usedBy);
        }
    }

    /** @param known whether the asker has it already */
    private record Fit(int place, CredentialRow row, boolean known) {}

    private boolean isReady(CredentialRow row, Instant now) {
        return row.state() == CredentialState.ACTIVE
                && !row.frozen()
                && row.isAlive(now)
                && !row.needsRefresh(now, settings);
    }

    private static UsedBy stillValid(UsedBy usedBy) {
        return new UsedBy(usedBy.actor(), STILL_VALID, usedBy.sourceAddress());
    }

    private final class Recorded implements HandedOut {

        private final CredentialRow row;
        private final boolean stillValid;

        Recorded(CredentialRow row, boolean stillValid) {
            this.row = row;
            this.stillValid = stillValid;
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
            if (stillValid) {
                throw new IllegalStateException("Recorded as still valid: the secret stays sealed");
            }
            return opening.open(row);
        }
    }
}
