package dev.claviger.credentials;

import dev.claviger.credentials.api.KeyRotationEvent.KeyRotationEnded;
import dev.claviger.credentials.api.KeyRotationEvent.KeyRotationStarted;
import dev.claviger.credentials.api.KeyRotationId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How far each rotation is. Beginning and end follow the events; the way between is its own. */
@Component
@ProcessingGroup("credentials-state")
class KeyRotationTable {

    private static final int NAMED_AT_MOST = 100;

    /** @param cursor the last secret that was looked at in this pass; null: none yet */
    record Running(
            KeyRotationId rotationId,
            boolean dryRun,
            String toKey,
            int pass,
            @Nullable UUID cursor) {}

    private final JdbcClient jdbc;

    KeyRotationTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Until the caller's transaction ends nobody else begins a rotation; answers the one that runs. */
    Optional<KeyRotationId> lockAndFindRunning() {
        jdbc.sql("select pg_advisory_xact_lock(hashtext('claviger.key-rotation'))")
                .query((row, n) -> Boolean.TRUE)
                .list();
        return jdbc.sql("select id from credentials.key_rotation where state = 'RUNNING'")
                .query((row, n) -> new KeyRotationId(row.getObject("id", UUID.class)))
                .optional();
    }

    Optional<Running> running(KeyRotationId id) {
        return jdbc.sql("""
                        select dry_run, to_key, pass, cursor from credentials.key_rotation
                         where id = :id and state = 'RUNNING'""")
                .param("id", id.value())
                .query((row, n) -> new Running(
                        id,
                        row.getBoolean("dry_run"),
                        row.getString("to_key"),
                        row.getInt("pass"),
                        row.getObject("cursor", UUID.class)))
                .optional();
    }

    /** Moves on in the caller's transaction; false: another process has done this batch, and the caller's must not count. */
    boolean advance(Running from, int pass, @Nullable UUID cursor) {
        return jdbc.sql("""
                        update credentials.key_rotation set pass = :pass, cursor = :cursor
                         where id = :id and state = 'RUNNING' and pass = :fromPass
                           and cursor is not distinct from cast(:fromCursor as uuid)""")
                        .param("pass", pass)
                        .param("cursor", cursor)
                        .param("id", from.rotationId().value())
                        .param("fromPass", from.pass())
                        .param("fromCursor", from.cursor())
                        .update()
                > 0;
    }

    void opened(KeyRotationId id, String fromKey) {
        count(id, fromKey, 1, 0);
    }

    /** Counts a secret once, however often it is met. */
    void unreadable(KeyRotationId id, String fromKey, UUID secret) {
        int met = jdbc.sql("""
                        insert into credentials.unreadable_secret (rotation_id, secret_id) values (:id, :secret)
                        on conflict do nothing""").param("id", id.value()).param("secret", secret).update();
        count(id, fromKey, 0, met);
    }

    private void count(KeyRotationId id, String fromKey, int opened, int unreadable) {
        jdbc.sql("""
                        insert into credentials.key_rotation_part as part (rotation_id, from_key, opened, unreadable)
                        values (:id, :key, :opened, :unreadable)
                        on conflict (rotation_id, from_key) do update
                           set opened = part.opened + excluded.opened,
                               unreadable = part.unreadable + excluded.unreadable""")
                .param("id", id.value())
                .param("key", fromKey)
                .param("opened", opened)
                .param("unreadable", unreadable)
                .update();
    }

    /** How many opened, by the key that wrapped them before. */
    Map<String, Long> opened(KeyRotationId id) {
        Map<String, Long> opened = new LinkedHashMap<>();
        jdbc.sql("""
                        select from_key, opened from credentials.key_rotation_part
                         where rotation_id = :id and opened > 0 order by from_key""").param("id", id.value()).query(row -> {
            opened.put(row.getString("from_key"), row.getLong("opened"));
        });
        return opened;
    }

    long unreadable(KeyRotationId id) {
        return jdbc.sql("select count(*) from credentials.unreadable_secret where rotation_id = :id")
                .param("id", id.value())
                .query(Long.class)
                .single();
    }

    List<UUID> unreadableSecrets(KeyRotationId id) {
        return jdbc.sql("""
                        select secret_id from credentials.unreadable_secret where rotation_id = :id
                         order by secret_id limit :most""")
                .param("id", id.value())
                .param("most", NAMED_AT_MOST)
                .query(UUID.class)
                .list();
    }

    @EventHandler
    void on(KeyRotationStarted event, @Timestamp java.time.Instant at) {
        jdbc.sql("""
                        insert into credentials.key_rotation (id, dry_run, to_key, expected, began_at)
                        values (:id, :dryRun, :toKey, :expected, :at) on conflict (id) do nothing""")
                .param("id", event.rotationId().value())
                .param("dryRun", event.dryRun())
                .param("toKey", event.toKey())
                .param("expected", expected(event))
                .param("at", java.sql.Timestamp.from(at))
                .update();
    }

    @EventHandler
    void on(KeyRotationEnded event, @Timestamp java.time.Instant at) {
        jdbc.sql("""
                        update credentials.key_rotation set state = :state, trouble = :trouble, left_over = :left, ended_at = :at
                         where id = :id""")
                .param("state", event.trouble() == null ? "DONE" : "FAILED")
                .param("trouble", event.trouble())
                .param("left", event.left())
                .param("at", java.sql.Timestamp.from(at))
                .param("id", event.rotationId().value())
                .update();
    }

    /** A dry run looks at every secret, a rotation at those of other keys. */
    private static long expected(KeyRotationStarted event) {
        return event.secretsByKey().entrySet().stream()
                .filter(entry -> event.dryRun() || !entry.getKey().equals(event.toKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
