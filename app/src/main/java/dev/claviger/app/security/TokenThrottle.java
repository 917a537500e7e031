package dev.claviger.app.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.claviger.credentials.api.TokenBuckets;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Slows down those who try tokens and keys that are none. A token that was right a while ago is always looked at: whoever
 * shares an address with a guesser goes on working.
 */
@Component
class TokenThrottle {

    /** An address may be wrong so often in a row. */
    static final int TRIES = 60;

    private static final double TRIES_PER_SECOND = 1;
    private static final int MOST_REMEMBERED = 100_000;

    private final TokenBuckets wrong;
    private final Cache<String, Boolean> rightLately = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    @Autowired
    TokenThrottle() {
        this(new TokenBuckets(TRIES_PER_SECOND, TRIES, System::nanoTime));
    }

    TokenThrottle(TokenBuckets wrong) {
        this.wrong = wrong;
    }

    /**
     * Counts a try as wrong, until {@link #right} takes it back, and answers zero; or answers how long to wait.
     *
     * @param hash of the token
     */
    Duration attempt(String hash, String address) {
        return rightLately.getIfPresent(hash) == null ? wrong.take(ClientAddress.network(address)) : Duration.ZERO;
    }

    /** Whether it was right within the last hour, and not wrong since. */
    boolean wasRightLately(String hash) {
        return rightLately.getIfPresent(hash) != null;
    }

    /** The token is valid. */
    void right(String hash, String address) {
        if (rightLately.asMap().putIfAbsent(hash, true) == null) {
            wrong.giveBack(ClientAddress.network(address));
        }
    }

    /** The token is not valid, whatever it was a while ago. */
    void wrong(String hash, String address) {
        if (rightLately.asMap().remove(hash) != null) {
            wrong.take(ClientAddress.network(address));
        }
    }
}
