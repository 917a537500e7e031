package dev.claviger.credentials;

import dev.claviger.credentials.api.KeyQuery.FindRotation;
import dev.claviger.credentials.api.KeyQuery.FindRotations;
import dev.claviger.credentials.api.KeyQuery.Rotation;
import dev.claviger.credentials.api.KeyQuery.RotationList;
import dev.claviger.credentials.api.KeyQuery.RotationPart;
import dev.claviger.credentials.api.KeyQuery.RotationState;
import dev.claviger.credentials.api.KeyRotationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Answers questions about rotations of the master key. */
@Component
class KeyRotationViews {

    private final JdbcClient jdbc;
    private final KeyRotationTable rotations;

    KeyRotationViews(JdbcClient jdbc, KeyRotationTable rotations) {
        this.jdbc = jdbc;
        this.rotations = rotations;
    }

    @QueryHandler
    RotationList handle(FindRotations query) {
        return new RotationList(
                jdbc.sql(
                                "select * from credentials.key_rotation order by began_at desc, id offset :offset limit :limit")
                        .param("offset", Math.max(0, query.offset()))
                        .param("limit", Math.max(1, Math.min(query.limit(), 1000)))
                        .query(this::rotation)
                        .list(),
                jdbc.sql("select count(*) from credentials.key_rotation")
                        .query(Integer.class)
                        .single());
    }

    @QueryHandler
    Optional<Rotation> handle(FindRotation query) {
        return jdbc.sql("select * from credentials.key_rotation where id = :id")
                .param("id", query.rotationId().value())
                .query(this::rotation)
                .optional();
    }

    private Rotation rotation(ResultSet row, int number) throws SQLException {
        KeyRotationId id = new KeyRotationId(row.getObject("id", UUID.class));
        List<RotationPart> parts = parts(id);
        Timestamp ended = row.getTimestamp("ended_at");
        return new Rotation(
                id,
                row.getBoolean("dry_run"),
                row.getString("to_key"),
                RotationState.valueOf(row.getString("state")),
                row.getLong("expected"),
                parts.stream().mapToLong(RotationPart::opened).sum(),
                parts.stream().mapToLong(RotationPart::unreadable).sum(),
                rotations.unreadableSecrets(id),
                parts,
                row.getString("trouble"),
                row.getTimestamp("began_at").toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getObject("left_over", Long.class));
    }

    private List<RotationPart> parts(KeyRotationId id) {
        return jdbc.sql("""
                        select from_key, opened, unreadable from credentials.key_rotation_part
                         where rotation_id = :id order by from_key""")
                .param("id", id.value())
                .query((row, n) ->
                        new RotationPart(row.getString("from_key"), row.getLong("opened"), row.getLong("unreadable")))
                .list();
    }
}
