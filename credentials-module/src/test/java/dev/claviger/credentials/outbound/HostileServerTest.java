package dev.claviger.credentials.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.FailureCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that speak what is not, or just barely, HTTP: each ends soon, with words of ours, and leaves nothing behind. */
@Timeout(60)
class HostileServerTest {

    private static final Duration LIMIT = Duration.ofMillis(700);
    private static final int BYTES = 100_000;
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String SAID = "pAyLoAd";

    interface Behaviour {
        void answer(Socket socket) throws Exception;
    }

    /** @param quick whether it ends before the time is up */
    private record Hostile(Behaviour behaviour, Class<? extends RuntimeException> finding, boolean quick) {}

    private static final Map<String, Hostile> HOSTILE = new LinkedHashMap<>();

    static {
        slow("says nothing", socket -> sleep());
        slow("drips its status line", socket -> drip(socket, "H"));
        slow("drips its headers", socket -> {
            write(socket, OK + "X-" + SAID + ": ");
            drip(socket, "x");
        });
        slow("drips its body", socket -> {
            write(socket, OK + "Content-Length: 100000\r\n\r\n");
            drip(socket, "x");
        });
        slow("drips chunks", socket -> {
            write(socket, OK + "Transfer-Encoding: chunked\r\n\r\n");
            drip(socket, "1\r\nx\r\n");
        });
        slow("drips a chunk's size", socket -> {
            write(socket, OK + "Transfer-Encoding: chunked\r\n\r\n");
            drip(socket, "0");
        });
        slow("never ends its trailers", socket -> {
            write(socket, OK + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n");
            drip(socket, "X: y\r\n");
        });
        slow("promises more than it sends and waits", socket -> {
            write(socket, OK + "Content-Length: 10\r\n\r\nx");
            sleep();
        });
        slow("closes its half without a word and waits", socket -> {
            write(socket, OK + "Content-Length: 10\r\n\r\nx");
            drip(socket, "");
        });
        slow("drips 1xx answers", socket -> drip(socket, "HTTP/1.1 100 Continue\r\n\r\n"));
        untrusted("sends a body without end", socket -> {
            write(socket, OK + "Connection: close\r\n\r\n");
            flood(socket, "0123456789".repeat(100));
        });
        untrusted("sends chunks without end", socket -> {
            write(socket, OK + "Transfer-Encoding: chunked\r\n\r\n");
            flood(socket, "a\r\n0123456789\r\n");
        });
        untrusted(
                "sends more than it may",
                socket -> write(socket, OK + "Content-Length: 200000\r\n\r\n" + "x".repeat(200_000)));
        untrusted("sends a header without end", socket -> {
            write(socket, OK + "X: ");
            flood(socket, SAID.repeat(100));
        });
        untrusted("sends headers without end", socket -> {
            write(socket, OK);
            flood(socket, "X: " + SAID + "\r\n");
        });
        untrusted("sends a status line without end", socket -> flood(socket, "HTTP/1.1 200 " + SAID));
        untrusted("sends a folded header without end", socket -> {
            write(socket, OK + "X: y\r\n");
            flood(socket, " " + SAID + "\r\n");
        });
        untrusted("sends a chunk extension without end", socket -> {
            write(socket, OK + "Transfer-Encoding: chunked\r\n\r\n1;");
            flood(socket, SAID);
        });
        unreachable("floods with 1xx answers", socket -> flood(socket, "HTTP/1.1 103 Early Hints\r\n\r\n"));
        unreachable(
                "switches protocols unasked",
                socket -> flood(socket, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + SAID + "\r\n\r\n"));
        unreachable("closes at once", socket -> {});
        unreachable("resets the connection", socket -> socket.setSoLinger(true, 0));
        unreachable("closes in the status line", socket -> write(socket, "HTTP/1.1 2"));
        unreachable("closes in the headers", socket -> write(socket, OK + "Content-Le"));
        unreachable("closes in the body", socket -> write(socket, OK + "Content-Length: 100\r\n\r\n" + SAID));
        unreachable(
                "closes in a chunk", socket -> write(socket, OK + "Transfer-Encoding: chunked\r\n\r\nff\r\n" + SAID));
        unreachable(
                "closes between chunks",
                socket -> write(socket, OK + "Transfer-Encoding: chunked\r\n\r\n7\r\n" + SAID + "\r\n"));
        unreachable("closes its half in the body", socket -> {
            write(socket, OK + "Content-Length: 100\r\n\r\n" + SAID);
            socket.shutdownOutput();
            sleep();
        });
        unreachable("speaks SSH", socket -> write(socket, "SSH-2.0-" + SAID + "\r\n"));
        unreachable("sends a negative length", socket -> write(socket, OK + "Content-Length: -5\r\n\r\n" + SAID));
        unreachable(
                "sends a length that is no number",
                socket -> write(socket, OK + "Content-Length: " + SAID + "\r\n\r\n"));
        unreachable(
                "sends two lengths",
                socket -> write(socket, OK + "Content-Length: 3\r\nContent-Length: 7\r\n\r\n" + SAID));
        unreachable(
                "sends a chunk of a size that is no number",
                socket -> write(socket, OK + "Transfer-Encoding: chunked\r\n\r\n" + SAID + "\r\n"));
        unreachable(
                "sends a chunk of negative size",
                socket -> write(socket, OK + "Transfer-Encoding: chunked\r\n\r\n-1\r\n" + SAID + "\r\n"));
        unreachable(
                "sends a transfer encoding that nobody knows",
                socket -> write(socket, OK + "Transfer-Encoding: " + SAID + "\r\n\r\nx"));
        untrusted(
                "sends a status that is no number",
                socket -> write(socket, "HTTP/1.1 " + SAID + " OK\r\nContent-Length: 0\r\n\r\n"));
        unreachable("speaks HTTP of another age", socket -> write(socket, "HTTP/9.9 200 OK\r\n\r\n" + SAID));
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private final GuardedHttpClient client = new GuardedHttpClient(new OutboundSettings(List.of("127.0.0.1"), true));

    static Stream<String> hostile() {
        return HOSTILE.keySet().stream();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void endsSoonWithAFindingOfOurs(String name) throws Exception {
        Hostile hostile = HOSTILE.get(name);
        RuntimeException e = finding(serve(hostile.behaviour()), hostile);
        assertThat(e.getMessage()).startsWith("127.0.0.1 ").doesNotContain(SAID);
        assertThat(e.getCause()).as("a cause would repeat what was received").isNull();
        if (e instanceof Unreachable unreachable) {
            assertThat(unreachable.answerMayBeLost()).isTrue();
        }
        if (e instanceof Untrusted untrusted) {
            assertThat(untrusted.code()).isEqualTo(FailureCode.LIMIT_EXCEEDED);
        }
    }

    /** A connection that stayed leased would be missed by the 33rd request, a thread that stayed would be seen. */
    @Test
    void leavesNoThreadAndNoConnectionBehind() throws Exception {
        URI nice = serve(socket -> write(socket, OK + "Content-Length: 2\r\n\r\nok"));
        assertThat(client.send(OutboundRequest.get(nice)).text()).isEqualTo("ok");
        List<Hostile> quick = HOSTILE.values().stream().filter(Hostile::quick).toList();
        URI anything = serve(socket -> {
            int port = socket.getPort();
            quick.get(port % quick.size()).behaviour().answer(socket);
        });
        int before = ourThreads();
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            calls.add(callers.submit(() -> {
                try {
                    client.send(OutboundRequest.get(anything).maxBytes(BYTES).timeout(Duration.ofSeconds(5)));
                } catch (Unreachable | Untrusted e) {
                    assertThat(e.getMessage()).doesNotContain("Too many");
                }
            }));
        }
        for (Future<?> call : calls) {
            call.get(30, TimeUnit.SECONDS);
        }
        callers.shutdown();
        assertThat(callers.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        // Names are looked up on threads that wait a while for the next caller.
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ourThreads() <= before + 8);
        assertThat(client.send(OutboundRequest.get(nice)).text()).isEqualTo("ok");
    }

    /** Nothing is unpacked, so nothing can blow up; what arrives is what was sent, within the limit. */
    @Test
    void aCompressionBombStaysPacked() throws Exception {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(inner)) {
            zip.write(new byte[20 * 1024 * 1024]);
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(packed)) {
            zip.write(inner.toByteArray());
        }
        for (String encoding : List.of("gzip", "gzip, gzip", "br", "deflate", "zstd", "x-gzip")) {
            URI uri = serve(socket -> {
                write(
                        socket,
                        OK + "Content-Type: application/json\r\nContent-Encoding: " + encoding + "\r\nContent-Length: "
                                + packed.size() + "\r\n\r\n");
                socket.getOutputStream().write(packed.toByteArray());
            });
            assertThat(client.send(OutboundRequest.get(uri)).body()).isEqualTo(packed.toByteArray());
        }
    }

    /** What a server sends behind an answer must not be taken for the answer to the next request. */
    @Test
    void nothingBehindAnAnswerAnswersTheNextRequest() throws Exception {
        String forged = OK + "Content-Length: 6\r\n\r\nforged";
        URI uri = serve(socket -> {
            write(socket, OK + "Content-Length: 2\r\n\r\nok" + forged);
            requestOf(socket);
            write(socket, OK + "Content-Length: 2\r\n\r\nok");
            sleep();
        });
        for (int i = 0; i < 3; i++) {
            assertThat(client.send(OutboundRequest.get(uri)).text()).isEqualTo("ok");
            Thread.sleep(20);
        }
    }

    @Test
    void hintsBeforeTheAnswerAreSkipped() throws Exception {
        URI uri = serve(socket -> write(
                socket,
                "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(3) + OK + "Content-Length: 2\r\n\r\nok"));
        assertThat(client.send(OutboundRequest.get(uri)).text()).isEqualTo("ok");
    }

    @Test
    void aRedirectInsideIsNotFollowed() throws Exception {
        for (int status : List.of(301, 302, 303, 307, 308)) {
            URI uri = serve(socket -> write(
                    socket,
                    "HTTP/1.1 " + status
                            + " Go\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n"));
            OutboundResponse response = client.send(OutboundRequest.get(uri).timeout(Duration.ofSeconds(5)));
            assertThat(response.status()).isEqualTo(status);
        }
    }

    private RuntimeException finding(URI uri, Hostile hostile) {
        Duration limit = hostile.quick() ? Duration.ofSeconds(10) : LIMIT;
        long begin = System.nanoTime();
        try {
            client.send(OutboundRequest.get(uri).maxBytes(BYTES).timeout(limit));
        } catch (RuntimeException e) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(hostile.quick() ? Duration.ofSeconds(5) : LIMIT.plusSeconds(2));
            assertThat(e).isInstanceOf(hostile.finding());
            return e;
        }
        throw new AssertionError("It was taken for an answer");
    }

    private static int ourThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("outbound-")
                        || thread.getName().startsWith("httpclient")
                        || thread.getName().startsWith("pool-"))
                .filter(thread -> !thread.getName().contains("hostile"))
                .count();
    }

    private static void slow(String name, Behaviour behaviour) {
        HOSTILE.put(name, new Hostile(behaviour, Unreachable.class, false));
    }

    private static void untrusted(String name, Behaviour behaviour) {
        HOSTILE.put(name, new Hostile(behaviour, Untrusted.class, true));
    }

    private static void unreachable(String name, Behaviour behaviour) {
        HOSTILE.put(name, new Hostile(behaviour, Unreachable.class, true));
    }

    /** Serves each connection with the behaviour, once its request has come, and closes it afterwards. */
    private URI serve(Behaviour behaviour) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        ExecutorService threads = Executors.newCachedThreadPool(runnable -> new Thread(runnable, "hostile"));
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    threads.execute(() -> {
                        try (socket) {
                            requestOf(socket);
                            behaviour.answer(socket);
                        } catch (Exception e) {
                            // The client went away, which is what it should.
                        }
                    });
                } catch (IOException e) {
                    return;
                }
            }
        });
        open.add(server);
        open.add(threads::shutdownNow);
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private static void requestOf(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("gone");
            }
            text.append((char) c);
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static void drip(Socket socket, String text) throws Exception {
        for (int i = 0; i < 1_000; i++) {
            write(socket, text);
            Thread.sleep(30);
        }
    }

    private static void flood(Socket socket, String text) throws IOException {
        byte[] much = text.repeat(1 + 8_000 / text.length()).getBytes(StandardCharsets.ISO_8859_1);
        while (true) {
            socket.getOutputStream().write(much);
        }
    }

    private static void sleep() throws InterruptedException {
        Thread.sleep(60_000);
    }
}
