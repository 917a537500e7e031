package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Connector;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.web.util.HtmlUtils;

/** The pages between Connect and the result, with and without JavaScript. */
@ClavigerTest
class WaitPageJourneyTest extends OAuthJourney {

    @Test
    void showsTheStepsWithoutJavaScript() {
        provider.knobs().registrationDelay = Duration.ofSeconds(2);
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        Browser browser = claviger.signedIn();
        String attempt = newAttempt();
        browser.get("/connectors/" + connector.id());
        clickConnect(browser, "/connectors/" + connector.id(), attempt);

        Claviger.until("the page to show the step under way", () -> {
            String page = browser.get("/connections/" + attempt).body();
            return page.contains("<noscript><meta http-equiv=\"refresh\" content=\"1\"></noscript>")
                    && page.contains("data-state=\"DONE\"")
                    && page.contains("data-state=\"RUNNING\"")
                    && page.contains("Connecting " + connector.name());
        });
        waitForConsent(browser, attempt);
        URI asked = authorizationRequest(browser, attempt);
        HttpResponse<String> back = browser.get(claviger.path(provider.approve(asked)));
        assertThat(location(back)).isEqualTo("/connections/" + attempt);

        Claviger.until(
                "the page to lead to the result",
                () -> location(browser.get("/connections/" + attempt))
                        .equals("/connectors/" + connector.id() + "?connected=" + attempt));
        assertThat(browser.get("/connectors/" + connector.id() + "?connected=" + attempt)
                        .body())
                .contains("search_notes");
        assertThat(browser.get("/connections/" + attempt + "?stay").body())
                .contains("is connected")
                .doesNotContain("data-state=\"RUNNING\"", "data-state=\"WAITING\"", "data-state=\"FAILED\"");
    }

    @Test
    void tellsTheStepsAsTheyHappen() {
        provider.knobs().registrationDelay = Duration.ofSeconds(1);
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        Browser browser = claviger.signedIn();
        String attempt = newAttempt();
        browser.get("/connectors/" + connector.id());
        clickConnect(browser, "/connectors/" + connector.id(), attempt);

        CompletableFuture<HttpResponse<String>> events =
                CompletableFuture.supplyAsync(() -> browser.get("/connections/" + attempt + "/events"));
        waitForConsent(browser, attempt);
        // Long enough for the stream to tell it too.
        Claviger.until("the code to be exchanged", () -> {
            if (exchanges() == 0 && told(connector, attempt)) {
                browser.get(claviger.path(provider.approve(authorizationRequest(browser, attempt))));
            }
            return exchanges() == 1;
        });

        HttpResponse<String> stream = events.join();
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(stream.headers().firstValue("X-Accel-Buffering")).hasValue("no");
        assertThat(stream.body().split("\n\n")).hasSizeGreaterThanOrEqualTo(4);
        assertThat(HtmlUtils.htmlUnescape(stream.body()))
                .containsSubsequence(
                        "data-state=\"RUNNING\"",
                        "data-go=\"" + consentPage(attempt) + "\"",
                        "data-go=\"/connectors/" + connector.id() + "?connected=" + attempt + "\"",
                        "event:done");
    }

    private boolean told(Connector connector, String attempt) {
        return claviger.events("connector=" + connector.id()).contains("ConnectionRequested")
                && claviger.events("attempt=" + attempt).contains("ConsentRequested");
    }

    @Test
    void opensTheConsentPageOnlyForTheOneWhoBegan() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        Browser browser = claviger.signedIn();
        String attempt = newAttempt();
        browser.get("/connectors/" + connector.id());
        URI asked = begin(browser, "/connectors/" + connector.id(), attempt);

        HttpResponse<String> page = browser.get(consentPage(attempt));
        String host = provider.issuer().getHost();
        assertThat(page.body())
                .contains("On to " + host, "Continue to " + host, "http-equiv=\"refresh\" content=\"0; url=")
                .doesNotContain("<script>");
        assertThat(page.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");

        Browser other = claviger.signedIn();
        HttpResponse<String> refused = other.get(consentPage(attempt));
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).doesNotContain("code_challenge", "state=", connector.name());
        assertThat(other.get("/connections/" + attempt).body())
                .contains("Only the person who began")
                .doesNotContain(consentPage(attempt));
        assertThat(claviger.admin("GET", consentPage(attempt), null).status()).isEqualTo(404);
        // The API token did not begin it either.
        assertThat(claviger.connection(attempt, 0).path("authorizationUrl").isNull())
                .isTrue();

        // Afterwards it leads back.
        browser.get(claviger.path(provider.approve(asked)));
        HttpResponse<String> over = browser.get(consentPage(attempt));
        assertThat(over.statusCode()).isEqualTo(303);
        assertThat(location(over)).isEqualTo("/connections/" + attempt);
    }

    @Test
    void theWaitPageSaysWhereItFailedAndWhatToDo() {
        provider.knobs().refuseRegistration = true;
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        Browser browser = claviger.signedIn();
        String attempt = newAttempt();
        browser.get("/connectors/" + connector.id());
        clickConnect(browser, "/connectors/" + connector.id(), attempt);

        Claviger.until(
                "the attempt to fail",
                () -> browser.get("/connections/" + attempt).body().contains("data-state=\"FAILED\""));
        String page = browser.get("/connections/" + attempt).body();
        assertThat(page)
                .contains("Failed at:", "Likely cause:", "What to do:", "/help/CLV-112", "Connect again")
                .doesNotContain("http-equiv=\"refresh\"");

        // The button works once the cause is gone.
        provider.knobs().refuseRegistration = false;
        String again = newAttempt();
        URI asked = begin(browser, "/connectors/" + connector.id(), again);
        browser.get(claviger.path(provider.approve(asked)));
        Claviger.until(
                "the connection to be live",
                () -> claviger.connection(again, 1).path("next").asString().equals("connected"));
    }
}
