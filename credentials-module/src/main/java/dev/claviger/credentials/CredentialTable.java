package dev.claviger.credentials;

import dev.claviger.credentials.api.BoundedSql;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.HandOuts.Condition;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.api.UsedBy;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/** Reads credentials, leases them to one refresher at a time, and writes down uses. Time is the database's. */
@Component
class CredentialTable {

    /**
     * The right to refresh one token set, for a while.
     *
     * @param refreshToken null: the grant is asked for again, so that a lost answer costs nothing and leaves no doubt
     * @param inDoubtSince when an earlier attempt began that ended without an outcome; null: there was none
     * @param doubts how many attempts for this token set have ended so, with that one
     * @param failures how many attempts for this token set have failed
     * @param failingSince when the first of them failed; null: none has
     * @param failingFor how long ago that was
     */
    record Lease(
            CredentialId credentialId,
            long generation,
            String owner,
            @Nullable SecretRef refreshToken,
            @Nullable Instant inDoubtSince,
            int doubts,
            int failures,
            @Nullable Instant failingSince,
            Duration failingFor) {}

    private static final String FAILED = "failures = failures + 1, failing_since = coalesce(failing_since, now()), ";

    /** A token set that is about to be handed out, and to whom. */
    record Use(CredentialRow row, UsedBy usedBy) {}

    private static final String COLUMNS = """
            id, kind, state, generation, access_id, access_fingerprint, refresh_id, refresh_fingerprint, header_name,
            coalesce(refreshed_at, issued_at) as since, expires_at, failure, failure_detail, failures,
            renewed_by_grant, extract(epoch from cooldown_until - now()) * 1000 as cooling_millis,
            credential.xmin as row_version,
            """;
    /** The function costs as much as the rest of a row; nearly always one look for all of them is enough. */
    private static final String FROZEN =
            "exists (select from credentials.freeze_scope) and credentials.is_frozen(id, issuer, ";

    private static final String RECORD = "credentials.record_uses(?, ?, ?, ?, ?, ?)";

    private final JdbcClient jdbc;

    CredentialTable(DataSource dataSource) {
        this.jdbc = BoundedSql.of(dataSource);
    }

    Optional<CredentialRow> find(CredentialId id) {
        return find(id, null);
    }

    /** As that actor may see it now: for another it may be frozen, or not. Null: for whatever we do ourselves. */
    Optional<CredentialRow> find(CredentialId id, @Nullable String actor) {
        return jdbc.sql("select " + COLUMNS + FROZEN + ":actor) as frozen from credentials.credential where id = :id")
                .param("id", id.value())
                .param("actor", actor)
                .query(CredentialTable::row)
                .optional();
    }

    /** As {@link #find(CredentialId, String)} for each of them; null where there is none. */
    List<@Nullable CredentialRow> findAll(List<CredentialId> ids, List<String> actors) {
        List<@Nullable CredentialRow> found = new ArrayList<>(Collections.nCopies(ids.size(), null));
        jdbc.sql("select n, " + COLUMNS + FROZEN + """
                        actor) as frozen
                          from unnest(?, ?) with ordinality as wanted (wanted_id, actor, n)
                          join credentials.credential on id = wanted_id""")
                .param(array("uuid", ids.stream().map(CredentialId::value)))
                .param(array("text", actors.stream()))
                .query(row -> {
                    found.set(row.getInt("n") - 1, row(row, 0));
                });
        return found;
    }

    /** One statement, so that of all nodes one gets it, and none while it is frozen; an expired lease is taken over and its attempt is in doubt. */
    Optional<Lease> takeLease(CredentialId id, long generation, Duration length) {
        String owner = UUID.randomUUID().toString();
        return jdbc.sql("""
                        with before as (
                            select id, case when renewed_by_grant then null else lease_since end as lease_since, doubts
                              from credentials.credential
                             where id = :id and generation = :generation and state = 'ACTIVE'
                               and (refresh_id is not null or renewed_by_grant)
                               and (lease_until is null or lease_until < now())
                               and (cooldown_until is null or cooldown_until < now())
                               and not credentials.is_frozen(id, issuer, null)
                               for no key update skip locked)
                        update credentials.credential c
                           set lease_owner = :owner, lease_since = now(), cooldown_until = null,
                               lease_until = now() + make_interval(secs => :seconds)
                          from before where c.id = before.id
                        returning c.refresh_id, c.refresh_fingerprint, before.lease_since, before.doubts, c.failures,
                                  c.failing_since, extract(epoch from now() - c.failing_since) * 1000 as failing_millis""")
                .param("id", id.value())
                .param("generation", generation)
                .param("owner", owner)
                .param("seconds", seconds(length))
                .query((row, n) -> new Lease(
                        id,
                        generation,
                        owner,
                        refreshToken(row),
                        instant(row, "lease_since"),
                        row.getInt("doubts") + (row.getObject("lease_since") == null ? 0 : 1),
                        row.getInt("failures"),
                        instant(row, "failing_since"),
                        Duration.ofMillis(row.getLong("failing_millis"))))
                .optional();
    }

    /** The issuer of a token set that could be leased now, empty for none; no answer when it could not. */
    Optional<String> issuerOfLeasable(CredentialId id, long generation) {
        return jdbc.sql("""
                        select coalesce(issuer, '') from credentials.credential
                         where id = :id and generation = :generation and state = 'ACTIVE'
                           and (refresh_id is not null or renewed_by_grant)
                           and (lease_until is null or lease_until < now())
                           and (cooldown_until is null or cooldown_until < now())""")
                .param("id", id.value())
                .param("generation", generation)
                .query(String.class)
                .optional();
    }

    /** Writes down when the background comes again. */
    void dueAfter(CredentialId id, long generation, Duration pause) {
        jdbc.sql("""
                        update credentials.credential set refresh_due_at = now() + make_interval(secs => :seconds)
                         where id = :id and generation = :generation""")
                .param("seconds", seconds(pause))
                .param("id", id.value())
                .param("generation", generation)
                .update();
    }

    /** Token sets that the background should have seen to so long ago, longest first. */
    List<RefreshAhead.Job> overdue(Duration since, int most) {
        return jdbc.sql("""
                        select id, generation from credentials.credential
                         where state = 'ACTIVE' and refresh_due_at is not null
                           and refresh_due_at < now() - make_interval(secs => :seconds)
                           and (refresh_id is not null or renewed_by_grant)
                           and not credentials.is_frozen(id, issuer, null)
                         order by refresh_due_at
                         limit :most""")
                .param("seconds", seconds(since))
                .param("most", most)
                .query((row, n) -> new RefreshAhead.Job(
                        new CredentialId(row.getObject("id", UUID.class)), row.getLong("generation")))
                .list();
    }

    /** Whether nobody has taken the lease over, and no outcome has ended it. */
    boolean isHeld(Lease lease) {
        return jdbc.sql("select exists (select from credentials.credential where id = :id and lease_owner = :owner)")
                .param("id", lease.credentialId().value())
                .param("owner", lease.owner())
                .query(Boolean.class)
                .single();
    }

    /**
     * Ends the lease in the transaction of its success. Whoever had taken it over meanwhile may have sent the same refresh
     * token, or be about to, and with it have ended the grant of the new one too.
     */
    void succeed(Lease lease) {
        jdbc.sql("""
                        update credentials.credential
                           set lease_owner = null,
                               doubts = case when lease_owner = :owner then doubts else greatest(doubts, 1) end
                         where id = :id""")
                .param("owner", lease.owner())
                .param("id", lease.credentialId().value())
                .update();
    }

    /** Where another was quicker with the same refresh token: should the new grant be dead, the second request ended it. */
    void doubtWhatCameMeanwhile(Lease lease) {
        jdbc.sql("""
                        update credentials.credential set doubts = greatest(doubts, 1)
                         where id = :id and generation > :generation""")
                .param("id", lease.credentialId().value())
                .param("generation", lease.generation())
                .update();
    }

    /** Gives the lease back. */
    void release(Lease lease) {
        endLease(lease, "lease_owner = null, lease_since = null, lease_until = null", Duration.ZERO);
    }

    /** Gives the lease back after a failure; for a while nobody may take it. */
    void coolDown(Lease lease, Duration length) {
        endLease(
                lease,
                FAILED + "lease_owner = null, lease_since = null, lease_until = null,"
                        + " cooldown_until = now() + make_interval(secs => :seconds)",
                length);
    }

    /** As {@link #coolDown}, and leaves the lease to run out with it: whoever comes next finds the attempt in doubt. */
    void coolDownInDoubt(Lease lease, Duration length) {
        endLease(
                lease,
                FAILED + "lease_until = now() + make_interval(secs => :seconds),"
                        + " cooldown_until = now() + make_interval(secs => :seconds)",
                length);
    }

    private void endLease(Lease lease, String assignments, Duration length) {
        jdbc.sql("update credentials.credential set " + assignments + " where id = :id and lease_owner = :owner")
                .param("id", lease.credentialId().value())
                .param("owner", lease.owner())
                .param("seconds", seconds(length))
                .update();
    }

    /** Writes down that this token set is about to be handed out; false when it is no longer in force, or frozen. */
    boolean recordUse(CredentialRow row, UsedBy usedBy) {
        return jdbc.sql("select credentials.record_use(?, ?, ?, ?, ?)")
                .param(row.credentialId().value())
                .param(row.generation())
                .param(usedBy.actor())
                .param(usedBy.purpose())
                .param(usedBy.sourceAddress())
                .query(Boolean.class)
                .single();
    }

    /**
     * As {@link #recordUse} for all of them with one statement, each only where the row is still the one that was read.
     * Answers which are recorded, by their place from zero; empty where the condition does not hold, and then none is.
     */
    Optional<BitSet> recordUses(List<Use> uses, @Nullable Condition condition) {
        JdbcClient.StatementSpec statement = condition == null
                ? jdbc.sql("select " + RECORD)
                : jdbc.sql("select case when " + condition.sql() + " then " + RECORD + " end")
                        .param(condition.parameter());
        return statement
                .param(array(
                        "uuid",
                        uses.stream().map(use -> use.row().credentialId().value())))
                .param(array("xid", uses.stream().map(use -> use.row().rowVersion())))
                .param(array(
                        "uuid", uses.stream().map(use -> use.row().accessToken().id())))
                .param(array("text", uses.stream().map(use -> use.usedBy().actor())))
                .param(array("text", uses.stream().map(use -> use.usedBy().purpose())))
                .param(array("text", uses.stream().map(use -> use.usedBy().sourceAddress())))
                .query((row, n) -> places(row.getArray(1)))
                .single();
    }

    private static Optional<BitSet> places(@Nullable Array counted) throws SQLException {
        if (counted == null) {
            return Optional.empty();
        }
        BitSet places = new BitSet();
        for (Object place : (Object[]) counted.getArray()) {
            places.set((Integer) place - 1);
        }
        return Optional.of(places);
    }

    private static SqlArrayValue array(String type, Stream<? extends @Nullable Object> values) {
        return new SqlArrayValue(type, values.toArray());
    }

    private static CredentialRow row(ResultSet row, int number) throws SQLException {
        long coolingMillis = row.getLong("cooling_millis");
        return new CredentialRow(
                new CredentialId(row.getObject("id", UUID.class)),
                CredentialKind.valueOf(row.getString("kind")),
                CredentialState.valueOf(row.getString("state")),
                row.getLong("generation"),
                new SecretRef(row.getObject("access_id", UUID.class), row.getString("access_fingerprint")),
                refreshToken(row),
                row.getString("header_name"),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                coolingMillis > 0 ? Duration.ofMillis(coolingMillis) : null,
                row.getString("failure"),
                row.getInt("failures"),
                row.getBoolean("renewed_by_grant"),
                row.getString("failure_detail"),
                row.getBoolean("frozen"),
                row.getString("row_version"));
    }

    private static @Nullable SecretRef refreshToken(ResultSet row) throws SQLException {
        UUID id = row.getObject("refresh_id", UUID.class);
        return id == null ? null : new SecretRef(id, row.getString("refresh_fingerprint"));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static double seconds(Duration length) {
        return length.toMillis() / 1000.0;
    }
}
