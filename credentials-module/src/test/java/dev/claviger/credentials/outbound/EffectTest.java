package dev.claviger.credentials.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EffectTest {

    private final List<RuntimeException> givenUp = new ArrayList<>();

    @Test
    void anErrorRunsOutOfAttemptsLikeAnyOtherFailure() {
        Overflowing effect = new Overflowing();
        List<Object> published = new ArrayList<>();
        effect.setApplicationEventPublisher(published::add);

        assertThatIllegalStateException().isThrownBy(() -> attempt(effect, 0));
        assertThat(givenUp).isEmpty();
        attempt(effect, 1);
        assertThat(givenUp)
                .singleElement()
                .satisfies(cause -> assertThat(cause).hasCauseInstanceOf(StackOverflowError.class));
        assertThat(published).hasSize(1);
    }

    private static void attempt(Overflowing effect, int failuresBefore) {
        Instant now = Instant.EPOCH;
        Execution execution =
                new Execution(now, effect.instance("1", "x"), true, "here", null, null, failuresBefore, now, 1);
        effect.executeOnce(effect.instance("1", "x"), new ExecutionContext(null, execution, null, null));
    }

    private final class Overflowing extends Effect<String> {

        Overflowing() {
            super("test.overflow", String.class, 2, Duration.ofSeconds(1));
        }

        @Override
        protected void perform(String data) {
            throw new StackOverflowError();
        }

        @Override
        protected void giveUp(String data, RuntimeException cause) {
            givenUp.add(cause);
        }
    }
}
