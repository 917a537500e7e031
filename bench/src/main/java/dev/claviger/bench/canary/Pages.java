package dev.claviger.bench.canary;

import dev.claviger.bench.canary.Sweep.Area;
import dev.claviger.demoprovider.CheckFailed;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser that signs in and opens whatever it finds a link to. It only reads: GET, on our own address. */
final class Pages {

    private static final int MOST = 600;
    private static final Pattern LINK = Pattern.compile("(?:href|src|action|hx-get)=\"(/[^\"]*)");
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
    /** What never changes, what ends the session, and streams, which do not end. */
    private static final Pattern NOT_OPENED =
            Pattern.compile("//.*|/webjars/.*|/logout.*|/connections/[^/]+/events.*|.*\\.(css|js|svg|png)(\\?.*)?");

    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .build();
    private final URI address;

    Pages(URI address) {
        this.address = address;
    }

    void signIn(String name, String password) throws IOException, InterruptedException {
        Matcher csrf = CSRF.matcher(get("/login").body());
        if (!csrf.find()) {
            throw new CheckFailed("The sign-in page has no form");
        }
        HttpResponse<String> answer = http.send(
                request("/login")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("username=" + encode(name) + "&password=" + encode(password)
                                + "&_csrf=" + encode(csrf.group(1))))
                        .build(),
                BodyHandlers.ofString());
        String to = answer.headers().firstValue("Location").orElse("");
        if (answer.statusCode() != 302 || to.contains("/login")) {
            throw new CheckFailed("Signing in was answered with status " + answer.statusCode());
        }
    }

    /** @param first where to begin; everything linked from there follows */
    void sweep(Sweep sweep, Collection<String> first) throws IOException, InterruptedException {
        Deque<String> next = new ArrayDeque<>(first);
        Set<String> known = new HashSet<>(first);
        for (int opened = 0; !next.isEmpty(); opened++) {
            if (opened == MOST) {
                System.out.println("Stopped after " + MOST + " pages; " + next.size() + " more links were not opened");
                return;
            }
            String path = next.removeFirst();
            HttpResponse<String> page = get(path);
            Area area = path.startsWith("/audit/export") ? Area.EXPORT : Area.PAGES;
            if (page.statusCode() == 200) {
                sweep.look(area, path, page.body());
            } else {
                sweep.lookAlso(area, path, page.body().getBytes(StandardCharsets.UTF_8));
            }
            sweep.lookAlso(
                    area, path + ", headers", page.headers().map().toString().getBytes(StandardCharsets.UTF_8));
            Matcher link = LINK.matcher(page.body());
            while (link.find()) {
                String to = link.group(1)
                        .replace("&amp;", "&")
                        .replace("&#x3D;", "=")
                        .replace("&#39;", "'")
                        .replaceAll("#.*", "");
                if (!NOT_OPENED.matcher(to).matches() && known.add(to)) {
                    next.addLast(to);
                }
            }
        }
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Accept", "text/html,*/*;q=0.8");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
