package dev.claviger.connectors;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What ends when if nobody acts.
 *
 * @param at when it was looked
 * @param lines the first to end first, those without a known end last
 * @param renewing how many credentials renew themselves, and are left out
 * @param complete whether there are no more lines than these
 */
record Forecast(Instant at, List<Line> lines, int renewing, boolean complete) {

    /** What becomes of it. The order is that of the page. */
    enum Fate {
        /** It does not work now. */
        STOPPED,
        /** It works until then. */
        STOPS,
        /** It changes by itself; nobody need act. */
        CHANGES,
        /** It may end any day; nobody told us. */
        UNKNOWN,
        /** It does not end by itself. */
        NEVER
    }

    /** What it is. */
    enum Kind {
        CREDENTIAL,
        CLIENT_SECRET,
        SIGNING_KEY,
        MASTER_KEY,
        AGENT_KEYS
    }

    /**
     * One end.
     *
     * @param id names it in calendars, the same every time
     * @param when null for {@link Fate#UNKNOWN} and {@link Fate#NEVER}, and where nobody knows since when it is stopped
     * @param what in a few words
     * @param why in a sentence
     * @param affected connectors and agents that it takes with it
     * @param todo in a sentence
     * @param link the page on which to do it
     */
    record Line(
            String id,
            Kind kind,
            Fate fate,
            @Nullable Instant when,
            String what,
            String why,
            List<Affected> affected,
            String todo,
            String link) {}

    /** @param agent whose connection at the connector; null: everybody's */
    record Affected(
            UUID connector,
            String connectorName,
            @Nullable UUID agent,
            @Nullable String agentName) {}

    static final Comparator<Line> IN_ORDER = Comparator.comparing(
                    Line::when, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
            .thenComparing(Line::what)
            .thenComparing(Line::id);

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    static String day(Instant at) {
        return DAY.format(at);
    }

    /** Those that do not work now. */
    List<Line> stopped() {
        return of(Fate.STOPPED);
    }

    /** Those that end within so many days, by themselves renewed or not. */
    List<Line> within(int days) {
        Instant end = at.plus(Duration.ofDays(days));
        return dated().filter(line -> when(line).isBefore(end)).toList();
    }

    /** Those that end after so many days. */
    List<Line> after(int days) {
        Instant end = at.plus(Duration.ofDays(days));
        return dated().filter(line -> !when(line).isBefore(end)).toList();
    }

    /** Those of which nobody knows. */
    List<Line> unknown() {
        return of(Fate.UNKNOWN);
    }

    /** Those that do not end by themselves. */
    List<Line> never() {
        return of(Fate.NEVER);
    }

    /** The next so many days unattended, in one or more sentences. What is unknown is said to be so, never to be fine. */
    String headline(int days) {
        List<Line> stopping =
                within(days).stream().filter(line -> line.fate() == Fate.STOPS).toList();
        StringBuilder words = new StringBuilder(
                stopping.isEmpty()
                        ? "Nothing whose end is known stops working in the next " + Words.count(days, "day") + "."
                        : stopping(stopping));
        List<Line> stopped = stopped();
        if (!stopped.isEmpty()) {
            words.append(' ')
                    .append(Words.count(stopped.size(), "credential"))
                    .append(stopped.size() == 1 ? " does" : " do")
                    .append(" not work already.");
        }
        List<Line> unknown = unknown();
        if (!unknown.isEmpty()) {
            words.append(" Of ")
                    .append(
                            unknown.size() == 1
                                    ? "one more nobody knows when it ends."
                                    : unknown.size() + " more nobody knows when they end.");
        }
        if (!complete) {
            words.append(" There are more than are shown here.");
        }
        return words.toString();
    }

    private static String stopping(List<Line> lines) {
        long credentials =
                lines.stream().filter(line -> line.kind() == Kind.CREDENTIAL).count();
        long secrets = lines.size() - credentials;
        long connectors = lines.stream()
                .flatMap(line -> line.affected().stream())
                .map(Affected::connector)
                .distinct()
                .count();
        String what = credentials == 0
                ? Words.count((int) secrets, "client secret")
                : Words.count((int) credentials, "credential")
                        + (secrets == 0 ? "" : " and " + Words.count((int) secrets, "client secret"));
        String first = day(when(lines.get(0)));
        String last = day(when(lines.get(lines.size() - 1)));
        return what + " of " + Words.count((int) connectors, "connector") + (lines.size() == 1 ? " stops" : " stop")
                + " working " + (first.equals(last) ? "on " + first : "between " + first + " and " + last)
                + " unless somebody acts.";
    }

    private List<Line> of(Fate fate) {
        return lines.stream().filter(line -> line.fate() == fate).toList();
    }

    private Stream<Line> dated() {
        return lines.stream().filter(line -> line.fate() == Fate.STOPS || line.fate() == Fate.CHANGES);
    }

    static Instant when(Line line) {
        Instant when = line.when();
        if (when == null) {
            throw new IllegalStateException("A line without a date: " + line.id());
        }
        return when;
    }
}
