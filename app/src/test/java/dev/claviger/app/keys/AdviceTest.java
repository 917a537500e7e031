package dev.claviger.app.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdviceTest {

    @Test
    void letsEveryNodeKnowANewKeyBeforeAnyNodeSealsUnderIt() {
        assertThat(Advice.of(List.of(key("local:1", true, 5))))
                .singleElement()
                .satisfies(advice -> assertThat(advice)
                        .containsSubsequence("restart every node twice", "at the end of", "in front", "rotate")
                        .contains("env: or file:"));
    }

    @Test
    void tellsANewKeyThatWrapsNothingYetFromAFormerOne() {
        assertThat(Advice.of(List.of(key("local:1", true, 5), key("local:2", false, 0))))
                .singleElement()
                .satisfies(advice -> assertThat(advice)
                        .contains("local:2", "If it is the new key", "put it first", "If it is a former key"));
    }

    @Test
    void asksToRotateWhatAFormerKeyStillWraps() {
        assertThat(Advice.of(List.of(key("local:2", true, 0), key("local:1", false, 5))))
                .singleElement()
                .satisfies(advice -> assertThat(advice).contains("local:1", "5 live secrets", "Rotate"));
    }

    private static MasterKey key(String id, boolean current, long secrets) {
        return new MasterKey(id, "file:x", current, true, true, null, null, secrets, false, current || secrets > 0);
    }
}
