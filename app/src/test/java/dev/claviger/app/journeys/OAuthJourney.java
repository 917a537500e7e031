package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Recorded;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.util.HtmlUtils;

/** What the journeys through consent share: a provider for each test, and a browser at the pages on the way. */
abstract class OAuthJourney {

    private static final Pattern CONTINUE = Pattern.compile("<a [^>]*href=\"([^\"]+)\" rel=\"noreferrer\"");

    final DemoProvider provider = DemoProvider.start();
    Claviger claviger;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    /** Clicks Connect on a page: of the connector, or of the agent on whose behalf. */
    static void clickConnect(Browser browser, String page, String attempt) {
        HttpResponse<String> answer = browser.post(page + "/connect", Map.of("attempt", attempt));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        assertThat(location(answer)).isEqualTo("/connections/" + attempt);
    }

    /** Reloads the wait page, as a browser without JavaScript does, until it leads to consent. */
    static void waitForConsent(Browser browser, String attempt) {
        Claviger.until(
                "the wait page to lead to consent",
                () -> browser.get("/connections/" + attempt)
                        .body()
                        .contains("content=\"0;url=" + consentPage(attempt)));
    }

    /** The authorization request, as the link on the page before the consent screen has it. */
    static URI authorizationRequest(Browser browser, String attempt) {
        HttpResponse<String> page = browser.get(consentPage(attempt));
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        Matcher link = CONTINUE.matcher(page.body());
        assertThat(link.find()).as(page.body()).isTrue();
        return URI.create(HtmlUtils.htmlUnescape(link.group(1)));
    }

    static String consentPage(String attempt) {
        return "/oauth/authorizations/" + attempt + "/consent";
    }

    /** Clicks Connect, waits, and answers the authorization request. */
    URI begin(Browser browser, String page, String attempt) {
        clickConnect(browser, page, attempt);
        waitForConsent(browser, attempt);
        return authorizationRequest(browser, attempt);
    }

    static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }

    static String newAttempt() {
        return UUID.randomUUID().toString();
    }

    long exchanges() {
        return provider.requests().stream().filter(OAuthJourney::isExchange).count();
    }

    private static boolean isExchange(Recorded request) {
        return request.path().equals("/token")
                && "authorization_code".equals(request.formParameters().get("grant_type"));
    }
}
