package dev.claviger.connectors.preflight;

import java.util.Locale;

/** A report as text for a terminal, about 100 columns, without colours. */
public final class PlainText {

    private static final int WIDTH = 100;
    private static final String INDENT = " ".repeat(11);

    private PlainText() {}

    public static String of(PreflightReport report) {
        StringBuilder text = new StringBuilder();
        text.append("Will Connect work with ").append(report.url()).append("?\n\n");
        for (Finding finding : report.findings()) {
            String grade = String.format(Locale.ROOT, "%-9s", finding.grade().name());
            append(text, " " + grade + " ", finding.statement());
            finding.facts().forEach(fact -> append(text, INDENT, fact.name() + ": " + fact.value()));
            if (finding.fix() != null) {
                append(text, INDENT, "→ " + finding.fix());
            }
            if (finding.code() != null) {
                append(text, INDENT, finding.code().code());
            }
        }
        Verdict verdict = report.verdict();
        if (verdict != null) {
            text.append('\n').append(verdict.words()).append(".\n");
            append(text, "", "First: " + report.first());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String start, String words) {
        String indent = " ".repeat(start.length());
        StringBuilder line = new StringBuilder(start);
        boolean empty = true;
        for (String word : words.split(" ")) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        text.append(line).append('\n');
    }
}
