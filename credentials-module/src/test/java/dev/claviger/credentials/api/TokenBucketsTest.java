package dev.claviger.credentials.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final TokenBuckets buckets = new TokenBuckets(2, 3, nanos::get);

    @Test
    void letsABurstThroughAndThenAsManyAsComeBack() {
        takeAll("a");
        assertThat(buckets.take("a")).isEqualTo(Duration.ofMillis(500));
        pass(Duration.ofMillis(200));
        assertThat(buckets.take("a")).as("asking costs nothing").isEqualTo(Duration.ofMillis(300));
        pass(Duration.ofMillis(300));
        assertThat(buckets.take("a")).isZero();
        assertThat(buckets.take("a")).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void limitsEachForItself() {
        takeAll("a");
        assertThat(buckets.take("b")).isZero();
    }

    @Test
    void holdsNoMoreThanTheBurstHoweverLongNobodyAsks() {
        takeAll("a");
        pass(Duration.ofHours(1));
        takeAll("a");
        assertThat(buckets.take("a")).isPositive();
    }

    @Test
    void takesBackWhatWasNone() {
        takeAll("a");
        buckets.giveBack("a");
        assertThat(buckets.take("a")).isZero();
        assertThat(buckets.take("a")).isPositive();
    }

    @Test
    void refusesALimitThatLetsNothingThrough() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenBuckets(0, 1, nanos::get));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenBuckets(1, 0, nanos::get));
    }

    private void takeAll(String key) {
        for (int i = 0; i < 3; i++) {
            assertThat(buckets.take(key)).isZero();
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
