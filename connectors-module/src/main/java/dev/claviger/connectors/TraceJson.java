package dev.claviger.connectors;

import dev.claviger.credentials.api.TraceQuery.Exchange;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Outside requests as the admin API answers them. */
final class TraceJson {

    private TraceJson() {}

    record Requests(List<Request> items, int total) {}

    /**
     * One request.
     *
     * @param url without query
     * @param status null when no answer came
     * @param failure why no complete or no trustworthy answer came; null when one came
     * @param bytes of the answer's body
     */
    record Request(
            Instant at,
            String purpose,
            String method,
            String url,
            @Nullable Integer status,
            @Nullable String failure,
            long millis,
            long bytes,
            List<Fact> facts) {
        static Request of(Exchange exchange) {
            return new Request(
                    exchange.at(),
                    exchange.purpose(),
                    exchange.method(),
                    exchange.url(),
                    exchange.status(),
                    exchange.failure(),
                    exchange.millis(),
                    exchange.bytes(),
                    exchange.facts().stream()
                            .map(fact -> new Fact(Words.lower(fact.part()), fact.name(), fact.value()))
                            .toList());
        }
    }

    /**
     * Something that was sent or received.
     *
     * @param in {@code request_header}, {@code request_parameter}, {@code answer_header}, {@code challenge}, {@code
     *     answer_member} or {@code finding}
     * @param value null: there was one, but it is not for showing
     */
    record Fact(String in, String name, @Nullable String value) {}
}
