package dev.claviger.app.axon;

import dev.claviger.app.Projections;
import dev.claviger.app.axon.ProjectionEvent.RebuildRequested;
import dev.claviger.app.axon.ReadPositions.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sets a projection back to the first event while the application works. Sagas send commands, so they are never replayed. */
@Component
class Rebuilds implements Projections, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Rebuilds.class);
    /** The others look every two seconds, finish the batch they are at and let go. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final Standing NOT_BEGUN = new Standing(0, Long.MAX_VALUE);
    private static final String SAGA = "saga";

    private final EventProcessingConfiguration processing;
    private final RebuildTable table;
    private final ReadPositions positions;
    private final Node node;
    private final EventGateway events;
    private final JdbcClient database;
    private final Set<String> beginning = ConcurrentHashMap.newKeySet();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(new AxonThreadFactory("rebuild"));

    Rebuilds(
            EventProcessingConfiguration processing,
            RebuildTable table,
            ReadPositions positions,
            Node node,
            EventGateway events,
            JdbcClient database) {
        this.processing = processing;
        this.table = table;
        this.positions = positions;
        this.node = node;
        this.events = events;
        this.database = database;
    }

    @Override
    public List<Projection> list() {
        long head = database.sql("select coalesce(max(global_index), 0) from app.domain_event")
                .query(Long.class)
                .single();
        Set<String> elsewhere = table.takenByOthers(node.id());
        Map<String, Standing> standing = positions.all();
        return processing.eventProcessors().entrySet().stream()
                .filter(entry -> isProjection(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .map(name -> projection(name, standing.getOrDefault(name, NOT_BEGUN), head, elsewhere))
                .toList();
    }

    private Projection projection(String name, Standing standing, long head, Set<String> elsewhere) {
        return new Projection(
                name,
                standing.replays(head) || beginning.contains(name) || elsewhere.contains(name),
                Math.min(standing.read(), head),
                head,
                troubles.getOrDefault(name, ""));
    }

    private static boolean isProjection(String name, Object processor) {
        return processor instanceof StreamingEventProcessor && !name.endsWith(SAGA);
    }

    @Override
    public boolean rebuild(String name) {
        StreamingEventProcessor processor = processing
                .eventProcessor(name, StreamingEventProcessor.class)
                .filter(known -> isProjection(name, known))
                .orElseThrow(() -> new IllegalArgumentException("There is no projection " + name));
        if (list().stream().anyMatch(one -> one.name().equals(name) && one.rebuilding()) || !beginning.add(name)) {
            return false;
        }
        if (!table.take(name, node.id())) {
            beginning.remove(name);
            return false;
        }
        troubles.remove(name);
        events.publish(new RebuildRequested(name));
        worker.execute(() -> begin(name, processor));
        return true;
    }

    /** Whatever happens, the processor runs again at the end. */
    private void begin(String name, StreamingEventProcessor processor) {
        try {
            processor.shutDown();
            reset(processor);
            log.info("{} is rebuilt from the first event", name);
        } catch (RuntimeException e) {
            troubles.put(name, "Another process did not let go of it in time; it goes on as before. Try again.");
            log.warn("{} could not be set back to the first event", name, e);
        } finally {
            processor.start();
            table.give(name, node.id());
            beginning.remove(name);
        }
    }

    private static void reset(StreamingEventProcessor processor) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                processor.resetTokens();
                return;
            } catch (UnableToClaimTokenException held) {
                if (System.nanoTime() > end) {
                    throw held;
                }
                pause(500);
            }
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for another process", e);
        }
    }

    @Override
    public void destroy() {
        worker.shutdownNow();
    }
}
