package dev.claviger.demoprovider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** One HTTP server on a loopback port that records each request before it hands it on. */
final class Web implements AutoCloseable {

    static {
        // Without this the JDK's server waits 40 ms for an acknowledgement between headers and body.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    /** Those that were given out by this process. */
    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "demo-provider");
        thread.setDaemon(true);
        return thread;
    });
    private final URI origin;

    private Web(HttpServer server) {
        this.server = server;
        this.origin = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Listens on the port; 0: a free one. */
    static Web listen(int port) {
        try {
            return new Web(port == 0 ? atNewPort() : at(port));
        } catch (IOException taken) {
            throw new UncheckedIOException(
                    "Port " + port + " is taken; stop what listens there or give another.", taken);
        }
    }

    /**
     * A port of which nobody here has heard before: to whoever remembers an address, a client registered there for example,
     * another provider at the same port would be the former one with a bad memory.
     */
    private static HttpServer atNewPort() throws IOException {
        List<HttpServer> refused = new ArrayList<>();
        try {
            while (true) {
                HttpServer server = at(0);
                if (PORTS.add(server.getAddress().getPort())) {
                    return server;
                }
                refused.add(server);
            }
        } finally {
            // One that never began to serve would keep its port.
            refused.forEach(HttpServer::start);
            refused.forEach(server -> server.stop(0));
        }
    }

    private static HttpServer at(int port) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        return HttpServer.create(new InetSocketAddress(loopback, port), 0);
    }

    void serve(Consumer<Recorded> recorder, Handler handler) {
        server.createContext("/", exchange -> {
            try {
                Recorded request = read(exchange);
                recorder.accept(request);
                handler.handle(new Call(exchange, request, origin));
            } catch (RuntimeException bug) {
                exchange.sendResponseHeaders(500, -1);
                throw bug;
            } finally {
                exchange.close();
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    private static Recorded read(HttpExchange exchange) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        String query = exchange.getRequestURI().getRawQuery();
        return new Recorded(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                query == null ? "" : query,
                Map.copyOf(headers),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                Instant.now());
    }

    URI origin() {
        return origin;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** Answers one request. */
    interface Handler {
        void handle(Call call) throws IOException;
    }
}
