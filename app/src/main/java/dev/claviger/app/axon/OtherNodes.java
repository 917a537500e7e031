package dev.claviger.app.axon;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Tells other processes of new events and hears of theirs, by NOTIFY and LISTEN on two connections of its own. Wakes the
 * streams once a second anyway: a notification may be lost, an event may not.
 */
@Component
class OtherNodes implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OtherNodes.class);
    private static final String CHANNEL = "claviger_events";
    private static final String FREEZES = "claviger_freezes";
    private static final int LISTEN_MILLIS = 1_000;
    // One NOTIFY for all commits of a moment: one per commit costs more than half of the throughput.
    private static final int DEBOUNCE_MILLIS = 10;

    private final JdbcConnectionDetails database;
    private final WakeUps wakeUps;
    private final Node node;
    private final BlockingQueue<Boolean> untold = new ArrayBlockingQueue<>(1);
    private volatile boolean running;

    OtherNodes(JdbcConnectionDetails database, WakeUps wakeUps, Node node) {
        this.database = database;
        this.wakeUps = wakeUps;
        this.node = node;
        wakeUps.tellOtherNodesBy(() -> untold.offer(true));
    }

    @Override
    public void start() {
        running = true;
        begin("events-listen", this::listen);
        begin("events-notify", this::tell);
    }

    @Override
    public void stop() {
        running = false;
        untold.offer(true);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void begin(String name, Work work) {
        Thread thread = new Thread(() -> keepDoing(work), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void keepDoing(Work work) {
        while (running) {
            try (Connection connection = connect()) {
                work.on(connection);
            } catch (SQLException e) {
                if (running) {
                    log.warn("Waking of other processes is interrupted, they look by themselves: {}", e.getMessage());
                    wakeUps.wakeStreams();
                    pause(LISTEN_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen " + CHANNEL);
            statement.execute("listen " + FREEZES);
        }
        PGConnection postgres = connection.unwrap(PGConnection.class);
        while (running) {
            PGNotification @Nullable [] heard = postgres.getNotifications(LISTEN_MILLIS);
            if (heard == null || heard.length == 0 || isForeign(heard)) {
                wakeUps.wakeStreams();
            }
            if (heard != null && isOfFreezes(heard)) {
                node.freezesMayHaveChanged();
            }
        }
    }

    private static boolean isOfFreezes(PGNotification[] heard) {
        for (PGNotification notification : heard) {
            if (FREEZES.equals(notification.getName())) {
                return true;
            }
        }
        return false;
    }

    private boolean isForeign(PGNotification[] heard) {
        for (PGNotification notification : heard) {
            if (!node.id().equals(notification.getParameter())) {
                return true;
            }
        }
        return false;
    }

    private void tell(Connection connection) throws SQLException, InterruptedException {
        try (PreparedStatement notify = connection.prepareStatement("select pg_notify(?, ?)")) {
            notify.setString(1, CHANNEL);
            notify.setString(2, node.id());
            while (running) {
                untold.take();
                Thread.sleep(DEBOUNCE_MILLIS);
                untold.clear();
                notify.execute();
            }
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        String username = database.getUsername();
        String password = database.getPassword();
        if (username != null) {
            properties.setProperty("user", username);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", "5");
        return DriverManager.getConnection(database.getJdbcUrl(), properties);
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work {
        void on(Connection connection) throws SQLException, InterruptedException;
    }
}
