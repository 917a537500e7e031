package dev.claviger.toolsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictOnCallsTest {

    @Test
    void takesAnErrorWithTheIdOfACallForItsAnswerSoThatTheToolIsNotCalledAgain() {
        assertThat(on("{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32000,\"message\":\"disk full\"}}"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void takesAnErrorWithoutAnIdForALostSession() {
        assertThat(on("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"No session\"}}"))
                .isInstanceOf(SessionLost.class);
    }

    private static RuntimeException on(String body) {
        return Verdict.onStatus(
                "tools/call",
                new OutboundResponse(400, Map.of(), new byte[0]),
                JsonRpc.read(body.getBytes(StandardCharsets.UTF_8), "tools/call"),
                true,
                List.of());
    }
}
