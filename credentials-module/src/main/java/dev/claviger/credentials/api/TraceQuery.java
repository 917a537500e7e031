package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What may be asked about the requests that were made for an attempt. Answers hold no secret. */
public sealed interface TraceQuery {

    /**
     * Answers a {@link Trace}: the requests made for any of these, newest first.
     *
     * @param attempts UUIDs of attempts (connection, authorization and credential share theirs); of a connector for what
     *     was asked of its server without a credential
     * @param limit 1 to 500
     */
    record FindTrace(List<UUID> attempts, int offset, int limit) implements TraceQuery {}

    /** @param total how many are kept; the oldest go first, by number and by age */
    record Trace(List<Exchange> items, int total) {}

    /**
     * One request and what came of it.
     *
     * @param purpose in words, for example {@code Token refresh}
     * @param url without query, fragment and user-info
     * @param status null when no answer came
     * @param failure why no complete or no trustworthy answer came, in our words; null when one came
     * @param millis from before the name was looked up until the answer was read
     * @param bytes of the answer's body, as far as read
     */
    record Exchange(
            Instant at,
            String purpose,
            String method,
            String url,
            @Nullable Integer status,
            @Nullable String failure,
            long millis,
            long bytes,
            List<ExchangeFact> facts) {}

    /**
     * Something that was sent or received.
     *
     * @param name untrusted text where the answer chose it
     * @param value untrusted text in an answer; null: there was one, but it is not for showing
     */
    record ExchangeFact(Part part, String name, @Nullable String value) {}

    /** Where in a request or an answer a fact was. */
    enum Part {
        REQUEST_HEADER,
        REQUEST_PARAMETER,
        ANSWER_HEADER,
        /** A parameter of {@code WWW-Authenticate} (RFC 9110 section 11.6.1). */
        CHALLENGE,
        ANSWER_MEMBER,
        /** What we concluded. */
        FINDING
    }
}
