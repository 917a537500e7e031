package dev.claviger.credentials.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Apache HttpClient with everything clever switched off: no redirects, cookies, retries, proxies, decoding or upgrades. */
final class PlainTransport {

    /** Authentication is off because its handling would log the other side's challenges. */
    static final RequestConfig CONFIG = RequestConfig.custom()
            .setRedirectsEnabled(false)
            .setAuthenticationEnabled(false)
            .setContentCompressionEnabled(false)
            .setProtocolUpgradeEnabled(false)
            .setExpectContinueEnabled(false)
            .setConnectionKeepAlive(TimeValue.ofSeconds(20))
            .build();

    private static final String SENT = PlainTransport.class.getName() + ".sent";
    private static final int MOST_CONNECTIONS = 256;
    private static final int MOST_CONNECTIONS_PER_HOST = 32;
    private static final int LONGEST_HEADER_LINE = 16 * 1024;
    private static final int MOST_HEADERS = 100;
    /** Of 1xx responses before the one that counts; without a limit they keep a processor busy until the time is up. */
    private static final int MOST_HINTS = 20;

    private PlainTransport() {}

    static CloseableHttpClient create(Duration connectTimeout) {
        Timeout connect = Timeout.of(connectTimeout);
        Http1Config limits = Http1Config.custom()
                .setMaxLineLength(LONGEST_HEADER_LINE)
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxEmptyLineCount(3)
                .build();
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new NoNames())
                        .setConnectionFactory(new CleanConnections(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(limits)
                                .build()))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                // A connection that was closed meanwhile must not cost a one-shot request its answer.
                                .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                                .setTimeToLive(TimeValue.ofMinutes(5))
                                .build())
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setHandshakeTimeout(connect)
                                .setSupportedProtocols(TLS.V_1_2, TLS.V_1_3)
                                .build())
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setMaxConnPerRoute(MOST_CONNECTIONS_PER_HOST)
                        .build())
                .setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE))
                .setRequestExecutor(new Noting())
                .setDefaultRequestConfig(CONFIG)
                .setUserAgent("Claviger/" + version())
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .evictExpiredConnections()
                .evictIdleConnections(TimeValue.ofSeconds(30))
                .build();
    }

    /** Whether a byte of the request may have left. */
    static boolean mayHaveSent(HttpClientContext context) {
        return context.getAttribute(SENT) != null;
    }

    private static String version() {
        String version = PlainTransport.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** The address is in the route; a look-up here would be a second one, and could answer differently. */
    private static final class NoNames implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new UnknownHostException("Names are resolved before");
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            throw new UnknownHostException("Names are resolved before");
        }
    }

    /** Notes that the connection stands and writing begins. */
    private static final class Noting extends HttpRequestExecutor {
        @Override
        public ClassicHttpResponse execute(
                ClassicHttpRequest request,
                HttpClientConnection connection,
                HttpResponseInformationCallback informationCallback,
                HttpContext context)
                throws IOException, HttpException {
            context.setAttribute(SENT, true);
            AtomicInteger hints = new AtomicInteger();
            return super.execute(
                    request,
                    connection,
                    (hint, same, where) -> {
                        if (hints.incrementAndGet() > MOST_HINTS) {
                            throw new ProtocolException("Too many interim responses");
                        }
                    },
                    context);
        }
    }
}
