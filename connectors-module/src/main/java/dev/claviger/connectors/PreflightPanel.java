package dev.claviger.connectors;

import dev.claviger.connectors.preflight.Finding;
import dev.claviger.connectors.preflight.Grade;
import dev.claviger.connectors.preflight.PreflightReport;
import dev.claviger.connectors.preflight.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A preflight as its page shows it.
 *
 * @param css of the verdict: ok, note, warn or bad
 * @param first the first thing to do
 * @param hopeless whether nothing that can be done here makes it work
 */
record PreflightPanel(
        UUID id,
        String heading,
        String url,
        @Nullable Moment at,
        boolean isOver,
        boolean isInterrupted,
        @Nullable String verdict,
        String css,
        @Nullable String first,
        boolean hopeless,
        List<Line> findings) {

    record Line(
            String css,
            String grade,
            String statement,
            List<Finding.Fact> facts,
            @Nullable String fix,
            @Nullable String code) {

        static Line of(Finding finding) {
            return new Line(
                    Line.css(finding.grade()),
                    finding.grade().word(),
                    finding.statement(),
                    finding.facts(),
                    finding.fix(),
                    finding.code() == null ? null : finding.code().code());
        }

        private static String css(Grade grade) {
            return switch (grade) {
                case OK -> "ok";
                case NOTE -> "muted";
                case WARNING -> "warn";
                case PROBLEM -> "bad";
            };
        }
    }

    static PreflightPanel of(PreflightTable.Row row, Instant now) {
        PreflightReport report = row.report();
        Verdict verdict = report == null ? null : report.verdict();
        return new PreflightPanel(
                row.id(),
                verdict != null ? verdict.words() : row.isInterrupted() ? "The check was interrupted" : "Checking …",
                row.url(),
                Moment.of(row.askedAt(), now),
                verdict != null || row.isInterrupted(),
                row.isInterrupted(),
                verdict == null ? null : verdict.words(),
                verdict == null ? "muted" : css(verdict),
                report == null ? null : report.first(),
                verdict == Verdict.WILL_NOT_WORK,
                report == null
                        ? List.of()
                        : report.findings().stream().map(Line::of).toList());
    }

    private static String css(Verdict verdict) {
        return switch (verdict) {
            case WILL_WORK -> "ok";
            case WILL_PROBABLY_WORK, NEEDS_YOU_FIRST -> "warn";
            case WILL_NOT_WORK -> "bad";
        };
    }
}
