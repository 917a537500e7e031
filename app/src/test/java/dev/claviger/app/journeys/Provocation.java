package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.DemoProvider.RegisteredClient;
import dev.claviger.demoprovider.Knobs;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;

/** One failure being provoked, with a provider of its own; each method answers the page on which an admin meets it. */
final class Provocation implements AutoCloseable {

    final DemoProvider provider = DemoProvider.start();
    final Claviger claviger;
    final FailureCode code;
    private final String base;
    private final JdbcClient jdbc;

    Provocation(String base, JdbcClient jdbc, FailureCode code) {
        this.base = base;
        this.claviger = new Claviger(base);
        this.jdbc = jdbc;
        this.code = code;
    }

    Knobs knobs() {
        return provider.knobs();
    }

    Browser browser() {
        return claviger.signedIn();
    }

    @Override
    public void close() {
        provider.close();
    }

    // Connectors

    Connector oauth() {
        return claviger.oauthConnector("Provoked", provider.mcpUrl(), "shared");
    }

    Connector oauth(Map<String, ?> settings) {
        return claviger.connector(Map.of(
                "name",
                Claviger.unique("Provoked"),
                "url",
                provider.mcpUrl().toString(),
                "authType",
                "oauth",
                "oauth",
                settings));
    }

    Connector open(URI url) {
        return claviger.connector(
                Map.of("name", Claviger.unique("Provoked"), "url", url.toString(), "authType", "none"));
    }

    /** A client that the provider knows. */
    RegisteredClient client() {
        return provider.registerClient(URI.create(base + "/oauth/callback"));
    }

    // While connecting

    /** The attempt fails before anybody consents. */
    String failsToConnect(Consumer<Knobs> turn) {
        turn.accept(knobs());
        return failsToConnect(oauth());
    }

    String failsToConnect(Connector connector) {
        return failed(Claviger.attempt(claviger.connect(connector)));
    }

    /** The attempt fails when the browser brings this answer back. */
    String failsOn(String attempt, String location) {
        claviger.callback(location);
        return failed(attempt);
    }

    /** Waits for the end, hurrying what is tried again; the API says the same code as the page. */
    String failed(String attempt) {
        Claviger.until(code + " of " + attempt, () -> {
            hurry();
            return claviger.connection(attempt, 0).path("next").asString().equals("failed");
        });
        JsonNode failure = claviger.connection(attempt, 0).path("failure");
        says(failure);
        return browser().get("/connections/" + attempt + "?stay").body();
    }

    void says(JsonNode failure) {
        assertThat(failure.path("code").asString()).as(failure.toString()).isEqualTo(code.code());
        assertThat(failure.path("detail").asString()).isNotBlank();
        assertThat(failure.path("help").asString()).isEqualTo(base + "/help/" + code.code());
    }

    /** Begins and waits for the consent to be asked for. */
    JsonNode asked(Connector connector) {
        JsonNode asked = claviger.connect(connector);
        Claviger.authorizationUrl(asked);
        return asked;
    }

    /** The answer of the person at the provider, with a parameter of another value. */
    String approvedWith(JsonNode asked, String parameter, String value) {
        return UriComponentsBuilder.fromUriString(provider.approve(Claviger.authorizationUrl(asked)))
                .replaceQueryParam(parameter, value)
                .build()
                .toUriString();
    }

    // Afterwards

    /** The line of the connector says it, and its page. */
    String shown(Connector connector) {
        Claviger.until(code + " of " + connector.name(), () -> {
            hurry();
            return claviger.line(connector)
                    .path("failure")
                    .path("code")
                    .asString("")
                    .equals(code.code());
        });
        says(claviger.line(connector).path("failure"));
        return page(connector);
    }

    String page(Connector connector) {
        return browser().get("/connectors/" + connector.id()).body();
    }

    /** A listing that goes wrong. */
    String failsToList(Consumer<Knobs> turn) {
        Connector connector = open(provider.openMcpUrl());
        claviger.awaitTools(connector, 4);
        turn.accept(knobs());
        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/sync", null);
        return shown(connector);
    }

    /** A refresh that goes wrong: the token lives for two seconds only. */
    String failsToRefresh(Consumer<Provocation> turn) {
        Connector connector = refused(turn).connector();
        return shown(connector);
    }

    /** What an agent gets for a token that ran out. */
    Refusal refused(Consumer<Provocation> turn) {
        knobs().accessTokenLifetime = Duration.ofSeconds(2);
        Connector connector = oauth();
        String attempt = claviger.connectWithConsent(provider, connector, null);
        Agent agent = claviger.agent("Provoker");
        claviger.choose(agent, connector, "*");
        turn.accept(this);
        Reply[] last = new Reply[1];
        Claviger.until("a refusal", () -> {
            last[0] = claviger.credential(agent, connector);
            return last[0].status() != 200;
        });
        return new Refusal(connector, last[0], UUID.fromString(attempt));
    }

    record Refusal(Connector connector, Reply reply, UUID attempt) {}

    /** The next refresh is tried at once, as one of many that have failed for so long. */
    String afterFailing(Refusal refusal, int times, Duration length) {
        jdbc.sql("""
                        update credentials.credential
                           set failures = :times, failing_since = now() - make_interval(secs => :seconds),
                               cooldown_until = null,
                               lease_until = case when lease_until is null then null else now() - interval '1 second' end
                         where id = :id
                        """)
                .param("times", times)
                .param("seconds", length.toSeconds())
                .param("id", refusal.attempt())
                .update();
        now("credentials.refresh-ahead", refusal.attempt().toString());
        return shown(refusal.connector());
    }

    /** Connected with a key that may be taken back. */
    Connector keyed() {
        Connector connector = claviger.connector(Map.of(
                "name",
                Claviger.unique("Provoked"),
                "url",
                provider.apiKeyMcpUrl().toString(),
                "authType",
                "api_key_header",
                "headerName",
                "X-Api-Key"));
        assertThat(claviger.connect(connector, Map.of("token", provider.apiKey()))
                        .path("next")
                        .asString())
                .isEqualTo("connected");
        return connector;
    }

    /** Has the credential of a shared connector checked, and answers what was found. */
    JsonNode checks(Connector connector) {
        return claviger.health(claviger.sharedConnection(connector));
    }

    JsonNode call(Connector connector, String tool) {
        Reply reply =
                claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/tools/" + tool + "/call", Map.of());
        return reply.ok().json();
    }

    // The clock

    /** What is to be tried again is tried at once: backoff has tests of its own. */
    void hurry() {
        jdbc.sql("""
                        update app.scheduled_tasks set execution_time = now()
                         where consecutive_failures > 0 and not picked and execution_time > now()
                        """).update();
    }

    /** The moment of this job has come, as soon as there is one. */
    void now(String task, String id) {
        Claviger.until(
                task,
                () -> jdbc.sql("""
                                update app.scheduled_tasks set execution_time = now()
                                 where task_name = :task and task_instance like :id and not picked
                                """)
                                .param("task", task)
                                .param("id", "%" + UUID.fromString(id) + "%")
                                .update()
                        > 0);
    }
}
