package dev.claviger.app.axon;

import java.util.Objects;
import org.axonframework.common.caching.WeakReferenceCache;
import org.axonframework.eventsourcing.AggregateCacheEntry;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/**
 * Hands out a cached aggregate only while nobody has written to its stream since. Another node may have: a command that
 * does nothing in the old state would be lost without any conflict to retry.
 */
final class FreshAggregateCache extends WeakReferenceCache {

    private final EventStorageEngine engine;

    FreshAggregateCache(EventStorageEngine engine) {
        this.engine = engine;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <K, V> @Nullable V get(K key) {
        V entry = super.get(key);
        if (entry instanceof AggregateCacheEntry<?> cached && isStale(key.toString(), cached)) {
            remove(key);
            return null;
        }
        return entry;
    }

    private boolean isStale(String identifier, AggregateCacheEntry<?> cached) {
        EventSourcedAggregate<?> aggregate = cached.recreateAggregate(null, null, null);
        return !Objects.equals(
                aggregate.version(), engine.lastSequenceNumberFor(identifier).orElse(null));
    }
}
