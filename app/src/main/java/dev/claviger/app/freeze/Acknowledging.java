package dev.claviger.app.freeze;

import dev.claviger.app.ThisNode;
import dev.claviger.credentials.api.InHand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Acknowledges every freeze once this process has nothing in hand from before: each hand-out, refresh, listing and tool call
 * that began before it heard has ended, and whatever begins later finds the freeze in the database.
 */
@Component
class Acknowledging implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Acknowledging.class);
    private static final int POLL_MILLIS = 10;

    private final JdbcClient jdbc;
    private final ThisNode node;
    private final InHand inHand;
    private final FreezeBanner banner;
    private final ScheduledExecutorService thread;
    private final AtomicBoolean looking = new AtomicBoolean();
    /** Touched by the one thread only. */
    private final Map<UUID, InHand.Before> waitingFor = new HashMap<>();

    Acknowledging(JdbcClient jdbc, ThisNode node, InHand inHand, FreezeBanner banner) {
        this.jdbc = jdbc;
        this.node = node;
        this.inHand = inHand;
        this.banner = banner;
        this.thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread daemon = new Thread(work, "freeze-acknowledge");
            daemon.setDaemon(true);
            return daemon;
        });
        node.onFreezes(this::lookSoon);
        lookSoon();
    }

    /** However often it is asked for meanwhile, one look follows. */
    private void lookSoon() {
        if (!thread.isShutdown() && looking.compareAndSet(false, true)) {
            thread.execute(() -> {
                looking.set(false);
                look();
            });
        }
    }

    private void look() {
        try {
            banner.read();
            for (UUID freeze : unacknowledged()) {
                waitingFor.computeIfAbsent(freeze, now -> inHand.now());
            }
            waitingFor.entrySet().removeIf(entry -> entry.getValue().isOver() && acknowledged(entry.getKey()));
            if (!waitingFor.isEmpty()) {
                thread.schedule(this::lookSoon, POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (DataAccessException e) {
            log.warn("Freezes cannot be acknowledged now, it is tried again: {}", e.getMessage());
        }
    }

    private List<UUID> unacknowledged() {
        return jdbc.sql("select freeze_id from app.freeze_node where node = ? and acknowledged_at is null")
                .param(node.id())
                .query(UUID.class)
                .list();
    }

    private boolean acknowledged(UUID freeze) {
        jdbc.sql("update app.freeze_node set acknowledged_at = clock_timestamp() where freeze_id = ? and node = ?")
                .params(freeze, node.id())
                .update();
        return true;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
