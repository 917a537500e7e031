package dev.claviger.toolsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class RemoteTextTest {

    @Test
    void shortensAndKeepsToOneLine() {
        assertThat(RemoteText.quote("a\r\n\tb\u0000\u001b[31m\u202Ec\uD800", List.of()))
                .isEqualTo("\"a b [31m c\"");
        assertThat(RemoteText.quote("😀".repeat(500), List.of())).isEqualTo("\"" + "😀".repeat(200) + "…\"");
    }

    @Test
    void strikesTheSecretsThatWereSent() {
        Secret bearer = Secret.of("Bearer s3cr3t");
        assertThat(RemoteText.quote("no: Bearer s3cr3t (s3cr3t)", List.of(bearer)))
                .isEqualTo("\"no: *** (***)\"");
    }

    @Test
    void takesNoLabelFromWhatIsNoText() {
        assertThat(RemoteText.label(JsonNodeFactory.instance.numberNode(1), List.of()))
                .isNull();
        assertThat(RemoteText.label(JsonNodeFactory.instance.stringNode(" \n "), List.of()))
                .isNull();
    }
}
