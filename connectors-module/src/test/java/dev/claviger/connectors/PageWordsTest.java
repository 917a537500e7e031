package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PageWordsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void saysTimesAsSeenFromNow() {
        assertThat(ago(NOW.minusSeconds(3))).isEqualTo("just now");
        assertThat(ago(NOW.minusSeconds(180))).isEqualTo("3 min ago");
        assertThat(ago(NOW.plus(Duration.ofDays(2)))).isEqualTo("in 2 days");
        assertThat(Moment.of(null, NOW)).isNull();
    }

    @Test
    void saysDurationsInTheirOwnSize() {
        assertThat(Moment.took(Duration.ofMillis(42))).isEqualTo("42 ms");
        assertThat(Moment.took(Duration.ofMillis(1_440))).isEqualTo("1.4 s");
        assertThat(Moment.took(Duration.ofSeconds(65))).isEqualTo("1 min 5 s");
    }

    @Test
    void linksToTheNeighboursThatExist() {
        Pager first = Pager.of("/connectors?q=a", 0, 50, 50, 120);
        assertThat(first.previous()).isNull();
        assertThat(first.next()).isEqualTo("/connectors?q=a&offset=50");
        Pager last = Pager.of("/connectors", 100, 50, 20, 120);
        assertThat(last.previous()).isEqualTo("/connectors?offset=50");
        assertThat(last.next()).isNull();
        assertThat(last.from() + "–" + last.to()).isEqualTo("101–120");
        assertThat(Pager.of("/connectors", 0, 50, 3, 3).needed()).isFalse();
    }

    @Test
    void keepsASearchInTheAddress() {
        assertThat(Pager.address("/connectors", "a&b=c")).isEqualTo("/connectors?q=a%26b%3Dc");
        assertThat(Pager.limit(5_000, 50)).isEqualTo(1_000);
        assertThat(Pager.offset(-3)).isZero();
    }

    private static String ago(Instant at) {
        Moment moment = Moment.of(at, NOW);
        assertThat(moment).isNotNull();
        return moment.ago();
    }
}
