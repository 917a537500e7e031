package dev.claviger.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningKeyJobsTest {

    @Test
    void refusesToStartWhereKeysWouldBeRotatedWithoutEnd() {
        for (Duration rotation : List.of(Duration.ofDays(-1), Duration.ZERO, Duration.ofMinutes(59))) {
            assertThatThrownBy(() -> SigningKeyJobs.longEnough(rotation))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("claviger.oauth.signing-key-rotation")
                    .hasMessageContaining("one hour");
        }
        assertThat(SigningKeyJobs.longEnough(Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
    }
}
