package dev.claviger.bench;

import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Drive;
import dev.claviger.demoprovider.RunningClaviger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes credentials the way people do: connectors with a credential per agent, each connected through discovery, consent
 * and code exchange by the admin API.
 */
final class Seeding {

    /** An agent with its API key. */
    record Agent(String id, String key) {}

    /** @param serverKey the connector's name in the agent API */
    record Connector(String id, String serverKey) {}

    /** @param attempt UUID of the connection and of its credential */
    record Connected(Agent agent, Connector connector, String attempt) {}

    private static final int WORKERS = 8;

    private final DemoProvider provider;
    private final Drive drive;

    Seeding(RunningClaviger claviger, DemoProvider provider) {
        this.provider = provider;
        this.drive = new Drive(claviger);
    }

    /** Every one of the agents connected to every one of the connectors. */
    List<Connected> connect(int agents, int connectors) throws Exception {
        List<Connector> made = new ArrayList<>();
        for (int i = 0; i < connectors; i++) {
            String id = drive.oauthConnector("Notes " + i, provider.mcpUrl(), "per_agent");
            made.add(new Connector(id, "notes_" + i));
        }
        List<Agent> known = new ArrayList<>();
        for (int i = 0; i < agents; i++) {
            String id = drive.agent("Agent " + i);
            known.add(new Agent(id, drive.key(id)));
        }
        List<Callable<Connected>> work = new ArrayList<>();
        for (Agent agent : known) {
            for (Connector connector : made) {
                work.add(() -> new Connected(agent, connector, drive.connect(provider, connector.id(), agent.id())));
            }
        }
        return atOnce(work);
    }

    private static List<Connected> atOnce(List<Callable<Connected>> work) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Connected> connected = new ArrayList<>();
            for (Future<Connected> one : workers.invokeAll(work)) {
                connected.add(one.get());
            }
            return connected;
        } finally {
            workers.shutdownNow();
        }
    }
}
