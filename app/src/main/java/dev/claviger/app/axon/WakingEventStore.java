package dev.claviger.app.axon;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.jspecify.annotations.Nullable;

/**
 * Wakes processors when events are committed. Axon's own store has no such callback: its processors sleep half a second
 * between looks, a connect journey would take seconds of waiting for nothing.
 */
final class WakingEventStore extends EmbeddedEventStore {

    private final WakeUps wakeUps;

    WakingEventStore(EmbeddedEventStore.Builder builder, WakeUps wakeUps) {
        super(builder.optimizeEventConsumption(false));
        this.wakeUps = wakeUps;
    }

    @Override
    protected void afterCommit(List<? extends EventMessage<?>> events) {
        super.afterCommit(events);
        wakeUps.committed();
    }

    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken trackingToken) {
        return new WakingStream(super.openStream(trackingToken));
    }

    private final class WakingStream implements TrackingEventStream {

        private final BlockingStream<TrackedEventMessage<?>> events;
        private @Nullable Runnable callback;

        private WakingStream(BlockingStream<TrackedEventMessage<?>> events) {
            this.events = events;
        }

        @Override
        public boolean setOnAvailableCallback(Runnable onAvailable) {
            callback = onAvailable;
            wakeUps.register(onAvailable);
            return true;
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            return events.peek();
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return events.hasNextAvailable(timeout, unit);
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            return events.nextAvailable();
        }

        @Override
        public void close() {
            if (callback != null) {
                wakeUps.forget(callback);
            }
            events.close();
        }
    }
}
