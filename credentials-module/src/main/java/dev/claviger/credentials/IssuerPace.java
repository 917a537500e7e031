package dev.claviger.credentials;

import dev.claviger.credentials.CredentialTable.Lease;
import dev.claviger.credentials.IssuerPace.Turn.After;
import dev.claviger.credentials.IssuerPace.Turn.Full;
import dev.claviger.credentials.IssuerPace.Turn.Taken;
import dev.claviger.credentials.IssuerPace.Turn.Yours;
import dev.claviger.credentials.api.CredentialId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How fast an authorization server is asked by all nodes together: so many refreshes at once, the background at a rate,
 * and nobody while it asks for a pause. Half of the places are kept for callers who wait, so that no crowd in the
 * background starves them.
 */
@Component
class IssuerPace {

    /** Whether a refresh may begin now. */
    sealed interface Turn {

        record Yours(Lease lease) implements Turn {}

        /** Another has it, or nobody is to refresh it now; the row says which. */
        record Taken() implements Turn {}

        /** As many as may be are at it. */
        record Full() implements Turn {}

        /** Not before then. */
        record After(Duration pause) implements Turn {}
    }

    /** A turn that was not taken for so long, because no node ran, is no longer anybody's. */
    private static final String STILL_PROMISED =
            "refresh_slot between clock_timestamp() - interval '30 seconds' and clock_timestamp()";

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);

    private final JdbcClient jdbc;
    private final CredentialTable table;
    private final RefreshSettings settings;
    private final TransactionTemplate transaction;

    IssuerPace(
            JdbcClient jdbc, CredentialTable table, RefreshSettings settings, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.table = table;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** For a caller who waits. */
    Turn waiting(CredentialId id, long generation) {
        return inTurn(id, generation, issuer -> {
            Duration pause = lock(issuer);
            if (!pause.isZero()) {
                return new After(pause);
            }
            return atWork(issuer) >= settings.concurrency() ? new Full() : lease(id, generation);
        });
    }

    /** For the background, which is told when to come again instead of waiting. */
    Turn background(CredentialId id, long generation) {
        return inTurn(id, generation, issuer -> {
            Duration pause = lock(issuer);
            boolean room = pause.isZero() && atWork(issuer) < settings.backgroundConcurrency();
            if (room && (takePromised(id) || takeFree(issuer))) {
                return lease(id, generation);
            }
            return promise(id, generation, issuer).<Turn>map(After::new).orElseGet(Taken::new);
        });
    }

    private interface Begin {
        Turn begin(String issuer);
    }

    /** Short and without waiting for anybody outside; what is leased or cooling down does not get as far as the lock. */
    private Turn inTurn(CredentialId id, long generation, Begin begin) {
        Optional<String> issuer = table.issuerOfLeasable(id, generation);
        if (issuer.isEmpty()) {
            return new Taken();
        }
        return Objects.requireNonNull(transaction.execute(status -> begin.begin(issuer.get())));
    }

    private Turn lease(CredentialId id, long generation) {
        return table.takeLease(id, generation, settings.lease())
                .<Turn>map(Yours::new)
                .orElseGet(Taken::new);
    }

    /** From now on this transaction alone decides about the issuer. Answers how long it is to be left alone. */
    private Duration lock(String issuer) {
        double seconds =
                jdbc.sql("""
                        insert into credentials.issuer_pace as p (issuer) values (:issuer)
                        on conflict (issuer) do update set issuer = excluded.issuer
                        returning coalesce(extract(epoch from p.paused_until - clock_timestamp()), 0)""").param("issuer", issuer).query(Double.class).single();
        return seconds <= 0 ? Duration.ZERO : Duration.ofMillis((long) Math.ceil(seconds * 1000));
    }

    /** An attempt in doubt that cools down is over, although its lease is kept as a mark. */
    private int atWork(String issuer) {
        return jdbc.sql("""
                        select count(*) from credentials.credential
                         where issuer = :issuer and lease_owner is not null and lease_until > clock_timestamp()
                           and cooldown_until is null""").param("issuer", issuer).query(Integer.class).single();
    }

    private boolean takePromised(CredentialId id) {
        return jdbc.sql("update credentials.credential set refresh_slot = null where id = :id and " + STILL_PROMISED)
                        .param("id", id.value())
                        .update()
                == 1;
    }

    private boolean takeFree(String issuer) {
        return jdbc.sql("""
                        update credentials.issuer_pace
                           set next_slot = clock_timestamp() + make_interval(secs => :interval)
                         where issuer = :issuer and next_slot <= clock_timestamp()""")
                        .param("interval", settings.interval())
                        .param("issuer", issuer)
                        .update()
                == 1;
    }

    /**
     * The next turn, after the pause if there is one; each later than the one before, so that a crowd spreads by itself.
     * Empty: the token set is no longer in force, and the turns of the next are its own.
     */
    private Optional<Duration> promise(CredentialId id, long generation, String issuer) {
        return jdbc.sql("""
                        with slot as (
                            update credentials.issuer_pace
                               set next_slot = greatest(next_slot, paused_until, clock_timestamp())
                                   + make_interval(secs => :interval)
                             where issuer = :issuer
                            returning next_slot - make_interval(secs => :interval) as at)
                        update credentials.credential c set refresh_slot = slot.at, refresh_due_at = slot.at
                          from slot where c.id = :id and c.generation = :generation
                        returning extract(epoch from slot.at - clock_timestamp())""")
                .param("interval", settings.interval())
                .param("issuer", issuer)
                .param("id", id.value())
                .param("generation", generation)
                .query(Double.class)
                .optional()
                .map(seconds -> Duration.ofMillis((long) Math.ceil(Math.max(0, seconds) * 1000)))
                .map(pause -> pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause);
    }

    /**
     * Leaves the issuer of this credential alone.
     *
     * @param told how long, as it said; null: longer each time
     */
    void pause(CredentialId id, @Nullable Duration told) {
        double most = settings.longestIssuerPause().toSeconds();
        jdbc.sql("""
                        update credentials.issuer_pace
                           set pauses = pauses + 1,
                               paused_until = greatest(paused_until, clock_timestamp() + make_interval(secs =>
                                   least(:most, coalesce(:told::float8, :own * power(2, least(pauses, 20))))))
                         where issuer = (select coalesce(issuer, '') from credentials.credential where id = :id)""")
                .param("most", most)
                .param("told", told == null ? null : told.toMillis() / 1000.0)
                .param("own", settings.coolDown().toMillis() / 1000.0)
                .param("id", id.value())
                .update();
    }

    /** It answered like one that is well. */
    void answered(CredentialId id) {
        jdbc.sql("""
                        update credentials.issuer_pace set pauses = 0
                         where pauses > 0
                           and issuer = (select coalesce(issuer, '') from credentials.credential where id = :id)""").param("id", id.value()).update();
    }
}
