package dev.claviger.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private final SignInThrottle throttle = new SignInThrottle(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    @Test
    void letsAHandfulOfTriesThroughAndThenMakesThemWait() {
        for (int i = 0; i < SignInThrottle.TRIES; i++) {
            assertThat(throttle.attempt("ada", "10.0.0.9")).isZero();
        }
        assertThat(throttle.attempt("ada", "10.0.0.9")).isPositive();
        assertThat(throttle.attempt("Ada ", "10.0.0.9")).isPositive();
        assertThat(throttle.attempt("grace", "10.0.0.9")).isZero();
    }

    @Test
    void aStrangerDoesNotLockOutThePersonBehindTheName() {
        for (int i = 0; i < 3 * SignInThrottle.TRIES; i++) {
            throttle.attempt("ada", "10.0.5.1");
        }
        assertThat(throttle.attempt("ada", "10.0.5.2")).isZero();
    }

    @Test
    void countsANameOverAllAddresses() {
        for (int i = 0; i < SignInThrottle.TRIES_PER_NAME; i++) {
            assertThat(throttle.attempt("ada", "10.0.6." + i)).isZero();
        }
        assertThat(throttle.attempt("ada", "10.0.7.1")).isPositive();
    }

    @Test
    void takesANetworkOfIpv6AsOneAddress() {
        for (int i = 0; i < SignInThrottle.TRIES; i++) {
            assertThat(throttle.attempt("ada", "2001:db8:1:2::" + i)).isZero();
        }
        assertThat(throttle.attempt("ada", "2001:db8:1:2:aa:bb:cc:dd")).isPositive();
        assertThat(throttle.attempt("ada", "2001:db8:1:3::1")).isZero();
        assertThat(throttle.attempt("ada", "::1")).isZero();
    }

    @Test
    void doublesTheWaitUpToAQuarterOfAnHour() {
        Duration longest = Duration.ZERO;
        Duration before = Duration.ZERO;
        for (int i = 0; i < 20; i++) {
            Duration wait = throttle.attempt("ada", "10.0.1.1");
            assertThat(wait).isGreaterThanOrEqualTo(before.isZero() ? Duration.ZERO : Duration.ofSeconds(1));
            now = now.plus(wait);
            before = wait;
            longest = wait.compareTo(longest) > 0 ? wait : longest;
            throttle.attempt("ada", "10.0.1.1");
        }
        assertThat(longest).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void forgetsFailuresAfterASuccess() {
        for (int i = 0; i < SignInThrottle.TRIES; i++) {
            throttle.attempt("ada", "10.0.3.1");
        }
        throttle.succeeded("ada", "10.0.3.1");

        assertThat(throttle.attempt("ada", "10.0.3.1")).isZero();
    }

    @Test
    void countsAnAddressOverAllNames() {
        for (int i = 0; i < SignInThrottle.TRIES_PER_ADDRESS; i++) {
            assertThat(throttle.attempt("name" + i, "10.0.4.1")).isZero();
        }
        assertThat(throttle.attempt("another", "10.0.4.1")).isPositive();
        assertThat(throttle.attempt("another", "10.0.4.2")).isZero();
    }
}
