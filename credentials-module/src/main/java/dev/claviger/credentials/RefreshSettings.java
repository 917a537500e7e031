package dev.claviger.credentials;

import dev.claviger.credentials.api.RefreshFailure;
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
 * @param coolDown how long nobody tries again after a first failure; doubled with each that follows
 * @param refusalCoolDown how long after a renewal a server's 401 is no reason for another
 * @param longestCoolDown the most that a waiting caller is put off because of one credential's failures
 * @param longestPause the most that the background waits between two tries
 * @param giveUpAfter how long refreshes must have failed, from the first on, before nobody tries any more
 * @param deniedFor the same, where the server refuses each without a word about the grant
 * @param concurrency how many refreshes at once one authorization server sees of all nodes together; the background has
 *     half of these places
 * @param rate how many refreshes the background begins in a second at one authorization server
 * @param longestIssuerPause the most that an authorization server is left alone because it asked for a pause
 * @param shortestInterval the least time between two refreshes of the background, however short the tokens live
 * @param atLeastEvery how long a refresh token lies unused at most, since many die of it and few say so
 * @param margin how long before its end a token is refreshed; a quarter of the lifetime where that is shorter
 */
@ConfigurationProperties("claviger.refresh")
record RefreshSettings(
        @DefaultValue("60s") Duration lease,
        @DefaultValue("20s") Duration timeLimit,
        @DefaultValue("15s") Duration coolDown,
        @DefaultValue("1m") Duration refusalCoolDown,
        @DefaultValue("10m") Duration longestCoolDown,
        @DefaultValue("4h") Duration longestPause,
        @DefaultValue("30d") Duration giveUpAfter,
        @DefaultValue("2d") Duration deniedFor,
        @DefaultValue("16") int concurrency,
        @DefaultValue("20") double rate,
        @DefaultValue("1h") Duration longestIssuerPause,
        @DefaultValue("30s") Duration shortestInterval,
        @DefaultValue("30d") Duration atLeastEvery,
        @DefaultValue("5m") Duration margin) {

    /** A window that passed while no node ran is no reason to give up. */
    private static final int FEWEST_TRIES = 10;

    /** What is out of reach now may be back in a moment, so callers are put off by eight cool-downs at most. */
    private static final int LONGEST_OUT_OF_REACH = 8;

    private static final int TURNS_OF_A_REFUSED_CLIENT = 40;

    RefreshSettings {
        if (lease.compareTo(timeLimit.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "claviger.refresh.lease must be at least twice as long as claviger.refresh.time-limit");
        }
        if (concurrency < 1 || rate <= 0) {
            throw new IllegalArgumentException(
                    "claviger.refresh.concurrency must be at least 1, and claviger.refresh.rate more than 0");
        }
    }

    int backgroundConcurrency() {
        return Math.max(1, concurrency / 2);
    }

    /** Seconds from one turn of the background to the next. */
    double interval() {
        return 1 / rate;
    }

    /**
     * When the background refreshes a token set; null: never.
     *
     * @param generation the first may end at any time; later ones are not refreshed in a loop
     * @param since when it was obtained
     * @param expiresAt when its access token dies; null: not known
     * @param refreshTokenExpiresAt when its refresh token dies unless it is used; null: not known
     * @param hasRefreshToken false: the grant is asked for again
     */
    @Nullable
    Instant dueAt(
            long generation,
            Instant since,
            @Nullable Instant expiresAt,
            @Nullable Instant refreshTokenExpiresAt,
            boolean hasRefreshToken) {
        Instant due = expiresAt == null ? null : expiresAt.minus(marginOf(since, expiresAt));
        if (hasRefreshToken) {
            due = earlier(due, since.plus(atLeastEvery));
            if (refreshTokenExpiresAt != null && refreshTokenExpiresAt.isAfter(since)) {
                due = earlier(
                        due,
                        since.plus(
                                Duration.between(since, refreshTokenExpiresAt).dividedBy(2)));
            }
        }
        Instant floor = since.plus(shortestInterval);
        return due != null && generation > 1 && due.isBefore(floor) ? floor : due;
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one != null && one.isBefore(other) ? one : other;
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

    /**
     * How long to leave the other side alone.
     *
     * @param failuresBefore of the same token set
     * @param retryAfter as the server asked, where it did
     */
    Duration coolDownFor(RefreshFailure failure, int failuresBefore, @Nullable Duration retryAfter) {
        Duration most = failure == RefreshFailure.TRANSIENT
                ? least(longestCoolDown, coolDown.multipliedBy(LONGEST_OUT_OF_REACH))
                : longestCoolDown;
        Duration own = doubled(coolDown, failuresBefore, most);
        return retryAfter == null || retryAfter.compareTo(own) < 0 ? own : least(retryAfter, longestCoolDown);
    }

    /**
     * How long the background waits after that many failures; nobody waits for it, so it may take its time. A client that is
     * refused is mended by a person, and until then every try only annoys the provider.
     *
     * @param clientRefused whether the last was because of our client
     */
    Duration pauseAfter(int failures, boolean clientRefused) {
        Duration first = coolDown.multipliedBy(clientRefused ? TURNS_OF_A_REFUSED_CLIENT : 2);
        return doubled(first, Math.max(0, failures - 1), longestPause);
    }

    /** Whether enough has been tried for long enough. */
    boolean isHopeless(RefreshFailure failure, int failures, Duration failingFor) {
        return failures >= FEWEST_TRIES && failingFor.compareTo(patienceWith(failure)) >= 0;
    }

    /** How long refreshes may fail for such a reason, from the first on. */
    Duration patienceWith(RefreshFailure failure) {
        return failure == RefreshFailure.DENIED ? least(deniedFor, giveUpAfter) : giveUpAfter;
    }

    private static Duration doubled(Duration first, int times, Duration most) {
        return least(first.multipliedBy(1L << Math.min(times, 20)), most);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
