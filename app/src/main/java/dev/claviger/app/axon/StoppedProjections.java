package dev.claviger.app.axon;

import dev.claviger.app.StoppedProcessors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Remembers which processors stopped at an event they cannot digest, until they get past it. */
@Component("projections")
class StoppedProjections implements HealthIndicator, StoppedProcessors {

    private static final Logger log = LoggerFactory.getLogger(StoppedProjections.class);
    // A stopped processor tries again at least once a minute; one that is silent for longer now runs on another node.
    private static final Duration FORGOTTEN = Duration.ofMinutes(3);

    private final Map<String, Stopped> stopped = new ConcurrentHashMap<>();
    private final Clock clock;

    StoppedProjections(Clock clock) {
        this.clock = clock;
    }

    @Override
    public List<Stopped> list() {
        Instant since = clock.instant().minus(FORGOTTEN);
        stopped.values().removeIf(entry -> entry.lastTry().isBefore(since));
        Map<String, Stopped> byProcessor = new TreeMap<>();
        stopped.values()
                .forEach(entry -> byProcessor.merge(
                        entry.processor(), entry, (one, other) -> one.since().isBefore(other.since()) ? one : other));
        return List.copyOf(byProcessor.values());
    }

    @Override
    public Health health() {
        List<Stopped> now = list();
        Health.Builder health = now.isEmpty() ? Health.up() : Health.down();
        now.forEach(entry -> health.withDetail(entry.processor(), entry.event() + ": " + entry.error()));
        return health.build();
    }

    MessageHandlerInterceptor<EventMessage<?>> watch(String processor) {
        return (unitOfWork, chain) -> {
            if (!Processors.isSubscribing(processor)) {
                watch(processor, unitOfWork);
            }
            return chain.proceed();
        };
    }

    private void watch(String processor, UnitOfWork<? extends EventMessage<?>> unitOfWork) {
        Object segment = unitOfWork.resources().get("Processor[" + processor + "]/SegmentId");
        String key = processor + "/" + segment;
        String event = unitOfWork.getMessage().getPayloadType().getSimpleName();
        unitOfWork.onRollback(failed -> stop(key, processor, event, cause(failed)));
        unitOfWork.afterCommit(done -> go(key, processor));
    }

    private void stop(String key, String processor, String event, @Nullable Throwable cause) {
        String error = cause == null ? "rolled back" : cause.getClass().getSimpleName();
        Stopped before = stopped.get(key);
        Instant now = clock.instant();
        stopped.put(key, new Stopped(processor, event, error, before == null ? now : before.since(), now));
        if (before == null) {
            log.error("{} stopped at {}; it tries again until it gets past it", processor, event, cause);
        }
    }

    private void go(String key, String processor) {
        if (stopped.remove(key) != null) {
            log.info("{} goes on", processor);
        }
    }

    private static @Nullable Throwable cause(UnitOfWork<?> failed) {
        return failed.getExecutionResult() == null
                ? null
                : failed.getExecutionResult().getExceptionResult();
    }
}
