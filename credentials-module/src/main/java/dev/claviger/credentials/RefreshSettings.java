package dev.claviger.credentials;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The times of a refresh.
 *
 * @param lease how long one node alone may refresh a credential; at least twice {@code timeLimit}
 * @param timeLimit how long a caller waits for a refresh, its own or another's
 * @param coolDown how long nobody tries again after a failure
 * @param refusalCoolDown how long after a renewal a server's 401 is no reason for another
 * @param longestCoolDown the most we wait because a server asked us to
 * @param margin how long before its end a token is refreshed; a quarter of the lifetime where that is shorter
 */
@ConfigurationProperties("claviger.refresh")
record RefreshSettings(
        @DefaultValue("60s") Duration lease,
        @DefaultValue("20s") Duration timeLimit,
        @DefaultValue("15s") Duration coolDown,
        @DefaultValue("1m") Duration refusalCoolDown,
        @DefaultValue("10m") Duration longestCoolDown,
        @DefaultValue("5m") Duration margin) {

    RefreshSettings {
        if (lease.compareTo(timeLimit.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "claviger.refresh.lease must be at least twice as long as claviger.refresh.time-limit");
        }
    }

    /** Who has waited longer for another's refresh begins none: three quarters of the time limit belong to the call. */
    Duration longestWaitBeforeACall() {
        return timeLimit.dividedBy(4);
    }

    /** How long before {@code expiresAt} a token that was obtained at {@code since} counts as stale. */
    Duration marginOf(Instant since, Instant expiresAt) {
        Duration quarter = Duration.between(since, expiresAt).dividedBy(4);
        if (quarter.isNegative()) {
            return Duration.ZERO;
        }
        return quarter.compareTo(margin) < 0 ? quarter : margin;
    }

    /** How long to leave the other side alone. */
    Duration coolDownFor(@Nullable Duration retryAfter) {
        if (retryAfter == null || retryAfter.compareTo(coolDown) < 0) {
            return coolDown;
        }
        return retryAfter.compareTo(longestCoolDown) > 0 ? longestCoolDown : retryAfter;
    }
}
