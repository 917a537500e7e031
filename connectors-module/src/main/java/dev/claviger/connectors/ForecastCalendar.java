package dev.claviger.connectors;

import dev.claviger.connectors.Forecast.Fate;
import dev.claviger.connectors.Forecast.Line;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/**
 * A forecast as a calendar: one entry for each end that comes unless somebody acts.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5545">RFC 5545</a>
 */
final class ForecastCalendar {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Octets of a line without its end (section 3.1). */
    private static final int LONGEST = 75;

    private final StringBuilder text = new StringBuilder();

    private ForecastCalendar() {}

    static String of(Forecast forecast, String publicUrl) {
        ForecastCalendar calendar = new ForecastCalendar();
        calendar.line("BEGIN:VCALENDAR");
        calendar.line("VERSION:2.0");
        calendar.line("PRODID:-//Claviger//Forecast//EN");
        forecast.lines().stream()
                .filter(line -> line.fate() == Fate.STOPS)
                .forEach(line -> calendar.event(line, forecast.at(), publicUrl));
        calendar.line("END:VCALENDAR");
        return calendar.text.toString();
    }

    private void event(Line line, Instant now, String publicUrl) {
        line("BEGIN:VEVENT");
        line("UID:" + UUID.nameUUIDFromBytes(line.id().getBytes(StandardCharsets.UTF_8)) + "@claviger");
        line("DTSTAMP:" + TIME.format(now));
        line("DTSTART:" + TIME.format(Forecast.when(line)));
        line("SUMMARY:" + escaped(line.what() + " stops working"));
        line("DESCRIPTION:" + escaped(line.why() + " " + line.todo()));
        line("URL:" + publicUrl + line.link());
        line("TRANSP:TRANSPARENT");
        line("END:VEVENT");
    }

    /** Names are typed by people, and a line break in one would begin a property of its own (section 3.3.11). */
    private static String escaped(String value) {
        StringBuilder escaped = new StringBuilder();
        value.codePoints().forEach(c -> {
            if (c == '\\' || c == ';' || c == ',') {
                escaped.append('\\').appendCodePoint(c);
            } else if (c == '\n') {
                escaped.append("\\n");
            } else if (!Character.isISOControl(c)) {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    /** Folded between characters, never within one. */
    private void line(String content) {
        int octets = 0;
        for (int i = 0; i < content.length(); ) {
            int c = content.codePointAt(i);
            int length = Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (octets + length > LONGEST) {
                text.append("\r\n ");
                octets = 1;
            }
            text.appendCodePoint(c);
            octets += length;
            i += Character.charCount(c);
        }
        text.append("\r\n");
    }
}
