package dev.claviger.connectors;

import dev.claviger.connectors.Forecast.Affected;
import dev.claviger.connectors.Forecast.Fate;
import dev.claviger.connectors.Forecast.Line;
import dev.claviger.connectors.Words.Badge;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of what ends when if nobody acts, by day. */
@Controller
class ForecastController {

    /** Lines of one day. */
    record Day(String title, List<Shown> lines) {}

    /** A line as the page shows it. */
    record Shown(
            String what,
            @Nullable Moment when,
            Badge badge,
            String why,
            String todo,
            String link,
            List<Affected> affected,
            boolean anyAffected,
            @Nullable Integer more) {

        static Shown of(Line line, Instant now) {
            int named = Math.min(NAMED, line.affected().size());
            return new Shown(
                    line.what(),
                    Moment.of(line.when(), now),
                    badge(line.fate()),
                    line.why(),
                    line.todo(),
                    line.link(),
                    line.affected().subList(0, named),
                    named > 0,
                    line.affected().size() > named ? line.affected().size() - named : null);
        }

        private static Badge badge(Fate fate) {
            return switch (fate) {
                case STOPPED -> new Badge("bad", "Does not work");
                case STOPS -> new Badge("warn", "Stops");
                case CHANGES -> new Badge("ok", "Renews itself");
                case UNKNOWN -> new Badge("muted", "Nobody knows");
                case NEVER -> new Badge("muted", "No end of its own");
            };
        }
    }

    static final int DAYS = 30;
    static final int MOST_DAYS = 365;

    /** On one page, of each kind; the API and the calendar have them all. */
    private static final int SHOWN = 200;

    private static final int NAMED = 10;
    private static final DateTimeFormatter TITLE =
            DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final Forecaster forecaster;
    private final String publicUrl;

    ForecastController(Forecaster forecaster, @Value("${claviger.public-url}") String publicUrl) {
        this.forecaster = forecaster;
        this.publicUrl = publicUrl;
    }

    @GetMapping("/forecast")
    String page(@RequestParam @Nullable Integer days, Model model) {
        int ahead = days(days);
        Forecast forecast = forecaster.now();
        List<Line> soon = forecast.within(ahead);
        model.addAttribute("title", "Forecast");
        model.addAttribute("section", "forecast");
        model.addAttribute("days", ahead);
        model.addAttribute("headline", forecast.headline(ahead));
        model.addAttribute(
                "calm",
                soon.stream().allMatch(line -> line.fate() == Fate.CHANGES)
                        && forecast.stopped().isEmpty());
        model.addAttribute("anySoon", !soon.isEmpty());
        model.addAttribute("calendar", byDay(soon, forecast.at()));
        show("stopped", forecast.stopped(), forecast, model);
        show("later", forecast.after(ahead), forecast, model);
        show("unknown", forecast.unknown(), forecast, model);
        show("never", forecast.never(), forecast, model);
        model.addAttribute(
                "renewing", forecast.renewing() == 0 ? null : Words.count(forecast.renewing(), "credential"));
        return "connectors/forecast";
    }

    /** For calendars; without secrets (RFC 5545). */
    @GetMapping("/forecast.ics")
    ResponseEntity<String> calendar() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(HttpHeaders.CONTENT_TYPE, "text/calendar; charset=utf-8")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"claviger-forecast.ics\"")
                .body(ForecastCalendar.of(forecaster.now(), publicUrl));
    }

    static int days(@Nullable Integer asked) {
        return asked == null ? DAYS : Math.max(1, Math.min(MOST_DAYS, asked));
    }

    private static void show(String name, List<Line> lines, Forecast forecast, Model model) {
        model.addAttribute(
                name,
                lines.stream()
                        .limit(SHOWN)
                        .map(line -> Shown.of(line, forecast.at()))
                        .toList());
        model.addAttribute("any" + name, !lines.isEmpty());
        model.addAttribute(name + "Total", lines.size());
        model.addAttribute(name + "More", lines.size() > SHOWN ? lines.size() - SHOWN : null);
    }

    private static List<Day> byDay(List<Line> lines, Instant now) {
        Map<LocalDate, List<Shown>> days = new LinkedHashMap<>();
        for (Line line : lines) {
            days.computeIfAbsent(LocalDate.ofInstant(Forecast.when(line), ZoneOffset.UTC), day -> new ArrayList<>())
                    .add(Shown.of(line, now));
        }
        return days.entrySet().stream()
                .map(day -> new Day(TITLE.format(day.getKey().atStartOfDay(ZoneOffset.UTC)), day.getValue()))
                .toList();
    }
}
