package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The client that trusts nobody: it resolves a name once, checks every address, and connects to exactly that address; a
 * timer closes the connection when the time is up, however slowly the other side drips.
 */
final class GuardedHttpClient implements OutboundClient, AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_ADDRESSES_TRIED = 3;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    /** These belong to the connection; setting them would let a custom header forge the framing of a request. */
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "keep-alive");

    private final Resolver resolver;
    private final CloseableHttpClient http;
    private final ScheduledThreadPoolExecutor timer;

    GuardedHttpClient(OutboundSettings settings) {
        this(settings, InetAddress::getAllByName);
    }

    GuardedHttpClient(OutboundSettings settings, NameLookup lookup) {
        resolver = new Resolver(new AddressGuard(settings.allow()), settings.allowHttp(), lookup);
        http = PlainTransport.create(CONNECT_TIMEOUT);
        timer = new ScheduledThreadPoolExecutor(1, runnable -> {
            Thread thread = new Thread(runnable, "outbound-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public OutboundResponse send(OutboundRequest request) {
        return stream(
                request, (head, body) -> new OutboundResponse(head.status(), head.headers(), body.readAllBytes()));
    }

    @Override
    public void check(URI uri) {
        resolver.check(Target.of(uri));
    }

    @Override
    public <T> T stream(OutboundRequest request, Reader<T> reader) {
        Target target = Target.of(request.uri());
        resolver.check(target);
        Deadline deadline = Deadline.in(request.timeout());
        List<InetAddress> addresses = resolver.resolve(target, deadline);
        Unreachable last = null;
        for (InetAddress address : addresses.subList(0, Math.min(MOST_ADDRESSES_TRIED, addresses.size()))) {
            try {
                return exchange(request, target, address, deadline, reader);
            } catch (NotConnected e) {
                last = new Unreachable(e.words, false, null);
                if (deadline.passed()) {
                    break;
                }
            }
        }
        throw last == null ? new Unreachable(target.host() + " has no address", false, null) : last;
    }

    private <T> T exchange(
            OutboundRequest request, Target target, InetAddress address, Deadline deadline, Reader<T> reader)
            throws NotConnected {
        HttpUriRequestBase message = message(request, deadline);
        HttpClientContext context = HttpClientContext.create();
        AtomicBoolean timeIsUp = new AtomicBoolean();
        ScheduledFuture<?> alarm = timer.schedule(
                () -> {
                    timeIsUp.set(true);
                    message.cancel();
                },
                deadline.left().toNanos(),
                TimeUnit.NANOSECONDS);
        Hangup hangup = request.hangup();
        if (hangup != null) {
            hangup.begins(message::cancel);
        }
        ClassicHttpResponse response = null;
        BoundedBody body = null;
        HttpHost host = new HttpHost(target.scheme(), address, target.host(), target.port());
        try {
            response = http.executeOpen(host, message, context);
            body = new BoundedBody(
                    response.getEntity() == null
                            ? InputStream.nullInputStream()
                            : response.getEntity().getContent(),
                    request.maxBytes());
            return reader.read(head(response), body);
        } catch (IOException e) {
            throw translate(e, request, target, context, timeIsUp);
        } catch (RuntimeException e) {
            if (response == null && message.isCancelled()) {
                // The library stumbles when it is cancelled between two steps of connecting.
                throw translate(new IOException("Cancelled", e), request, target, context, timeIsUp);
            }
            IOException hidden = body == null ? null : body.failure();
            if (hidden != null && isCausedBy(e, hidden)) {
                throw translate(hidden, request, target, context, timeIsUp);
            }
            throw e;
        } finally {
            alarm.cancel(false);
            if (hangup != null) {
                hangup.ends();
            }
            if (body != null && !body.ended()) {
                // Closing the response would read a chunked body on to its end; an event stream may have none.
                message.cancel();
            }
            Closer.closeQuietly(response);
        }
    }

    private static RuntimeException translate(
            IOException e, OutboundRequest request, Target target, HttpClientContext context, AtomicBoolean timeIsUp)
            throws NotConnected {
        boolean sent = PlainTransport.mayHaveSent(context);
        if (e instanceof BoundedBody.OverLimit) {
            return new Untrusted(
                    FailureCode.LIMIT_EXCEEDED,
                    target.host() + " answered with more than " + request.maxBytes() + " bytes");
        }
        if (timeIsUp.get()) {
            return new Unreachable(
                    target.host() + " did not answer completely within "
                            + request.timeout().toMillis() / 1000.0 + " s",
                    sent,
                    null);
        }
        Failures.Words words = Failures.inWords(e, target);
        if (words.code() != null) {
            return new Untrusted(words.code(), words.text());
        }
        if (!sent) {
            throw new NotConnected(words.text());
        }
        return new Unreachable(words.text(), true, null);
    }

    private static HttpUriRequestBase message(OutboundRequest request, Deadline deadline) {
        HttpUriRequestBase message = new HttpUriRequestBase(request.method(), request.uri());
        request.headers().forEach((name, value) -> message.setHeader(checkedName(name), checkedValue(name, value)));
        byte[] body = request.body();
        if (body != null) {
            message.setEntity(new ByteArrayEntity(body, null));
        }
        Timeout left = Timeout.ofMilliseconds(deadline.leftMillisAtMost(request.timeout()));
        message.setConfig(RequestConfig.copy(PlainTransport.CONFIG)
                .setConnectionRequestTimeout(left)
                .setResponseTimeout(left)
                .build());
        return message;
    }

    private static String checkedName(String name) {
        if (!TOKEN.matcher(name).matches() || OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("A request cannot carry a header of that name; choose another");
        }
        return name;
    }

    private static String checkedValue(String name, Secret value) {
        String text = value.reveal();
        if (text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 127 || c > 255)) {
            throw new IllegalArgumentException(
                    "The value of header " + name + " contains a line break or another character that cannot be sent");
        }
        return text;
    }

    private static OutboundResponse head(ClassicHttpResponse response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        return new OutboundResponse(response.getCode(), headers, new byte[0]);
    }

    private static boolean isCausedBy(@Nullable Throwable e, IOException cause) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t == cause) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        timer.shutdownNow();
        resolver.close();
        http.close();
    }

    /** No byte of the request left: another address of the same name may be tried. */
    private static final class NotConnected extends Exception {
        private final String words;

        NotConnected(String words) {
            super(words, null, false, false);
            this.words = words;
        }
    }
}
