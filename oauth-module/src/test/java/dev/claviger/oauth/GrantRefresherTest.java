package dev.claviger.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Untrusted;
import org.junit.jupiter.api.Test;

class GrantRefresherTest {

    @Test
    void takesAnAnswerThatWasTooLongForOneThatMayBeLost() {
        assertThat(GrantRefresher.failed(new Untrusted(FailureCode.LIMIT_EXCEEDED, "Too long."))
                        .answerMayBeLost())
                .isTrue();
    }

    @Test
    void losesNoAnswerOfAServerItNeverAsked() {
        assertThat(GrantRefresher.failed(new Untrusted(FailureCode.UNSAFE_ADDRESS, "Private address."))
                        .answerMayBeLost())
                .isFalse();
    }
}
