package dev.claviger.connectors;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.connectors.api.AgentId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How often more scope was asked for lately, for each slot and operation: a server may want more without end (C57). */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
final class StepUps {

    /** With the consent before them that makes three authorization requests. */
    private static final int MOST = 2;

    private static final Duration MEMORY = Duration.ofHours(1);
    /** Operations remembered; the oldest goes. */
    private static final int OPERATIONS = 200;

    // Not final: Jackson does not write final fields when a snapshot is read back.
    private Map<String, List<Instant>> asked = new LinkedHashMap<>();

    boolean isExhausted(@Nullable AgentId agentId, String operation, Instant now) {
        return asked.getOrDefault(key(agentId, operation), List.of()).stream()
                        .filter(at -> at.isAfter(now.minus(MEMORY)))
                        .count()
                >= MOST;
    }

    boolean knows(@Nullable AgentId agentId, String operation) {
        return asked.containsKey(key(agentId, operation));
    }

    void remember(@Nullable AgentId agentId, String operation, Instant at) {
        List<Instant> moments = new ArrayList<>(asked.getOrDefault(key(agentId, operation), List.of()));
        moments.removeIf(before -> !before.isAfter(at.minus(MEMORY)));
        moments.add(at);
        asked.put(key(agentId, operation), moments);
        if (asked.size() > OPERATIONS) {
            asked.remove(asked.keySet().iterator().next());
        }
    }

    void forget(@Nullable AgentId agentId, String operation) {
        asked.remove(key(agentId, operation));
    }

    private static String key(@Nullable AgentId agentId, String operation) {
        return (agentId == null ? "shared" : agentId.toString()) + " " + operation;
    }
}
