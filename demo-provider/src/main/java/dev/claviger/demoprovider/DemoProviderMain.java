package dev.claviger.demoprovider;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** Runs the demo provider until it is stopped, and prints what to paste into Claviger. */
public final class DemoProviderMain {

    private static final int AS_PORT = 9401;
    private static final int MCP_PORT = 9402;

    private DemoProviderMain() {}

    /** @param arguments port of the authorization server, port of the MCP server; or {@code check} and those of {@link CheckJourney} */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("check")) {
            CheckJourney.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        int asPort = arguments.length > 0 ? Integer.parseInt(arguments[0]) : AS_PORT;
        int mcpPort = arguments.length > 1 ? Integer.parseInt(arguments[1]) : MCP_PORT;
        try (DemoProvider provider = DemoProvider.start(asPort, mcpPort)) {
            // Short enough to watch a refresh happen.
            provider.knobs().accessTokenLifetime = Duration.ofMinutes(2);
            new PrintStream(System.out, true, StandardCharsets.UTF_8).println(whatToPaste(provider));
            new CountDownLatch(1).await();
        }
    }

    private static String whatToPaste(DemoProvider provider) {
        return """
                Acme Notes, the demo provider, is ready. Add one of these as a connector:

                  OAuth             %s
                                    (sign-in and consent at %s, access tokens live 2 minutes)
                  API key header    %s
                                    header X-Api-Key
                                    key    %s
                  Bearer token      %s
                                    token  %s
                  No sign-in        %s
                """.formatted(
                        provider.mcpUrl(),
                        provider.issuer(),
                        provider.apiKeyMcpUrl(),
                        provider.apiKey(),
                        provider.bearerMcpUrl(),
                        provider.bearerToken(),
                        provider.openMcpUrl());
    }
}
