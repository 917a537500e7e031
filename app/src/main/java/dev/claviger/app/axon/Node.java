package dev.claviger.app.axon;

import dev.claviger.app.ThisNode;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** This process among those that share the database: says that it lives, and counts who else does. */
@Component
class Node implements ThisNode, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Node.class);
    private static final int BEAT_SECONDS = 2;

    private final String id = "node:" + UUID.randomUUID();
    private final JdbcClient database;
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("heartbeat"));
    private final Set<Runnable> freezeLookers = new CopyOnWriteArraySet<>();
    private final RebuildTable rebuilds;
    private volatile int alive = 1;
    private volatile Set<String> leftToOthers = Set.of();

    Node(JdbcClient database, RebuildTable rebuilds) {
        this.database = database;
        this.rebuilds = rebuilds;
        beat();
        heart.scheduleWithFixedDelay(this::beatOrWarn, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void onFreezes(Runnable look) {
        freezeLookers.add(look);
    }

    /** Freezes or thaws may have been committed anywhere. */
    void freezesMayHaveChanged() {
        freezeLookers.forEach(Runnable::run);
    }

    /** How many processes were alive a moment ago, this one included. */
    int alive() {
        return alive;
    }

    /** Whether another process wants this projection for itself, to set it back. */
    boolean leavesToOthers(String processor) {
        return leftToOthers.contains(processor);
    }

    private void beat() {
        leftToOthers = rebuilds.takenByOthers(id);
        database.sql("insert into app.node (id) values (?) on conflict (id) do update set seen_at = now()")
                .param(id)
                .update();
        database.sql("delete from app.node where seen_at < now() - interval '1 minute'")
                .update();
        alive = Math.max(
                1,
                database.sql("select count(*) from app.node where seen_at > now() - interval '10 seconds'")
                        .query(Integer.class)
                        .single());
    }

    private void beatOrWarn() {
        try {
            beat();
            freezesMayHaveChanged();
        } catch (DataAccessException e) {
            log.warn("The heartbeat of this process could not be written: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        heart.shutdownNow();
        try {
            database.sql("delete from app.node where id = ?").param(id).update();
        } catch (DataAccessException e) {
            log.debug("The others will find out by themselves", e);
        }
    }
}
