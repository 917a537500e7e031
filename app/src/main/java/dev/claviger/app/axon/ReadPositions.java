package dev.claviger.app.axon;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How far every streaming processor has come, as the token store has it: a process knows only of its own segments. Where
 * no event is for a segment, the store follows some seconds later.
 */
@Component
class ReadPositions {

    /**
     * Of one processor, all its segments in all processes taken together.
     *
     * @param read the position of the slowest segment
     * @param replayed the position of the slowest segment that replays; {@link Long#MAX_VALUE}: none does
     */
    record Standing(long read, long replayed) {

        /** A segment calls itself replaying until an event comes that is newer than the reset. */
        boolean replays(long head) {
            return replayed < head;
        }

        private Standing and(Standing other) {
            return new Standing(Math.min(read, other.read), Math.min(replayed, other.replayed));
        }
    }

    private record Segment(String processor, Standing standing) {}

    private final JdbcClient database;
    private final Serializer serializer;

    ReadPositions(JdbcClient database, Serializer serializer) {
        this.database = database;
        this.serializer = serializer;
    }

    /** By name of the processor; without those that have not begun yet. */
    Map<String, Standing> all() {
        return database
                .sql("select processor_name, token, token_type from app.token_entry")
                .query(this::segment)
                .list()
                .stream()
                .collect(Collectors.toMap(Segment::processor, Segment::standing, Standing::and));
    }

    private Segment segment(ResultSet row, int number) throws SQLException {
        String processor = row.getString("processor_name");
        byte[] stored = row.getBytes("token");
        if (stored == null) {
            return new Segment(processor, new Standing(0, Long.MAX_VALUE));
        }
        TrackingToken token = serializer.deserialize(
                new SimpleSerializedObject<>(stored, byte[].class, row.getString("token_type"), null));
        long read = token.position().orElse(0);
        return new Segment(processor, new Standing(read, ReplayToken.isReplay(token) ? read : Long.MAX_VALUE));
    }
}
