package dev.claviger.app.jobs;

import dev.claviger.app.Projections;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** The page of jobs: what waits, what runs, what tries again, what gave up. */
@Controller
class JobsPage {

    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final List<String> LISTS = List.of("given-up", "retrying", "running", "waiting");

    private final JobTable jobs;
    private final RunNow runNow;
    private final Projections projections;
    private final Clock clock;

    JobsPage(JobTable jobs, RunNow runNow, Projections projections, Clock clock) {
        this.jobs = jobs;
        this.runNow = runNow;
        this.projections = projections;
        this.clock = clock;
    }

    @GetMapping("/jobs")
    String show(@RequestParam Map<String, String> asked, Model model) {
        Jobs.Counts counts = jobs.counts();
        model.addAttribute("title", "Jobs");
        model.addAttribute("section", "jobs");
        model.addAttribute("counts", counts);
        model.addAttribute(
                "lists",
                List.of(
                        list("Trying again", Jobs.Standing.RETRYING, counts, asked),
                        list("Running", Jobs.Standing.RUNNING, counts, asked),
                        list("Waiting", Jobs.Standing.WAITING, counts, asked)));
        int offset = offset(asked, "given-up");
        model.addAttribute(
                "givenUp",
                jobs.givenUp(offset, Jobs.SHOWN).stream().map(this::row).toList());
        model.addAttribute("givenUpPager", pager("given-up", offset, counts.givenUp(), asked));
        model.addAttribute("noneGivenUp", counts.givenUp() == 0);
        model.addAttribute("projections", projections.list());
        return "app/jobs";
    }

    @PostMapping("/jobs/retry")
    RedirectView retryNow(@RequestParam String task, @RequestParam String instance, RedirectAttributes attributes) {
        attributes.addFlashAttribute(
                "flash",
                switch (runNow.run(task, instance)) {
                    case STARTED -> "The job runs now.";
                    case DONE_ALREADY -> "The job is done already.";
                    case RUNNING_ALREADY -> "The job is running already.";
                });
        return seeOther();
    }

    @PostMapping("/jobs/rebuild")
    RedirectView rebuild(@RequestParam String projection, RedirectAttributes attributes) {
        attributes.addFlashAttribute(
                "flash",
                projections.rebuild(projection)
                        ? "All events are being read again into " + projection + "."
                        : "This projection is being rebuilt already.");
        return seeOther();
    }

    @PostMapping("/jobs/dismiss")
    RedirectView dismiss(@RequestParam long id, RedirectAttributes attributes) {
        jobs.dismiss(id);
        attributes.addFlashAttribute("flash", "Dismissed. Its failure stays in the history.");
        return seeOther();
    }

    private Map<String, Object> list(
            String heading, Jobs.Standing standing, Jobs.Counts counts, Map<String, String> asked) {
        String anchor = standing.name().toLowerCase(Locale.ROOT);
        int count = counts.of(standing);
        int offset = offset(asked, anchor);
        List<Map<String, Object>> rows = jobs.list(standing, offset, Jobs.SHOWN).stream()
                .map(job -> row(job, standing))
                .toList();
        return Map.of(
                "heading", heading,
                "anchor", anchor,
                "count", count,
                "empty", rows.isEmpty(),
                "pager", pager(anchor, offset, count, asked),
                "running", standing == Jobs.Standing.RUNNING,
                "rows", rows);
    }

    /** Where a list is read from: its name is the parameter. What is no number begins at the beginning. */
    private static int offset(Map<String, String> asked, String anchor) {
        String text = asked.getOrDefault(anchor, "");
        return text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : 0;
    }

    /** The links to the pages beside this one; the other lists stay where they are. */
    private static Map<String, String> pager(String anchor, int offset, int count, Map<String, String> asked) {
        Map<String, String> links = new HashMap<>();
        if (offset > 0) {
            links.put("earlier", link(anchor, Math.max(0, offset - Jobs.SHOWN), asked));
        }
        if (offset + Jobs.SHOWN < count) {
            links.put("later", link(anchor, offset + Jobs.SHOWN, asked));
        }
        if (!links.isEmpty()) {
            links.put("any", "yes");
        }
        return links;
    }

    private static String link(String anchor, int offset, Map<String, String> asked) {
        return LISTS.stream()
                .map(list -> list + "=" + (list.equals(anchor) ? offset : offset(asked, list)))
                .filter(part -> !part.endsWith("=0"))
                .collect(Collectors.joining("&", "/jobs?", "#" + anchor));
    }

    private Map<String, Object> row(Jobs.Job job, Jobs.Standing standing) {
        return Map.of(
                "what", JobWords.of(job.task()),
                "task", job.task(),
                "attempt", JobWords.attempt(job.instance()),
                "instance", job.instance(),
                "due", job.due().truncatedTo(ChronoUnit.SECONDS).toString(),
                "when", standing == Jobs.Standing.RUNNING ? "now" : fromNow(job.due()),
                "failures", job.failures(),
                "canRun", standing != Jobs.Standing.RUNNING);
    }

    private Map<String, Object> row(Jobs.GivenUp job) {
        return Map.of(
                "id", Long.toString(job.id()),
                "what", JobWords.of(job.effect()),
                "effect", job.effect(),
                "attempt", JobWords.attempt(job.instance()),
                "instance", job.instance(),
                "attempts", job.attempts(),
                "cause", job.cause(),
                "at", job.at().truncatedTo(ChronoUnit.SECONDS).toString(),
                "atWords", AT.format(job.at()));
    }

    private String fromNow(Instant due) {
        Duration wait = Duration.between(clock.instant(), due);
        if (wait.isNegative() || wait.isZero()) {
            return "now";
        }
        if (wait.toHours() >= 48) {
            return "in " + wait.toDays() + " days";
        }
        if (wait.toMinutes() >= 120) {
            return "in " + wait.toHours() + " hours";
        }
        return wait.toMinutes() >= 2 ? "in " + wait.toMinutes() + " minutes" : "in " + wait.toSeconds() + " seconds";
    }

    private static RedirectView seeOther() {
        RedirectView view = new RedirectView("/jobs");
        view.setStatusCode(HttpStatus.SEE_OTHER);
        return view;
    }
}
