package dev.claviger.app.browser;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.claviger.app.ClavigerTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Somebody at a browser: one window, what they do in it, and everything the browser complained about meanwhile. */
final class Visitor implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int PATIENCE_MILLIS = 20_000;

    private final String base;
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    private Visitor(String base, NewContextOptions options) {
        this.base = base;
        this.context = Chromium.running().newContext(options);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        this.page = context.newPage();
        page.onConsoleMessage(this::listen);
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
    }

    static Visitor light(String base) {
        return new Visitor(base, options());
    }

    static Visitor dark(String base) {
        return new Visitor(base, options().setColorScheme(ColorScheme.DARK));
    }

    /** On a telephone. */
    static Visitor narrow(String base) {
        return new Visitor(base, options().setViewportSize(390, 844));
    }

    static Visitor withoutScript(String base) {
        return new Visitor(base, options().setJavaScriptEnabled(false));
    }

    private static NewContextOptions options() {
        return new NewContextOptions().setViewportSize(1280, 800).setLocale("en-GB");
    }

    Page page() {
        return page;
    }

    void open(String path) {
        page.navigate(base + path);
    }

    /** For a page that shows progress by loading itself anew: one that holds still can be looked at. */
    void openWithoutReloads(String path) {
        page.route(base + path, route -> {
            APIResponse answer = route.fetch();
            String still = answer.text().replaceAll("<meta http-equiv=\"refresh\"[^>]*>", "");
            route.fulfill(new Route.FulfillOptions().setResponse(answer).setBody(still));
        });
        open(path);
        page.unroute(base + path);
    }

    void signIn() {
        open("/login");
        page.getByLabel("Name").fill(ClavigerTest.ADMIN_USERNAME);
        page.getByLabel("Password").fill(ClavigerTest.ADMIN_PASSWORD);
        button("Sign in").click();
        page.waitForURL(base + "/**");
        heading("Dashboard").waitFor();
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String name) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
    }

    void type(String text) {
        page.keyboard().type(text);
    }

    void press(String key) {
        page.keyboard().press(key);
    }

    /** Presses Tab until something is focused whose label or text begins so. */
    void tabTo(String beginning) {
        for (int i = 0; i < 60; i++) {
            press("Tab");
            Object focused = page.evaluate("() => { const e = document.activeElement;"
                    + " return (e.labels?.[0]?.textContent ?? e.textContent ?? '').trim(); }");
            if (String.valueOf(focused).startsWith(beginning)) {
                return;
            }
        }
        throw new AssertionError("Tab does not reach " + beginning + " on " + page.url());
    }

    /** The whole page, as far down as it goes. */
    void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true));
    }

    /** Errors and warnings on the console, among them violations of the content security policy, and uncaught errors. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    private void listen(ConsoleMessage message) {
        boolean serious = message.type().equals("error") || message.type().equals("warning");
        // A page that is an error page on purpose is told on the console as well.
        if (serious && !message.text().startsWith("Failed to load resource: the server responded with a status of 4")) {
            complaints.add(page.url() + ": " + message.text());
        }
    }

    @Override
    public void close() {
        // The last thing seen, for the one who wonders why a test failed.
        screenshot("last-seen");
        context.close();
    }
}
