package dev.claviger.app.freeze;

import dev.claviger.connectors.api.FreezeSubject;
import dev.claviger.connectors.api.Freezing;
import dev.claviger.credentials.api.FreezeCommand.Thaw;
import dev.claviger.credentials.api.FreezeId;
import dev.claviger.credentials.api.FreezeRejected;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Freezes and thaws for the page and the API, and reads how it stands. */
@Component
class FreezeDesk {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);

    /**
     * A process that lived when the freeze began.
     *
     * @param seenAt its last heartbeat; null: it has ended, and holds nothing any more
     */
    record Acknowledgement(
            String node,
            @Nullable Instant acknowledgedAt,
            @Nullable Instant seenAt) {}

    /**
     * @param nodes the processes that lived when it began
     * @param acknowledged how many of them have nothing in hand from before
     * @param slowestMillis how long the slowest of those took; null: none has yet
     * @param frozenBy who froze it, for example {@code person:ada}; null: not recorded
     * @param thawedBy who thawed it; null: nobody yet, or not recorded
     */
    record FreezeStatus(
            FreezeId id,
            FreezeSubject subject,
            String name,
            String reason,
            Instant frozenAt,
            @Nullable Instant thawedAt,
            @Nullable String thawReason,
            int nodes,
            int acknowledged,
            @Nullable Long slowestMillis,
            List<Acknowledgement> acknowledgements,
            @Nullable String frozenBy,
            @Nullable String thawedBy) {}

    private final JdbcClient jdbc;
    private final Freezing freezing;
    private final CommandGateway commands;
    private final FreezeBanner banner;

    FreezeDesk(JdbcClient jdbc, Freezing freezing, CommandGateway commands, FreezeBanner banner) {
        this.jdbc = jdbc;
        this.freezing = freezing;
        this.commands = commands;
        this.banner = banner;
    }

    /**
     * Answers when all processes have acknowledged, or after five seconds with those that have.
     *
     * @throws FreezeRejected when this is not in force now, because the id was used before for another freeze
     */
    FreezeStatus freeze(FreezeId id, FreezeSubject subject, String reason) {
        freezing.freeze(id, subject, reason);
        banner.read();
        long end = System.nanoTime() + PATIENCE.toNanos();
        FreezeStatus status = need(id);
        if (status.thawedAt() != null || !status.subject().equals(subject)) {
            // Repeating a freeze does nothing, and in an emergency nobody may take that for a freeze.
            throw new FreezeRejected("Nothing was frozen: this id was used before, for "
                    + status.subject()
                    + (status.thawedAt() == null ? "" : ", which is thawed")
                    + ". Freeze again with a new id.");
        }
        while (status.acknowledged() < status.nodes() && System.nanoTime() < end) {
            pause();
            status = need(id);
        }
        return status;
    }

    FreezeStatus thaw(FreezeId id, String reason) {
        commands.sendAndWait(new Thaw(id, reason));
        banner.read();
        return need(id);
    }

    Optional<FreezeStatus> find(FreezeId id) {
        return jdbc.sql("select * from app.freeze where freeze_id = ?")
                .param(id.value())
                .query(this::status)
                .optional();
    }

    /** Those in force, oldest first. */
    List<FreezeStatus> inForce() {
        return jdbc.sql("select * from app.freeze where thawed_at is null order by frozen_at, freeze_id limit 200")
                .query(this::status)
                .list();
    }

    /** Those thawed, the latest first. */
    List<FreezeStatus> thawed(int limit) {
        return jdbc.sql("select * from app.freeze where thawed_at is not null order by thawed_at desc limit ?")
                .param(limit)
                .query(this::status)
                .list();
    }

    private FreezeStatus need(FreezeId id) {
        return find(id).orElseThrow(
                        () -> new FreezeRejected("There is no such freeze; the page Emergency lists them."));
    }

    private FreezeStatus status(ResultSet row, int number) throws SQLException {
        UUID id = row.getObject("freeze_id", UUID.class);
        FreezeSubject subject = FreezeSubject.parse(row.getString("subject"));
        Instant frozenAt = row.getObject("frozen_at", OffsetDateTime.class).toInstant();
        List<Acknowledgement> nodes = acknowledgements(id);
        List<Instant> acknowledged = nodes.stream()
                .map(Acknowledgement::acknowledgedAt)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        return new FreezeStatus(
                new FreezeId(id),
                subject,
                freezing.names(List.of(subject)).get(0),
                row.getString("reason"),
                frozenAt,
                instant(row, "thawed_at"),
                row.getString("thaw_reason"),
                nodes.size(),
                acknowledged.size(),
                acknowledged.isEmpty()
                        ? null
                        : Duration.between(frozenAt, acknowledged.get(acknowledged.size() - 1))
                                .toMillis(),
                nodes,
                row.getString("frozen_by"),
                row.getString("thawed_by"));
    }

    private List<Acknowledgement> acknowledgements(UUID freeze) {
        return jdbc.sql("""
                        select f.node, f.acknowledged_at, n.seen_at from app.freeze_node f
                          left join app.node n on n.id = f.node
                         where f.freeze_id = ? order by f.acknowledged_at nulls first, f.node""")
                .param(freeze)
                .query((row, n) -> new Acknowledgement(
                        row.getString("node"), instant(row, "acknowledged_at"), instant(row, "seen_at")))
                .list();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the nodes; the freeze is in force", e);
        }
    }
}
