package dev.claviger.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientWayTest {

    /** C14: an entered client before the metadata document before registration. */
    @ParameterizedTest(name = "entered {0}, reads documents {1}, registers {2}: {3}")
    @CsvSource({
        "true,  true,  true,  ENTERED",
        "true,  true,  false, ENTERED",
        "true,  false, true,  ENTERED",
        "true,  false, false, ENTERED",
        "false, true,  true,  METADATA_DOCUMENT",
        "false, true,  false, METADATA_DOCUMENT",
        "false, false, true,  REGISTRATION",
        "false, false, false, NONE"
    })
    void comesToAClientInTheOrderOfTheSpecification(
            boolean entered, boolean readsDocuments, boolean registers, ClientWay.Kind expected) {
        ClientWay way = ClientWay.choose(entered, readsDocuments, Optional.empty(), registers);

        assertThat(way.kind()).isEqualTo(expected);
        assertThat(way.reason()).endsWith(".").doesNotContain("null");
    }

    @Test
    void registersWhereOurDocumentCannotBeReadAndSaysWhy() {
        ClientWay way = ClientWay.choose(false, true, Optional.of("Nobody reaches us."), true);

        assertThat(way.kind()).isEqualTo(ClientWay.Kind.REGISTRATION);
        assertThat(way.reason()).contains("Nobody reaches us.");
    }

    @Test
    void tellsWhatWasTriedWhenNothingIsLeft() {
        assertThat(ClientWay.choose(false, true, Optional.of("Nobody reaches us."), false)
                        .reason())
                .isEqualTo("Nobody entered a client. The authorization server would read our client metadata document,"
                        + " but cannot: Nobody reaches us. It does not register clients.");
    }
}
