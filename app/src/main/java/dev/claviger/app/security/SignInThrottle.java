package dev.claviger.app.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Slows down guessing. Every try counts as failed until it has succeeded, so that tries at the same moment count too. After
 * a handful, each further one has to wait twice as long, up to a quarter of an hour.
 */
@Component
class SignInThrottle {

    /** For one name from one address. */
    static final int TRIES = 5;
    /** Many people may share one address. */
    static final int TRIES_PER_ADDRESS = 20;
    /** From everywhere: so many that a stranger does not lock a person out with a handful of wrong passwords. */
    static final int TRIES_PER_NAME = 60;

    private static final Duration FIRST_WAIT = Duration.ofSeconds(15);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private final Clock clock;
    private final Cache<String, Tries> tries = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(LONGEST_WAIT.multipliedBy(4))
            .build();

    SignInThrottle(Clock clock) {
        this.clock = clock;
    }

    private record Tries(int count, Instant blockedUntil) {}

    /** Counts a try and answers zero, or answers how long to wait without counting. */
    synchronized Duration attempt(String name, String address) {
        String both = both(name, address);
        Duration wait = max(waiting(both), max(waiting(ofName(name)), waiting(ofAddress(address))));
        if (wait.isZero()) {
            count(both, TRIES);
            count(ofName(name), TRIES_PER_NAME);
            count(ofAddress(address), TRIES_PER_ADDRESS);
        }
        return wait;
    }

    synchronized void succeeded(String name, String address) {
        tries.invalidate(both(name, address));
        tries.invalidate(ofName(name));
        tries.invalidate(ofAddress(address));
    }

    private static String both(String name, String address) {
        return ofName(name) + " " + ofAddress(address);
    }

    private static String ofName(String name) {
        return "name:" + key(name);
    }

    private static String ofAddress(String address) {
        return "address:" + ClientAddress.network(address);
    }

    private Duration waiting(String key) {
        Tries sofar = tries.getIfPresent(key);
        Duration wait = sofar == null ? Duration.ZERO : Duration.between(clock.instant(), sofar.blockedUntil());
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private void count(String key, int free) {
        tries.asMap().compute(key, (k, sofar) -> {
            int count = sofar == null ? 1 : sofar.count() + 1;
            if (count < free) {
                return new Tries(count, Instant.EPOCH);
            }
            Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(count - free, 10));
            return new Tries(count, clock.instant().plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait));
        });
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static String key(String name) {
        String folded = name.strip().toLowerCase(Locale.ROOT);
        return folded.substring(0, Math.min(folded.length(), 64));
    }
}
