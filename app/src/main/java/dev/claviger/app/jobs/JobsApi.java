package dev.claviger.app.jobs;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The page of jobs as JSON. */
@RestController
@RequestMapping("/api/v1/jobs")
class JobsApi {

    private static final int MOST = 1000;

    private final JobTable jobs;
    private final RunNow runNow;

    JobsApi(JobTable jobs, RunNow runNow) {
        this.jobs = jobs;
        this.runNow = runNow;
    }

    /** @param total how many there are, on all pages */
    record JobList(List<Jobs.Job> items, int total) {}

    record GivenUpList(List<Jobs.GivenUp> items, int total) {}

    /** The job to bring forward, as the list names it. */
    record Retry(
            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String task,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String instance) {}

    @GetMapping
    JobList list(
            @RequestParam(defaultValue = "waiting")
                    @Schema(
                            allowableValues = {"waiting", "running", "retrying"},
                            defaultValue = "waiting")
                    String standing,
            @RequestParam(defaultValue = "0") int offset,
            @RequestParam(defaultValue = "100") int limit) {
        Jobs.Standing asked = standing(standing);
        return new JobList(
                jobs.list(asked, Math.max(0, offset), limit(limit)),
                jobs.counts().of(asked));
    }

    @GetMapping("/given-up")
    GivenUpList givenUp(@RequestParam(defaultValue = "0") int offset, @RequestParam(defaultValue = "100") int limit) {
        return new GivenUpList(
                jobs.givenUp(Math.max(0, offset), limit(limit)), jobs.counts().givenUp());
    }

    @PostMapping("/retry")
    ResponseEntity<?> retry(@RequestBody Retry wanted) {
        String task = wanted.task();
        String instance = wanted.instance();
        if (task == null || task.isBlank() || instance == null || instance.isBlank()) {
            return problem(missing(task, instance));
        }
        return switch (runNow.run(task, instance)) {
            case STARTED -> ResponseEntity.accepted().build();
            case DONE_ALREADY ->
                throw new ResponseStatusException(
                        HttpStatus.NOT_FOUND, "There is no such job; it may be done already.");
            case RUNNING_ALREADY ->
                throw new ResponseStatusException(HttpStatus.CONFLICT, "The job is running already.");
        };
    }

    @DeleteMapping("/given-up/{id}")
    ResponseEntity<Void> dismiss(@PathVariable long id) {
        if (!jobs.dismiss(id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "No job that gave up has this id.");
        }
        return ResponseEntity.noContent().build();
    }

    private static Jobs.Standing standing(String text) {
        try {
            return Jobs.Standing.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "The standing is one of waiting, running, retrying.");
        }
    }

    private static int limit(int asked) {
        return Math.max(1, Math.min(asked, MOST));
    }

    private static Map<String, String> missing(@Nullable String task, @Nullable String instance) {
        Map<String, String> errors = new LinkedHashMap<>();
        if (task == null || task.isBlank()) {
            errors.put("task", "Name the task, as the list of jobs does.");
        }
        if (instance == null || instance.isBlank()) {
            errors.put("instance", "Name the instance, as the list of jobs does.");
        }
        return errors;
    }

    private static ResponseEntity<ProblemDetail> problem(Map<String, String> errors) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT, "See errors, by field.");
        problem.setTitle("Some fields cannot stay so");
        problem.setProperty("errors", errors);
        return ResponseEntity.unprocessableContent()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
