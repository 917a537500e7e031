package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.Forecast.Fate;
import dev.claviger.connectors.Forecast.Line;
import dev.claviger.connectors.ForecastRows.Ending;
import dev.claviger.connectors.api.AuthType;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForecasterTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final Instant SOON = NOW.plus(Duration.ofDays(5));
    private static final Instant LATER = NOW.plus(Duration.ofDays(50));

    @Test
    void anIdleLimitThatAnAdminEnteredIsPutOffByEachRefresh() {
        Line line = Forecaster.credential(ending(null, null, SOON, false, null), NOW);
        assertThat(line.fate()).isEqualTo(Fate.CHANGES);
        assertThat(line.when()).isEqualTo(SOON);
        assertThat(line.why())
                .contains("unused for 14 days", "the connector's settings say", "Each refresh puts it off");
    }

    @Test
    void anEndThatTheProviderToldAndNoRefreshPutsOffIsToldFirst() {
        Line fixed = Forecaster.credential(ending(LATER, false, SOON, false, null), NOW);
        assertThat(fixed.fate()).isEqualTo(Fate.STOPS);
        assertThat(fixed.when()).isEqualTo(LATER);
        assertThat(fixed.why()).contains("as the provider told").doesNotContain("connector's settings");
        assertThat(Forecaster.credential(ending(LATER, null, SOON, false, null), NOW)
                        .why())
                .contains("was not seen yet");
    }

    @Test
    void ofTwoEndsThatRefreshesPutOffTheSoonerIsTold() {
        Line entered = Forecaster.credential(ending(LATER, true, SOON, false, null), NOW);
        assertThat(entered.when()).isEqualTo(SOON);
        assertThat(entered.why()).contains("connector's settings");
        Line told = Forecaster.credential(ending(SOON, true, LATER, false, null), NOW);
        assertThat(told.fate()).isEqualTo(Fate.CHANGES);
        assertThat(told.when()).isEqualTo(SOON);
        assertThat(told.why()).contains("as the provider told");
    }

    @Test
    void whatWasLeftForLongerMayBeDeadOrNot() {
        Line line = Forecaster.credential(ending(null, null, NOW.minusSeconds(1), false, null), NOW);
        assertThat(line.fate()).isEqualTo(Fate.UNKNOWN);
        assertThat(line.when()).isNull();
        assertThat(line.why()).contains("it was left for longer");
    }

    @Test
    void whileRefreshesFailItEndsAsTheAdminEnteredOrWhenTheyAreGivenUp() {
        Line dies = Forecaster.credential(ending(null, null, SOON, true, LATER), NOW);
        assertThat(dies.fate()).isEqualTo(Fate.STOPS);
        assertThat(dies.when()).isEqualTo(SOON);
        assertThat(dies.why()).contains("Refreshes fail", "as the connector's settings say");
        Line givenUp = Forecaster.credential(ending(null, null, LATER, true, SOON), NOW);
        assertThat(givenUp.when()).isEqualTo(SOON);
        assertThat(givenUp.why()).contains("given up");
        Line told = Forecaster.credential(ending(SOON, true, LATER, true, null), NOW);
        assertThat(told.when()).isEqualTo(SOON);
        assertThat(told.why()).contains("as the provider told");
        Line dead = Forecaster.credential(ending(null, null, NOW.minusSeconds(1), true, LATER), NOW);
        assertThat(dead.fate()).isEqualTo(Fate.STOPPED);
        assertThat(dead.why()).contains("as the connector's settings say");
    }

    private static Ending ending(
            @Nullable Instant told,
            @Nullable Boolean putOff,
            @Nullable Instant idleEnds,
            boolean failing,
            @Nullable Instant givenUp) {
        return new Ending(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "Wiki",
                AuthType.OAUTH,
                null,
                null,
                NOW.plusSeconds(3_600),
                false,
                false,
                null,
                told,
                putOff,
                idleEnds == null ? null : 14,
                idleEnds,
                failing,
                failing ? NOW.minusSeconds(60) : null,
                givenUp);
    }
}
