package dev.claviger.connectors;

import com.samskivert.mustache.Mustache;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.ConsentLink;
import dev.claviger.oauth.api.AuthorizationQuery.FindConsent;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells open wait pages of this node how their attempts come on, as server-sent events. One poller of the projection
 * serves all of them, so that it works whichever node does the work and no page holds a thread.
 */
@Component
class ConnectionStream implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionStream.class);
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final long TICK = Duration.ofSeconds(1).toNanos();
    private static final long SIGN_OF_LIFE = Duration.ofSeconds(15).toNanos();

    /** An open page; it is told only what differs from what it was told last. */
    private static final class Listener {
        final ConnectionId connection;
        final SseEmitter emitter;
        final String boundTo;

        @Nullable
        ConnectionProgress last;

        long lastSent = System.nanoTime();

        Listener(ConnectionId connection, SseEmitter emitter, String boundTo) {
            this.connection = connection;
            this.emitter = emitter;
            this.boundTo = boundTo;
        }
    }

    private final Answers answers;
    private final HelpTexts help;
    private final Mustache.Compiler templates;
    private final Clock clock;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable ScheduledExecutorService poller;

    ConnectionStream(Answers answers, HelpTexts help, Mustache.Compiler templates, Clock clock) {
        this.answers = answers;
        this.help = help;
        this.templates = templates;
        this.clock = clock;
    }

    /** @param boundTo who looks, to tell whether it is they who can consent */
    SseEmitter listen(ConnectionId connection, String boundTo) {
        SseEmitter emitter = new SseEmitter(LIFETIME.toMillis());
        Listener listener = new Listener(connection, emitter, boundTo);
        emitter.onCompletion(() -> listeners.remove(listener));
        emitter.onTimeout(emitter::complete);
        emitter.onError(error -> listeners.remove(listener));
        listeners.add(listener);
        return emitter;
    }

    private void poll() {
        try {
            Map<ConnectionId, List<Listener>> byConnection =
                    listeners.stream().collect(Collectors.groupingBy(listener -> listener.connection));
            byConnection.forEach((connection, waiting) -> {
                Optional<ConnectionProgress> progress =
                        answers.maybe(new FindConnection(connection), ConnectionProgress.class);
                waiting.forEach(listener -> progress.ifPresent(now -> tell(listener, now)));
            });
        } catch (RuntimeException e) {
            LOG.warn("Wait pages could not be told how their connections come on; trying again", e);
        }
    }

    private void tell(Listener listener, ConnectionProgress progress) {
        try {
            long silence = System.nanoTime() - listener.lastSent;
            if (!progress.equals(listener.last) || isTicking(progress) && silence > TICK) {
                listener.emitter.send(SseEmitter.event().data(fragment(progress, listener.boundTo)));
                listener.last = progress;
                listener.lastSent = System.nanoTime();
            } else if (silence > SIGN_OF_LIFE) {
                listener.emitter.send(SseEmitter.event().comment("still here"));
                listener.lastSent = System.nanoTime();
            }
            if (ConnectionPanel.isOver(progress)
                    || progress.state() == ConnectionState.AWAITING_APPROVAL
                    || progress.state() == ConnectionState.AWAITING_ACCOUNT) {
                listeners.remove(listener);
                listener.emitter.send(SseEmitter.event().name("done").data(""));
                listener.emitter.complete();
            }
        } catch (IOException | IllegalStateException e) {
            listeners.remove(listener);
            LOG.debug("A wait page was closed");
        }
    }

    /** Whether the page shows the time that a step under way has taken so far. */
    private static boolean isTicking(ConnectionProgress progress) {
        return progress.state() == ConnectionState.RUNNING;
    }

    private String fragment(ConnectionProgress progress, String boundTo) {
        boolean mine = progress.state() == ConnectionState.AWAITING_CONSENT
                && answers.maybe(
                                new FindConsent(
                                        new AuthorizationId(
                                                progress.connectionId().value()),
                                        boundTo),
                                ConsentLink.class)
                        .isPresent();
        ConnectionPanel panel = ConnectionPanel.of(progress, help, clock.instant(), mine, false);
        String self = "/connections/" + panel.uuid();
        // A question has a form, which this page does not hold yet.
        String go = panel.go() == null && (panel.over() || panel.approval() != null) ? self : panel.go();
        return templates
                .loadTemplate("connectors/progress")
                .execute(go == null ? Map.of("panel", panel) : Map.of("panel", panel, "go", go));
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "wait-pages");
            thread.setDaemon(true);
            return thread;
        });
        started.scheduleWithFixedDelay(this::poll, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        poller = started;
    }

    /** Open pages would hold up a graceful shutdown; their browsers come back by themselves. */
    @Override
    public void stop() {
        ScheduledExecutorService running = poller;
        if (running != null) {
            running.shutdownNow();
            poller = null;
        }
        listeners.forEach(listener -> listener.emitter.complete());
    }

    @Override
    public boolean isRunning() {
        return poller != null;
    }
}
