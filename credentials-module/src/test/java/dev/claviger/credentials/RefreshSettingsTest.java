package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.RefreshFailure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RefreshSettingsTest {

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
        assertThat(settings.pauseAfter(1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.pauseAfter(5)).isEqualTo(Duration.ofMinutes(8));
        assertThat(settings.pauseAfter(1_000)).isEqualTo(Duration.ofHours(4));
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
