package dev.claviger.credentials.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.claviger.credentials.api.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class GuardedHttpClientTest {

    private final List<AutoCloseable> open = new ArrayList<>();
    private final GuardedHttpClient client = new GuardedHttpClient(new OutboundSettings(List.of("127.0.0.1"), true));

    @AfterEach
    void close() throws Exception {
        client.close();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void answersWhateverTheStatus() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        URI uri = serve(socket -> {
            seen.add(requestOf(socket));
            write(socket, "HTTP/1.1 503 No\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 4\r\n\r\nlate");
        });
        OutboundResponse response = client.send(
                OutboundRequest.get(URI.create(uri + "/a?b=c%20d#fragment")).header("Authorization", "Bearer abc"));
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headerValues("X-A")).containsExactly("1", "2");
        assertThat(response.text()).isEqualTo("late");
        assertThat(seen.get(0))
                .startsWith("GET /a?b=c%20d HTTP/1.1\r\n")
                .contains("Host: 127.0.0.1:" + uri.getPort(), "User-Agent: Claviger/", "Authorization: Bearer abc")
                .doesNotContainIgnoringCase("accept-encoding")
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContainIgnoringCase("cookie")
                .doesNotContain("fragment");
    }

    @Test
    void followsNoRedirectAndKeepsNoCookie() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        URI uri = serve(socket -> {
            seen.add(requestOf(socket));
            write(
                    socket,
                    "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n"
                            + "Connection: close\r\n\r\n");
        });
        assertThat(client.send(OutboundRequest.get(uri)).status()).isEqualTo(302);
        assertThat(client.send(OutboundRequest.get(uri)).status()).isEqualTo(302);
        assertThat(seen).hasSize(2).noneMatch(request -> request.contains("Cookie") || request.contains("elsewhere"));
    }

    @Test
    void hangsUpOnAStreamThatStaysSilent() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nx");
            Thread.sleep(20_000);
        });
        Hangup hangup = new Hangup();
        long start = System.nanoTime();
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> client.stream(OutboundRequest.get(uri).until(hangup), (head, body) -> {
                    assertThat(body.read()).isEqualTo('x');
                    new Thread(hangup::hangUp).start();
                    return body.read();
                }));
        assertThat(hangup.isOver()).isTrue();
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> client.send(OutboundRequest.get(uri).until(hangup)));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void postsItsBodyOnce() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        URI uri = serve(socket -> {
            seen.add(requestOf(socket));
            write(socket, "HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer a=\"\r\nContent-Length: 0\r\n\r\n");
        });
        OutboundResponse response =
                client.send(OutboundRequest.post(uri, "application/x-www-form-urlencoded", "grant_type=x"));
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).contains("Bearer a=\"");
        assertThat(seen).singleElement().asString().endsWith("grant_type=x").contains("Content-Length: 12");
    }

    @Test
    void aSlowDripEndsAtTheTotalLimit() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            for (int i = 0; i < 1000; i++) {
                write(socket, "x");
                Thread.sleep(50);
            }
        });
        Unreachable e = unreachable(OutboundRequest.get(uri).timeout(Duration.ofMillis(600)));
        assertThat(e).hasMessage("127.0.0.1 did not answer completely within 0.6 s");
        assertThat(e.answerMayBeLost()).isTrue();
    }

    @Test
    void slowHeadersEndAtTheTotalLimit() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nX-Drip: ");
            for (int i = 0; i < 1000; i++) {
                write(socket, "x");
                Thread.sleep(50);
            }
        });
        assertThat(unreachable(OutboundRequest.get(uri).timeout(Duration.ofMillis(600)))
                        .answerMayBeLost())
                .isTrue();
    }

    @Test
    void aServerThatAcceptsAndSaysNothingEndsAtTheTotalLimit() throws Exception {
        URI uri = serve(socket -> Thread.sleep(60_000));
        assertThat(unreachable(OutboundRequest.get(uri).timeout(Duration.ofMillis(400)))
                        .answerMayBeLost())
                .isTrue();
    }

    @Test
    void anEndlessBodyEndsAtTheByteLimit() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            while (true) {
                write(socket, "0123456789".repeat(1000));
            }
        });
        Untrusted e = catchThrowableOfType(
                Untrusted.class, () -> client.send(OutboundRequest.get(uri).maxBytes(100_000)));
        assertThat(e.code()).isEqualTo(FailureCode.LIMIT_EXCEEDED);
        assertThat(e).hasMessage("127.0.0.1 answered with more than 100000 bytes");
    }

    @Test
    void aBodyOfExactlyTheLimitIsFine() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
        });
        assertThat(client.send(OutboundRequest.get(uri).maxBytes(10)).body()).hasSize(10);
        assertThatExceptionOfType(Untrusted.class)
                .isThrownBy(() -> client.send(OutboundRequest.get(uri).maxBytes(9)));
    }

    @Test
    void tooManyOrTooLongHeadersAreRefused() throws Exception {
        URI many = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(1000) + "\r\n");
        });
        URI wide = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nX: " + "y".repeat(100_000) + "\r\n\r\n");
        });
        for (URI uri : List.of(many, wide)) {
            Untrusted e = catchThrowableOfType(Untrusted.class, () -> client.send(OutboundRequest.get(uri)));
            assertThat(e.code()).isEqualTo(FailureCode.LIMIT_EXCEEDED);
        }
    }

    @Test
    void aRefusedConnectionLosesNothing() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        Unreachable e = unreachable(OutboundRequest.get(URI.create("http://127.0.0.1:" + port)));
        assertThat(e).hasMessage("127.0.0.1 cannot be reached on port " + port);
        assertThat(e.answerMayBeLost()).isFalse();
    }

    @Test
    void anAnswerCutShortMayBeLost() throws Exception {
        URI cut = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        });
        URI none = serve(GuardedHttpClientTest::requestOf);
        URI nonsense = serve(socket -> {
            requestOf(socket);
            write(socket, "SSH-2.0-pAyLoAd\r\n");
        });
        for (URI uri : List.of(cut, none, nonsense)) {
            Unreachable e = unreachable(OutboundRequest.get(uri));
            assertThat(e.answerMayBeLost()).isTrue();
            assertThat(e.getMessage()).doesNotContain("pAyLoAd");
        }
    }

    @Test
    void aFailureHiddenByTheParserIsStillOurs() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        });
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> client.stream(OutboundRequest.get(uri), (head, body) -> {
                    try {
                        return body.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
    }

    @Test
    void streamsAndClosesWhenTheReaderHasEnough() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
            Thread.sleep(60_000);
        });
        String first = client.stream(OutboundRequest.get(uri), (head, body) -> {
            assertThat(head.mediaType()).isEqualTo("text/event-stream");
            return new String(body.readNBytes(9), StandardCharsets.UTF_8);
        });
        assertThat(first).isEqualTo("data: 1\n\n");
    }

    @Test
    void doesNotReadOnToTheEndOfAChunkedStream() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
            Thread.sleep(60_000);
        });
        String first = client.stream(
                OutboundRequest.get(uri), (head, body) -> new String(body.readNBytes(9), StandardCharsets.UTF_8));
        assertThat(first).isEqualTo("data: 1\n\n");
        assertThatIllegalStateException()
                .isThrownBy(() -> client.stream(OutboundRequest.get(uri), (head, body) -> {
                    throw new IllegalStateException("enough");
                }));
    }

    @Test
    void aConnectionThatWentStaleCostsNothing() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        URI uri = serve(socket -> {
            connections.incrementAndGet();
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        for (int i = 0; i < 3; i++) {
            assertThat(client.send(OutboundRequest.get(uri)).text()).isEqualTo("ok");
            Thread.sleep(50);
        }
        assertThat(connections).hasValue(3);
    }

    @Test
    void connectsToTheAddressThatWasCheckedAndAsksOnce() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        AtomicInteger asked = new AtomicInteger();
        NameLookup rebinding = host ->
                new InetAddress[] {InetAddress.getByName(asked.incrementAndGet() == 1 ? "127.0.0.1" : "10.0.0.1")};
        try (GuardedHttpClient pinned =
                new GuardedHttpClient(new OutboundSettings(List.of("rebind.test", "127.0.0.0/8"), true), rebinding)) {
            URI named = URI.create("http://rebind.test:" + uri.getPort());
            assertThat(pinned.send(OutboundRequest.get(named)).text()).isEqualTo("ok");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void speaksToAnAddressOfTheSixthVersion() throws Exception {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress("::1", 0), 0);
        } catch (IOException e) {
            assumeTrue(false, "this machine has no IPv6");
            return;
        }
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        open.add(() -> server.stop(0));
        try (GuardedHttpClient guarded = new GuardedHttpClient(new OutboundSettings(List.of("::1"), true))) {
            URI uri = URI.create("http://[::1]:" + server.getAddress().getPort() + "/");
            assertThat(guarded.send(OutboundRequest.get(uri)).status()).isEqualTo(204);
        }
    }

    @Test
    void oneForbiddenAddressAmongSeveralCondemnsAll() throws Exception {
        NameLookup mixed =
                host -> new InetAddress[] {InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")};
        try (GuardedHttpClient guarded = new GuardedHttpClient(new OutboundSettings(List.of(), false), mixed)) {
            Untrusted e = catchThrowableOfType(
                    Untrusted.class, () -> guarded.send(OutboundRequest.get(URI.create("https://example.com"))));
            assertThat(e.code()).isEqualTo(FailureCode.UNSAFE_ADDRESS);
            assertThat(e).hasMessageContaining("example.com").hasMessageContaining("claviger.outbound.allow");
        }
    }

    @Test
    void triesTheNextAddressWhenTheFirstIsDead() throws Exception {
        URI uri = serve(socket -> {
            requestOf(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        NameLookup two =
                host -> new InetAddress[] {InetAddress.getByName("127.0.0.9"), InetAddress.getByName("127.0.0.1")};
        try (GuardedHttpClient guarded = new GuardedHttpClient(new OutboundSettings(List.of("two.test"), true), two)) {
            URI named = URI.create("http://two.test:" + uri.getPort());
            assertThat(guarded.send(OutboundRequest.get(named)).text()).isEqualTo("ok");
        }
    }

    @Test
    void aSlowNameLookupEndsAtTheTotalLimit() throws Exception {
        NameLookup slow = host -> {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[0];
        };
        try (GuardedHttpClient guarded = new GuardedHttpClient(new OutboundSettings(List.of(), false), slow)) {
            assertThatExceptionOfType(Unreachable.class)
                    .isThrownBy(() -> guarded.send(OutboundRequest.get(URI.create("https://example.com"))
                            .timeout(Duration.ofMillis(200))))
                    .withMessage("The name example.com could not be looked up in time");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://localhost/",
                "https://[::1]/",
                "https://2130706433/",
                "https://127.1/",
                "https://0x7f000001/",
                "https://017700000001/",
                "https://[::ffff:127.0.0.1]/",
                "https://169.254.169.254/",
                "http://example.com/",
                "http://8.8.8.8/",
                "https://user:pass@example.com/",
                "https://user@8.8.8.8/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "data:text/html,x",
                "https:///path",
                "https://8.8.8.8:0/",
                "https://8.8.8.8:99999/",
                "/relative",
                "https://8.8.8.8//double"
            })
    void refusesWithoutCallingAnybody(String url) throws Exception {
        try (GuardedHttpClient strict = new GuardedHttpClient(new OutboundSettings(List.of(), false))) {
            // A form that neither we nor the resolver can read has no address at all.
            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() ->
                            strict.send(OutboundRequest.get(URI.create(url)).timeout(Duration.ofSeconds(5))))
                    .satisfies(e -> assertThat(e).isInstanceOfAny(Untrusted.class, Unreachable.class));
        }
    }

    @Test
    void plainHttpNeedsLoopbackThatIsAllowed() throws Exception {
        NameLookup inside = host -> new InetAddress[] {InetAddress.getByName("10.0.0.1")};
        try (GuardedHttpClient guarded =
                new GuardedHttpClient(new OutboundSettings(List.of("10.0.0.0/8", "intern"), true), inside)) {
            assertThatExceptionOfType(Untrusted.class)
                    .isThrownBy(() -> guarded.send(OutboundRequest.get(URI.create("http://intern/"))))
                    .withMessage("The URL of intern must begin with https://");
        }
        try (GuardedHttpClient unlisted = new GuardedHttpClient(new OutboundSettings(List.of(), true))) {
            assertThatExceptionOfType(Untrusted.class)
                    .isThrownBy(() -> unlisted.check(URI.create("http://127.0.0.1/")));
        }
        client.check(URI.create("http://127.0.0.1:1/"));
        client.check(URI.create("https://example.com/"));
    }

    @Test
    void aCertificateOfNobodyIsRefused(@TempDir Path directory) throws Exception {
        Path store = directory.resolve("self-signed.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), "changeit".toCharArray()), "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.start();
        open.add(() -> server.stop(0));
        Untrusted e = catchThrowableOfType(
                Untrusted.class,
                () -> client.send(OutboundRequest.get(
                        URI.create("https://127.0.0.1:" + server.getAddress().getPort()))));
        assertThat(e.code()).isEqualTo(FailureCode.CERTIFICATE_NOT_TRUSTED);
    }

    @Test
    void reusesAConnection() throws Exception {
        List<Integer> ports = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            ports.add(exchange.getRemoteAddress().getPort());
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'o', 'k'});
            exchange.close();
        });
        server.start();
        open.add(() -> server.stop(0));
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        for (int i = 0; i < 3; i++) {
            assertThat(client.send(OutboundRequest.get(uri)).text()).isEqualTo("ok");
        }
        assertThat(ports).hasSize(3).containsOnly(ports.get(0));
    }

    @Test
    void headersCannotForgeTheFraming() {
        URI uri = URI.create("http://127.0.0.1:1/");
        for (String name : List.of("Host", "Content-Length", "transfer-encoding", "a b", "x\r\ny")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.send(OutboundRequest.get(uri).header(name, "v")));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.send(OutboundRequest.get(uri).header("X-A", "s3cret\r\nX-B: c")))
                .withMessageNotContaining("s3cret");
    }

    private Unreachable unreachable(OutboundRequest request) {
        Unreachable e = catchThrowableOfType(Unreachable.class, () -> client.send(request));
        assertThat(e).isNotNull();
        return e;
    }

    private interface Behaviour {
        void answer(Socket socket) throws Exception;
    }

    /** Serves each connection with the behaviour and closes it afterwards. */
    private URI serve(Behaviour behaviour) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        var threads = Executors.newCachedThreadPool();
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    threads.execute(() -> {
                        try (socket) {
                            behaviour.answer(socket);
                        } catch (Exception e) {
                            // the client went away, which is what most of these tests want
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

    private static String requestOf(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                return text.toString();
            }
            text.append((char) c);
        }
        int at = text.indexOf("Content-Length: ");
        if (at >= 0) {
            int length = Integer.parseInt(text.substring(at + 16, text.indexOf("\r\n", at)));
            text.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
