package dev.claviger.connectors;

import dev.claviger.credentials.api.TraceQuery.Exchange;
import dev.claviger.credentials.api.TraceQuery.ExchangeFact;
import dev.claviger.credentials.api.TraceQuery.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request as a page shows it.
 *
 * @param went a status, or what happened instead of one
 */
record ExchangeLine(
        @Nullable Moment at,
        String purpose,
        String method,
        String url,
        Words.Badge went,
        @Nullable String failure,
        @Nullable String finding,
        String took,
        String size,
        List<Group> groups) {

    record Group(String title, List<Line> lines) {}

    /** @param value null where there was one that is not shown */
    record Line(String name, @Nullable String value) {}

    static ExchangeLine of(Exchange exchange, Instant now) {
        return new ExchangeLine(
                Moment.of(exchange.at(), now),
                exchange.purpose(),
                exchange.method(),
                exchange.url(),
                went(exchange),
                exchange.failure(),
                finding(exchange.facts()),
                Moment.took(Duration.ofMillis(exchange.millis())),
                size(exchange.bytes()),
                groups(exchange.facts()));
    }

    private static Words.Badge went(Exchange exchange) {
        Integer status = exchange.status();
        if (status == null) {
            return new Words.Badge("bad", "no answer");
        }
        String css = exchange.failure() != null || status >= 500 ? "bad" : status >= 300 ? "warn" : "ok";
        return new Words.Badge(css, exchange.failure() == null ? String.valueOf(status) : status + ", broken off");
    }

    private static @Nullable String finding(List<ExchangeFact> facts) {
        return facts.stream()
                .filter(fact -> fact.part() == Part.FINDING)
                .map(ExchangeFact::value)
                .findFirst()
                .orElse(null);
    }

    private static List<Group> groups(List<ExchangeFact> facts) {
        return List.of(
                        group("Sent headers", facts, Part.REQUEST_HEADER),
                        group("Sent parameters", facts, Part.REQUEST_PARAMETER),
                        group("Received headers", facts, Part.ANSWER_HEADER),
                        group("Challenge", facts, Part.CHALLENGE),
                        group("Received members", facts, Part.ANSWER_MEMBER))
                .stream()
                .filter(group -> !group.lines().isEmpty())
                .toList();
    }

    private static Group group(String title, List<ExchangeFact> facts, Part part) {
        return new Group(
                title,
                facts.stream()
                        .filter(fact -> fact.part() == part)
                        .map(fact -> new Line(fact.name(), fact.value()))
                        .toList());
    }

    /** {@code 120 B}, {@code 3.4 KiB}, {@code 1.2 MiB}. */
    private static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        return bytes < 1024 * 1024
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024));
    }
}
