package dev.claviger.connectors;

import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Asked too often; the message says what to do. HTTP 429. */
final class TooMany extends ResponseStatusException {

    private final Duration wait;

    TooMany(String message, Duration wait) {
        super(HttpStatus.TOO_MANY_REQUESTS, message);
        this.wait = wait;
    }

    @Override
    public HttpHeaders getHeaders() {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds()));
        return headers;
    }

    Duration retryAfter() {
        return wait;
    }

    /** The sentence alone, without the status in front of it. */
    String sentence() {
        return String.valueOf(getReason());
    }
}
