package dev.claviger.connectors;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.claviger.connectors.AgentCalls.Call;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.credentials.api.TokenBuckets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Limits how often one agent asks this node. That it asked too often is written down once a minute, since the record of a
 * flood must not be a flood.
 */
@Component
class AgentLimit {

    private static final int SECONDS_OF_BURST = 2;
    private static final int MOST_NOTED = 100_000;

    private final TokenBuckets buckets;
    private final AgentCalls calls;
    private final Counter refused;
    private final Cache<AgentId, Boolean> noted = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MOST_NOTED)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    @Autowired
    AgentLimit(
            @Value("${claviger.agents.calls-per-second:100}") int callsPerSecond,
            AgentCalls calls,
            MeterRegistry meters) {
        this(buckets(callsPerSecond), calls, meters);
    }

    AgentLimit(TokenBuckets buckets, AgentCalls calls, MeterRegistry meters) {
        this.buckets = buckets;
        this.calls = calls;
        this.refused = meters.counter("claviger.agent.calls.refused");
    }

    private static TokenBuckets buckets(int callsPerSecond) {
        if (callsPerSecond < 1) {
            throw new IllegalArgumentException("claviger.agents.calls-per-second must be at least 1");
        }
        long burst = Math.min(Integer.MAX_VALUE, (long) callsPerSecond * SECONDS_OF_BURST);
        return new TokenBuckets(callsPerSecond, (int) burst, System::nanoTime);
    }

    /** Whether {@link #enter} would let it in, which then counts. */
    boolean allows(Call call) {
        return buckets.take(call.agent().toString()).isZero();
    }

    /** Takes back a call that comes in by another door. */
    void giveBack(Call call) {
        buckets.giveBack(call.agent().toString());
    }

    /** @throws TooMany with the time to wait */
    void enter(Call call) {
        Duration wait = buckets.take(call.agent().toString());
        if (wait.isZero()) {
            return;
        }
        refused.increment();
        if (noted.asMap().putIfAbsent(call.agent(), true) == null) {
            calls.write(call, "refused: too many requests");
        }
        throw new TooMany(
                "This agent asks too often; wait as long as Retry-After says, and keep what you were given until it"
                        + " expires.",
                // Whole seconds, and never zero: that would be an invitation.
                Duration.ofSeconds(wait.toSeconds() + 1));
    }
}
