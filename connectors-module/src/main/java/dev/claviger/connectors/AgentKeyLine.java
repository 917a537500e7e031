package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentQuery.AgentKey;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A valid key of an agent on its page; the key itself is nowhere. */
record AgentKeyLine(
        UUID uuid,
        String shortId,
        @Nullable Moment created,
        @Nullable Moment lastUsed) {

    static AgentKeyLine of(AgentKey key, Instant now) {
        return new AgentKeyLine(
                key.keyId(),
                key.keyId().toString().substring(0, 8),
                Moment.of(key.createdAt(), now),
                Moment.of(key.lastUsedAt(), now));
    }
}
