package dev.claviger.credentials.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits how often each of many may do something: a bucket of tokens for each, refilled steadily. In the memory of this
 * node; a bucket that nobody takes from is forgotten once it would be full.
 */
public final class TokenBuckets {

    private static final int MOST = 100_000;

    private final double perSecond;
    private final int burst;
    private final LongSupplier nanoTime;
    private final Cache<String, Bucket> buckets;

    /**
     * @param perSecond tokens that come back
     * @param burst tokens in a full bucket, at least one
     * @param nanoTime as {@link System#nanoTime()}
     */
    public TokenBuckets(double perSecond, int burst, LongSupplier nanoTime) {
        if (!(perSecond > 0) || burst < 1) {
            throw new IllegalArgumentException("A limit lets at least something through");
        }
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanoTime = nanoTime;
        this.buckets = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumSize(MOST)
                .ticker(nanoTime::getAsLong)
                .expireAfterAccess(nanosFor(burst).plusSeconds(1))
                .build();
    }

    /** Takes a token and answers zero, or answers how long it is until there is one. */
    public Duration take(String key) {
        return bucket(key).take();
    }

    /** Takes back a {@link #take} that was none after all. */
    public void giveBack(String key) {
        bucket(key).giveBack();
    }

    private Bucket bucket(String key) {
        return buckets.get(key, none -> new Bucket());
    }

    private Duration nanosFor(double tokens) {
        return Duration.ofNanos((long) Math.ceil(tokens / perSecond * 1e9));
    }

    private final class Bucket {

        private double tokens = burst;
        private long since = nanoTime.getAsLong();

        synchronized Duration take() {
            long now = nanoTime.getAsLong();
            tokens = Math.min(burst, tokens + Math.max(0, now - since) / 1e9 * perSecond);
            since = now;
            if (tokens < 1) {
                return nanosFor(1 - tokens);
            }
            tokens--;
            return Duration.ZERO;
        }

        synchronized void giveBack() {
            tokens = Math.min(burst, tokens + 1);
        }
    }
}
