package dev.claviger.connectors;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.claviger.connectors.AgentCalls.Call;
import dev.claviger.connectors.api.AgentId;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Writes down who asks with the key of a frozen agent, which is what the hour of an emergency wants to know; once a minute,
 * since the record of a flood must not be a flood.
 */
@Component
class FrozenCalls {

    static final String REFUSED = "refused: frozen";

    private static final String API = "/api/v1/agent/";
    private static final int MOST_NOTED = 100_000;

    private final AgentCalls calls;
    private final Cache<AgentId, Boolean> noted = Caffeine.newBuilder()
            .maximumSize(MOST_NOTED)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    FrozenCalls(AgentCalls calls) {
        this.calls = calls;
    }

    void refused(AgentId agent, String path, String sourceAddress) {
        if (noted.asMap().putIfAbsent(agent, true) != null) {
            return;
        }
        try {
            calls.write(new Call(agent, what(path), sourceAddress), REFUSED);
        } catch (RuntimeException e) {
            noted.invalidate(agent);
            throw e;
        }
    }

    /** In the words of what is answered; a path is whatever somebody typed. */
    private static String what(String path) {
        return switch (path) {
            case API + "me" -> "me";
            case API + "connectors" -> "connectors";
            case API + "mcp.json" -> "mcp.json";
            default -> path.startsWith(API + "connectors/") ? "headers" : "something else";
        };
    }
}
