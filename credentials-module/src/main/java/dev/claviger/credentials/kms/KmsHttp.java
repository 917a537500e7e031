package dev.claviger.credentials.kms;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Posts JSON and reads JSON: one request, a time limit over all of it, a small answer, no redirect followed. */
final class KmsHttp {

    static final int MOST_BYTES = 64 * 1024;

    private static final int MOST_WORDS = 200;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client;
    private final Duration timeLimit;

    KmsHttp(Duration timeLimit) {
        this.timeLimit = timeLimit;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeLimit)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** @param json null where the answer was not a JSON object */
    record Answer(int status, @Nullable JsonNode json) {}

    /** @param who the service in words, for messages */
    Answer post(String who, URI uri, Map<String, String> headers, Map<String, String> body) throws KmsUnreachable {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(timeLimit)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        headers.forEach(request::header);
        HttpResponse<byte[]> response = await(who, client.sendAsync(request.build(), capped()));
        return new Answer(response.statusCode(), parse(response.body()));
    }

    private HttpResponse<byte[]> await(String who, CompletableFuture<HttpResponse<byte[]>> exchange)
            throws KmsUnreachable {
        try {
            return exchange.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new KmsUnreachable(who + " did not answer within " + timeLimit.toSeconds() + " seconds");
        } catch (ExecutionException e) {
            throw new KmsUnreachable(who + " cannot be reached: " + inWords(e.getCause()));
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new KmsUnreachable("Interrupted while waiting for " + who);
        }
    }

    private static String inWords(@Nullable Throwable cause) {
        if (cause instanceof java.net.http.HttpTimeoutException) {
            return "it did not answer in time";
        }
        String message = cause == null ? null : cause.getMessage();
        return (cause == null ? "" : cause.getClass().getSimpleName())
                + (message == null ? "" : " (" + shortened(message) + ")");
    }

    /** Words of the other side for a message of ours: printable and not long. */
    static String shortened(String remote) {
        String printable = remote.replaceAll("\\p{Cntrl}+", " ").strip();
        return printable.length() <= MOST_WORDS ? printable : printable.substring(0, MOST_WORDS) + "…";
    }

    private static @Nullable JsonNode parse(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json != null && json.isObject() ? json : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static BodyHandler<byte[]> capped() {
        return headers -> new Capped();
    }

    /** Ends an answer that goes on for longer than any of these services' can. */
    private static final class Capped implements BodySubscriber<byte[]> {

        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private @Nullable Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return result;
        }

        @Override
        public void onSubscribe(Subscription begun) {
            subscription = begun;
            begun.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (read.size() + buffer.remaining() > MOST_BYTES) {
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    result.completeExceptionally(new IOException("its answer is longer than " + MOST_BYTES + " bytes"));
                    return;
                }
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                read.writeBytes(bytes);
            }
        }

        @Override
        public void onError(Throwable trouble) {
            result.completeExceptionally(trouble);
        }

        @Override
        public void onComplete() {
            result.complete(read.toByteArray());
        }
    }
}
