package dev.claviger.app.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private final JobTable jobs;
    private final Scheduler scheduler;
    private final Clock clock;

    JobsPage(JobTable jobs, Scheduler scheduler, Clock clock) {
        this.jobs = jobs;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @GetMapping("/jobs")
    String show(Model model) {
        Jobs.Counts counts = jobs.counts();
        model.addAttribute("title", "Jobs");
        model.addAttribute("section", "jobs");
        model.addAttribute("counts", counts);
        model.addAttribute(
                "lists",
                List.of(
                        list("Trying again", "retrying", Jobs.Standing.RETRYING, counts.retrying()),
                        list("Running", "running", Jobs.Standing.RUNNING, counts.running()),
                        list("Waiting", "waiting", Jobs.Standing.WAITING, counts.waiting())));
        model.addAttribute("givenUp", jobs.givenUp().stream().map(this::row).toList());
        model.addAttribute("noneGivenUp", counts.givenUp() == 0);
        return "app/jobs";
    }

    @PostMapping("/jobs/retry")
    RedirectView retryNow(@RequestParam String task, @RequestParam String instance, RedirectAttributes attributes) {
        attributes.addFlashAttribute("flash", retry(TaskInstanceId.of(task, instance)));
        return seeOther();
    }

    @PostMapping("/jobs/dismiss")
    RedirectView dismiss(@RequestParam long id, RedirectAttributes attributes) {
        jobs.dismiss(id);
        attributes.addFlashAttribute("flash", "Dismissed. Its failure stays in the history.");
        return seeOther();
    }

    private String retry(TaskInstanceId job) {
        try {
            scheduler.reschedule(job, clock.instant());
            scheduler.triggerCheckForDueExecutions();
            return "The job runs now.";
        } catch (TaskInstanceNotFoundException e) {
            return "The job is done already.";
        } catch (TaskInstanceCurrentlyExecutingException e) {
            return "The job is running already.";
        }
    }

    private Map<String, Object> list(String heading, String anchor, Jobs.Standing standing, int count) {
        List<Map<String, Object>> rows =
                jobs.list(standing).stream().map(job -> row(job, standing)).toList();
        return Map.of(
                "heading", heading,
                "anchor", anchor,
                "count", count,
                "empty", rows.isEmpty(),
                "more", count > rows.size(),
                "running", standing == Jobs.Standing.RUNNING,
                "rows", rows);
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
