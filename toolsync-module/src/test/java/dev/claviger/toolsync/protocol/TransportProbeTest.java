package dev.claviger.toolsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.LoopbackClient;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.toolsync.api.TransportPreflight;
import dev.claviger.toolsync.api.TransportPreflight.Access;
import dev.claviger.toolsync.api.TransportPreflight.Seen;
import dev.claviger.toolsync.api.TransportPreflight.Way;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TransportProbeTest {

    private final DemoProvider provider = DemoProvider.start();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void countsTheToolsThatEverybodySees() {
        Seen seen = look(provider.openMcpUrl());

        assertThat(seen.access()).isEqualTo(Access.LISTS_FOR_EVERYBODY);
        assertThat(seen.tools()).isEqualTo(provider.knobs().tools.size());
        assertThat(Objects.requireNonNull(seen.spoken()).way()).isIn(Way.MODERN, Way.LEGACY);
        assertThat(seen.failure()).isNull();
    }

    @Test
    void seesThatACredentialIsWantedFirst() {
        Seen seen = look(provider.mcpUrl());

        assertThat(seen.access()).isEqualTo(Access.CREDENTIAL_FIRST);
        assertThat(seen.spoken()).isNull();
        assertThat(seen.tools()).isNull();
        assertThat(seen.failure()).isNull();
    }

    @Test
    void saysThatNobodyAnswers() {
        provider.knobs().mcp503 = true;

        Seen seen = look(provider.openMcpUrl());

        assertThat(seen.access()).isEqualTo(Access.UNKNOWN);
        assertThat(Objects.requireNonNull(seen.failure()).code()).isEqualTo(FailureCode.MCP_UNREACHABLE);
    }

    @Test
    void endsAtItsTimeLimit() {
        provider.knobs().mcpDelay = Duration.ofSeconds(20);

        Seen seen = TransportPreflight.with(LoopbackClient.create())
                .look(provider.openMcpUrl().toString(), Duration.ofSeconds(1));

        assertThat(Objects.requireNonNull(seen.failure()).code()).isEqualTo(FailureCode.MCP_UNREACHABLE);
    }

    @Test
    void refusesAnAddressInsideOurNetwork() {
        Seen seen = look(URI.create("https://169.254.169.254/mcp"));

        assertThat(Objects.requireNonNull(seen.failure()).code()).isEqualTo(FailureCode.UNSAFE_ADDRESS);
    }

    private static Seen look(URI url) {
        return TransportPreflight.with(LoopbackClient.create()).look(url.toString(), Duration.ofSeconds(20));
    }
}
