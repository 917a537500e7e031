package dev.claviger.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.CommandProcess.Ended;
import dev.claviger.demoprovider.DemoProvider;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code preflight} as a process of its own: without a database, its exit status says how it ends. */
class PreflightCommandTest {

    private static final String[] LOOPBACK = {
        "--claviger.outbound.allow=127.0.0.0/8",
        "--claviger.outbound.allow-http",
        "--claviger.public-url=https://claviger.example"
    };

    private final DemoProvider provider = DemoProvider.start();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void saysThatItWillWorkAndWritesNothingButTheReport() throws Exception {
        Ended ended = preflight(provider.mcpUrl(), LOOPBACK);

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(ended.out())
                .startsWith("Will Connect work with " + provider.mcpUrl() + "?\n")
                .contains("Will work.\n")
                .contains("Redirect URI: https://claviger.example/oauth/callback");
        assertThat(provider.count("POST", "/register")).isZero();
    }

    @Test
    void saysInJsonThatItNeedsSomethingFirst() throws Exception {
        provider.knobs().noRegistrationEndpoint = true;

        Ended ended = preflight(provider.mcpUrl(), with("--json"));

        assertThat(ended.status()).isEqualTo(1);
        JsonNode report = JsonMapper.shared().readTree(ended.out());
        assertThat(report.path("verdict").asString()).isEqualTo("needs_you_first");
        assertThat(report.path("findings").valueStream())
                .anyMatch(finding -> finding.path("id").asString().equals("registration")
                        && finding.path("grade").asString().equals("problem")
                        && finding.path("code").asString().equals("CLV-111"));
    }

    @Test
    void saysThatItWillNotWork() throws Exception {
        provider.knobs().noPkceMetadata = true;

        assertThat(preflight(provider.mcpUrl(), LOOPBACK).status()).isEqualTo(2);
    }

    @Test
    void callsNothingPrivateUnlessAllowed() throws Exception {
        Ended ended = preflight(provider.mcpUrl());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("CLV-106", "claviger.outbound.allow");
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    void explainsItselfToWrongArguments() throws Exception {
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("https://one.example", "https://two.example"),
                List.of("https://one.example", "--wrong"),
                List.of("https://one.example", "--claviger.data-dir=x"),
                List.of("https://one.example", "--claviger.public-url=nonsense"))) {
            Ended ended = run(wrong);
            assertThat(ended.status()).as(wrong.toString()).isEqualTo(64);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).isNotBlank();
        }
    }

    private static String[] with(String more) {
        String[] all = Arrays.copyOf(LOOPBACK, LOOPBACK.length + 1);
        all[LOOPBACK.length] = more;
        return all;
    }

    private static Ended preflight(URI url, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(url.toString()));
        arguments.addAll(List.of(options));
        return run(arguments);
    }

    private static Ended run(List<String> arguments) throws IOException, InterruptedException {
        return CommandProcess.run("preflight", arguments, Map.of());
    }
}
