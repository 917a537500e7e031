package dev.claviger.demoprovider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plays the person at the consent page; never follows the redirect back to the application. */
final class Browser {

    private static final Pattern REQUEST = Pattern.compile("name=\"request\" value=\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();

    /** @return the Location the browser would go to: {@code redirect_uri} with the authorization response */
    String decide(URI authorizationUrl, String decision) {
        HttpResponse<String> page = send(HttpRequest.newBuilder(authorizationUrl));
        if (page.statusCode() == 302) {
            return location(page);
        }
        Matcher request = REQUEST.matcher(page.body());
        if (page.statusCode() != 200 || !request.find()) {
            throw new IllegalStateException("No consent page but status " + page.statusCode() + ": " + page.body());
        }
        String form = Form.encode(Map.of("request", request.group(1), "decision", decision));
        return location(send(HttpRequest.newBuilder(authorizationUrl.resolve("/authorize/decision"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))));
    }

    private static String location(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new IllegalStateException("No redirect but status " + response.statusCode()));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while at the consent page", stopped);
        }
    }
}
