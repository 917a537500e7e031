package dev.claviger.app.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.credentials.outbound.Unreachable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Jobs are durable, readable, and nobody gives up silently. */
@ClavigerTest
@Import(JobsTest.Configuration.class)
class JobsTest {

    @Value("${claviger.public-url}")
    String base;

    @Autowired
    Effects effects;

    @Autowired
    CallSomebody effect;

    @Autowired
    Jobs jobs;

    @Autowired
    JobTable table;

    @Autowired
    Scheduler scheduler;

    @Autowired
    JdbcClient database;

    private final String instance = "call:" + UUID.randomUUID();

    @Test
    void aJobWaitsReadablyAndRuns() {
        effects.at(Instant.now().plusSeconds(3600), effect, instance, new Call("somebody"));
        assertThat(jobs.list(Jobs.Standing.WAITING))
                .anyMatch(job -> job.instance().equals(instance));
        assertThat(database.sql(
                                "select convert_from(task_data, 'UTF8') from app.scheduled_tasks where task_instance = ?")
                        .param(instance)
                        .query(String.class)
                        .single())
                .isEqualTo("{\"whom\":\"somebody\"}");
        scheduler.reschedule(effect.instanceId(instance), Instant.now());
        await(() -> effect.called.contains("somebody"));
    }

    @Test
    void anEffectThatGivesUpIsListedUntilDismissed() {
        effects.now(effect, instance, new Call("nobody"));
        await(() -> jobs.givenUp().stream().anyMatch(job -> job.instance().equals(instance)));
        Jobs.GivenUp gaveUp = jobs.givenUp().stream()
                .filter(job -> job.instance().equals(instance))
                .findFirst()
                .orElseThrow();
        assertThat(gaveUp.effect()).isEqualTo("jobs-test.call-somebody");
        assertThat(gaveUp.attempts()).isEqualTo(2);
        assertThat(gaveUp.cause()).isEqualTo("Nobody is there");
        assertThat(effect.toldFailure).contains("nobody");
        assertThat(jobs.counts().givenUp()).isPositive();

        table.dismiss(gaveUp.id());
        assertThat(jobs.givenUp()).noneMatch(job -> job.instance().equals(instance));
    }

    @Test
    void runsNowFromThePageAndDismissesThere() {
        effects.at(Instant.now().plusSeconds(3600), effect, instance, new Call("page" + instance));
        effects.now(effect, instance + "-lost", new Call("nobody"));
        await(() -> gaveUp(instance + "-lost").isPresent());
        Browser browser = new Browser(base);
        browser.signIn(ClavigerTest.ADMIN_USERNAME, ClavigerTest.ADMIN_PASSWORD);
        assertThat(browser.get("/jobs").body()).contains(instance, instance + "-lost");

        HttpResponse<String> pressed =
                browser.post("/jobs/retry", Map.of("task", effect.getName(), "instance", instance));
        assertThat(pressed.statusCode()).isEqualTo(303);
        await(() -> effect.called.contains("page" + instance));
        long id = gaveUp(instance + "-lost").orElseThrow().id();
        assertThat(browser.post("/jobs/dismiss", Map.of("id", Long.toString(id)))
                        .statusCode())
                .isEqualTo(303);
        assertThat(gaveUp(instance + "-lost")).isEmpty();
    }

    @Test
    void runsNowAndDismissesOverTheApi() throws Exception {
        effects.at(Instant.now().plusSeconds(3600), effect, instance, new Call("api" + instance));
        effects.now(effect, instance + "-lost", new Call("nobody"));
        await(() -> gaveUp(instance + "-lost").isPresent());
        assertThat(api("GET", "?standing=waiting&limit=1000", null).body()).contains("\"" + instance + "\"");
        assertThat(api("GET", "?standing=waiting&offset=100000", null).body()).contains("\"items\":[]");
        assertThat(api("GET", "?standing=lazy", null).statusCode()).isEqualTo(400);
        assertThat(api("GET", "/given-up", null).body()).contains(instance + "-lost");

        String job = "{\"task\":\"" + effect.getName() + "\",\"instance\":\"" + instance + "\"}";
        assertThat(api("POST", "/retry", job).statusCode()).isEqualTo(202);
        await(() -> effect.called.contains("api" + instance));
        assertThat(api("POST", "/retry", job.replace(instance, "nothing")).statusCode())
                .isEqualTo(404);
        assertThat(api("POST", "/retry", "{}").statusCode()).isEqualTo(422);

        String givenUp = "/given-up/" + gaveUp(instance + "-lost").orElseThrow().id();
        assertThat(api("DELETE", givenUp, null).statusCode()).isEqualTo(204);
        assertThat(api("DELETE", givenUp, null).statusCode()).isEqualTo(404);
    }

    private Optional<Jobs.GivenUp> gaveUp(String instance) {
        return jobs.givenUp().stream()
                .filter(job -> job.instance().equals(instance))
                .findFirst();
    }

    private HttpResponse<String> api(String method, String path, @Nullable String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/api/v1/jobs" + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + ClavigerTest.ADMIN_TOKEN)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(condition::getAsBoolean);
    }

    record Call(String whom) {}

    @TestConfiguration
    static class Configuration {
        @Bean
        CallSomebody callSomebody() {
            return new CallSomebody();
        }
    }

    static class CallSomebody extends Effect<Call> {

        final Set<String> called = ConcurrentHashMap.newKeySet();
        final Set<String> toldFailure = ConcurrentHashMap.newKeySet();

        CallSomebody() {
            super("jobs-test.call-somebody", Call.class, 2, Duration.ofMillis(20));
        }

        @Override
        protected void perform(Call data) {
            if (data.whom().equals("nobody")) {
                throw new Unreachable("Nobody is there", false, null);
            }
            called.add(data.whom());
        }

        @Override
        protected void giveUp(Call data, RuntimeException cause) {
            toldFailure.add(data.whom());
        }
    }
}
