package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.RefreshFailure;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RefreshSettingsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final RefreshSettings settings =
            new Binder(new MapConfigurationPropertySource()).bindOrCreate("claviger.refresh", RefreshSettings.class);

    @Test
    void leavesAServerAloneForLongerAfterEachFailure() {
        assertThat(settings.coolDownFor(RefreshFailure.DENIED, 0, null)).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.coolDownFor(RefreshFailure.DENIED, 1, null)).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.coolDownFor(RefreshFailure.DENIED, 4, null)).isEqualTo(Duration.ofMinutes(4));
        assertThat(settings.coolDownFor(RefreshFailure.DENIED, 1_000, null)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void asksSoonAgainWhatMayBeBackInAMoment() {
        assertThat(settings.coolDownFor(RefreshFailure.TRANSIENT, 1_000, null)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void waitsAsLongAsTheServerAskedButNotForEver() {
        Duration minute = Duration.ofSeconds(60);
        assertThat(settings.coolDownFor(RefreshFailure.THROTTLED, 0, minute)).isEqualTo(minute);
        assertThat(settings.coolDownFor(RefreshFailure.THROTTLED, 6, minute)).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.coolDownFor(RefreshFailure.THROTTLED, 0, Duration.ofDays(9)))
                .isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void theBackgroundTakesItsTime() {
        assertThat(settings.pauseAfter(1, false)).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.pauseAfter(5, false)).isEqualTo(Duration.ofMinutes(8));
        assertThat(settings.pauseAfter(1_000, false)).isEqualTo(Duration.ofHours(4));
    }

    @Test
    void theBackgroundWaitsLongerForAPersonToMendTheClient() {
        assertThat(settings.pauseAfter(1, true)).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.pauseAfter(3, true)).isEqualTo(Duration.ofMinutes(40));
        assertThat(settings.pauseAfter(1_000, true)).isEqualTo(Duration.ofHours(4));
    }

    @Test
    void refreshesAheadOfTheEndAndNotInALoop() {
        assertThat(settings.dueAt(1, NOW, NOW.plusSeconds(3600), null, true)).isEqualTo(NOW.plusSeconds(3300));
        assertThat(settings.dueAt(1, NOW, NOW.plusSeconds(4), null, true)).isEqualTo(NOW.plusSeconds(3));
        assertThat(settings.dueAt(2, NOW, NOW.plusSeconds(1), null, true)).isEqualTo(NOW.plusSeconds(30));
        assertThat(settings.dueAt(2, NOW, NOW.minusSeconds(1), null, false)).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void usesARefreshTokenLongBeforeItDiesOfDisuse() {
        Instant halfHour = NOW.plusSeconds(1800);
        assertThat(settings.dueAt(1, NOW, null, halfHour, true)).isEqualTo(NOW.plusSeconds(900));
        assertThat(settings.dueAt(5, NOW, NOW.plusSeconds(36_000), halfHour, true))
                .isEqualTo(NOW.plusSeconds(900));
        assertThat(settings.dueAt(5, NOW, NOW.plusSeconds(600), halfHour, true)).isEqualTo(NOW.plusSeconds(450));
        assertThat(settings.dueAt(5, NOW, null, NOW.minusSeconds(1), true))
                .as("an end that has passed is no reason for haste")
                .isEqualTo(NOW.plus(Duration.ofDays(30)));
    }

    @Test
    void usesEveryRefreshTokenNowAndThen() {
        assertThat(settings.dueAt(1, NOW, null, null, true)).isEqualTo(NOW.plus(Duration.ofDays(30)));
        assertThat(settings.dueAt(1, NOW, NOW.plus(Duration.ofDays(365)), null, true))
                .isEqualTo(NOW.plus(Duration.ofDays(30)));
        assertThat(settings.dueAt(1, NOW, null, null, false)).isNull();
    }

    @Test
    void losesHopeOnlyAfterManyTriesOverALongTime() {
        assertThat(settings.isHopeless(RefreshFailure.TRANSIENT, 9, Duration.ofDays(99)))
                .isFalse();
        assertThat(settings.isHopeless(RefreshFailure.TRANSIENT, 99, Duration.ofDays(29)))
                .isFalse();
        assertThat(settings.isHopeless(RefreshFailure.TRANSIENT, 99, Duration.ofDays(30)))
                .isTrue();
        assertThat(settings.isHopeless(RefreshFailure.DENIED, 99, Duration.ofHours(47)))
                .isFalse();
        assertThat(settings.isHopeless(RefreshFailure.DENIED, 10, Duration.ofDays(2)))
                .isTrue();
    }
}
