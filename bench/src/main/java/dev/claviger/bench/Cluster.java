package dev.claviger.bench;

import dev.claviger.demoprovider.RunningClaviger;
import dev.claviger.demoprovider.RunningClaviger.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** One or several processes of the application on one database, as behind a load balancer. */
final class Cluster implements AutoCloseable {

    private static final String PUBLIC_URL = "http://localhost:9403";

    private final Path jar;
    private final Path scratch;
    private final BenchDatabase database;
    private final String adminToken = RunningClaviger.newAdminToken();
    private final String masterKey;
    private final List<RunningClaviger> processes = new ArrayList<>();

    Cluster(Path jar, Path scratch, BenchDatabase database) {
        this.jar = jar;
        this.scratch = scratch;
        this.database = database;
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        masterKey = Base64.getEncoder().encodeToString(key);
    }

    /** Starts so many more processes and waits until they serve. */
    void start(int more, List<String> settings) throws IOException, InterruptedException {
        List<RunningClaviger> begun = new ArrayList<>();
        for (int i = 0; i < more; i++) {
            List<String> all = new ArrayList<>(settings);
            all.add("--spring.datasource.url=" + database.url());
            all.add("--spring.datasource.username=" + BenchDatabase.USER);
            begun.add(RunningClaviger.begin(new Start(
                    jar,
                    scratch,
                    0,
                    PUBLIC_URL,
                    adminToken,
                    List.of("-Xmx512m"),
                    all,
                    Map.of("CLAVIGER_VAULT_MASTER_KEY", masterKey))));
        }
        for (RunningClaviger process : begun) {
            processes.add(process.ready());
        }
    }

    /** Those that live. */
    List<RunningClaviger> processes() {
        return processes.stream().filter(RunningClaviger::isAlive).toList();
    }

    void stop() {
        processes.forEach(RunningClaviger::close);
        processes.clear();
    }

    @Override
    public void close() {
        stop();
    }
}
