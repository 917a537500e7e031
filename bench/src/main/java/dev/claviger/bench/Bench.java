package dev.claviger.bench;

import dev.claviger.bench.canary.Canary;
import dev.claviger.demoprovider.CheckFailed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Chooses the measurement, or the search for secrets. */
public final class Bench {

    private Bench() {}

    /** @param arguments what to measure, jar of the application, directory for its data, options */
    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments).subList(3, arguments.length);
        Path jar = Path.of(arguments[1]);
        Path scratch = Path.of(arguments[2]);
        try {
            boolean kept = switch (arguments[0]) {
                case "connect" -> ConnectBench.run(jar, scratch, options);
                case "credentials" -> CredentialsBench.run(jar, scratch, options);
                case "refresh" -> RefreshBench.run(jar, scratch, options);
                case "disconnect" -> DisconnectBench.run(jar, scratch, options);
                case "rebuild" -> RebuildBench.run(jar, scratch, options);
                case "canary" -> Canary.run(jar, scratch, options);
                default ->
                    throw new IllegalArgumentException("There is no such measurement: " + arguments[0]
                            + "; there are connect, credentials, refresh, disconnect, rebuild");
            };
            System.exit(kept ? 0 : 1);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(64);
        } catch (CheckFailed failed) {
            System.err.println("FAILED  " + failed.getMessage());
            System.exit(1);
        }
    }
}
