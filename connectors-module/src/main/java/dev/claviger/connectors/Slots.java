package dev.claviger.connectors;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectionId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The connections of one connector: in each slot, an agent's or the shared one, at most one live and one pending. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
final class Slots {

    private static final String SHARED = "shared";

    // Not final: Jackson does not write final fields when a snapshot is read back.
    private Map<String, Attempt> live = new LinkedHashMap<>();
    private Map<String, Attempt> pending = new LinkedHashMap<>();
    private Set<String> known = new HashSet<>();

    boolean knows(ConnectionId connectionId) {
        return known.contains(connectionId.toString());
    }

    @Nullable
    Attempt live(@Nullable AgentId agentId) {
        return live.get(slot(agentId));
    }

    @Nullable
    Attempt pending(@Nullable AgentId agentId) {
        return pending.get(slot(agentId));
    }

    @Nullable
    Attempt pending(ConnectionId connectionId) {
        return pending.values().stream()
                .filter(attempt -> attempt.connectionId().equals(connectionId))
                .findFirst()
                .orElse(null);
    }

    List<Attempt> allLive() {
        return List.copyOf(live.values());
    }

    List<Attempt> allPending() {
        return List.copyOf(pending.values());
    }

    void begin(Attempt attempt) {
        known.add(attempt.connectionId().toString());
        pending.put(slot(attempt.agentId()), attempt);
    }

    void establish(@Nullable AgentId agentId) {
        Attempt attempt = pending.remove(slot(agentId));
        if (attempt != null) {
            live.put(slot(agentId), attempt);
        }
    }

    void fail(ConnectionId connectionId) {
        pending.values().removeIf(attempt -> attempt.connectionId().equals(connectionId));
    }

    void end(ConnectionId connectionId) {
        live.values().removeIf(attempt -> attempt.connectionId().equals(connectionId));
    }

    static String slot(@Nullable AgentId agentId) {
        return agentId == null ? SHARED : agentId.toString();
    }
}
