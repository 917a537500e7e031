package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.Forecast.Affected;
import dev.claviger.connectors.Forecast.Fate;
import dev.claviger.connectors.Forecast.Kind;
import dev.claviger.connectors.Forecast.Line;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForecastTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final UUID ONE = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();

    @Test
    void saysThatNothingKnownStops() {
        assertThat(of().headline(30)).isEqualTo("Nothing whose end is known stops working in the next 30 days.");
        assertThat(of(line(Fate.CHANGES, 3, ONE)).headline(30)).startsWith("Nothing whose end is known");
        assertThat(of(line(Fate.STOPS, 31, ONE)).headline(30)).startsWith("Nothing whose end is known");
    }

    @Test
    void countsWhatStopsAndSaysBetweenWhichDays() {
        assertThat(of(line(Fate.STOPS, 1, ONE), line(Fate.STOPS, 2, ONE), line(Fate.STOPS, 10, OTHER))
                        .headline(30))
                .isEqualTo("3 credentials of 2 connectors stop working between 24 November 2026 and 3 December 2026"
                        + " unless somebody acts.");
        assertThat(of(line(Fate.STOPS, 1, ONE)).headline(30))
                .isEqualTo("1 credential of 1 connector stops working on 24 November 2026 unless somebody acts.");
    }

    @Test
    void callsNothingFineThatNobodyKnows() {
        Forecast forecast = of(line(Fate.UNKNOWN, null, ONE), line(Fate.STOPPED, null, OTHER));
        assertThat(forecast.headline(30))
                .contains("Nothing whose end is known", "1 credential does not work already.", "nobody knows");
        assertThat(forecast.unknown()).hasSize(1);
        assertThat(forecast.within(30)).isEmpty();
        assertThat(forecast.after(30)).isEmpty();
    }

    @Test
    void admitsWhatItLeavesOut() {
        assertThat(new Forecast(NOW, List.of(), 0, false).headline(30)).contains("more than are shown");
    }

    @Test
    void putsEndsIntoACalendarOnceEach() {
        String calendar = ForecastCalendar.of(
                of(line(Fate.STOPS, 1, ONE), line(Fate.CHANGES, 2, ONE), line(Fate.UNKNOWN, null, ONE)),
                "https://claviger.example");
        assertThat(calendar)
                .startsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
                .endsWith("END:VCALENDAR\r\n")
                .containsOnlyOnce("BEGIN:VEVENT")
                .contains("DTSTART:20261124T080000Z\r\n");
        assertThat(calendar).isEqualTo(ForecastCalendar.of(of(line(Fate.STOPS, 1, ONE)), "https://claviger.example"));
    }

    @Test
    void letsNoNameBreakOutOfItsPropertyOrItsLine() {
        String name = "Ünïcode; semi, colon\r\nEND:VEVENT \\ " + "é🔑".repeat(60);
        String calendar = ForecastCalendar.of(
                of(new Line("x", Kind.CREDENTIAL, Fate.STOPS, NOW, name, "Why.", List.of(), "Do.", "/x")), "https://c");

        assertThat(calendar).containsOnlyOnce("END:VEVENT\r\n").doesNotContain("\r\nEND:VEVENT \\");
        String unfolded = calendar.replace("\r\n ", "");
        assertThat(unfolded).contains("Ünïcode\\; semi\\, colon\\nEND:VEVENT \\\\ " + "é🔑".repeat(60));
        assertThat(Arrays.stream(calendar.split("\r\n")))
                .allSatisfy(line ->
                        assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(75));
    }

    private static Forecast of(Line... lines) {
        return new Forecast(NOW, Arrays.stream(lines).sorted(Forecast.IN_ORDER).toList(), 0, true);
    }

    private static Line line(Fate fate, @Nullable Integer days, UUID connector) {
        return new Line(
                fate + "-" + days + "-" + connector.equals(ONE),
                Kind.CREDENTIAL,
                fate,
                days == null ? null : NOW.plus(Duration.ofDays(days)),
                "Credential",
                "Why.",
                List.of(new Affected(connector, "Name", null, null)),
                "Do.",
                "/x");
    }
}
