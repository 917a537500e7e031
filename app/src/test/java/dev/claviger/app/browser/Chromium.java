package dev.claviger.app.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The Chromium of this machine, started once for all tests; where there is none they are skipped and say so. */
final class Chromium {

    private static final String PROPERTY = "claviger.test.chromium";
    private static final List<String> USUAL_PLACES = List.of(
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/snap/bin/chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-default-apps");

    private static final Optional<Path> EXECUTABLE = find();

    private Chromium() {}

    static Browser running() {
        Assumptions.assumeTrue(
                EXECUTABLE.isPresent(),
                "No Chromium found: install it (apt-get install chromium) or name it with -D" + PROPERTY + "=/path");
        return Started.BROWSER;
    }

    private static Optional<Path> find() {
        return Stream.concat(Stream.ofNullable(System.getProperty(PROPERTY)), USUAL_PLACES.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Begun when first asked for; ends with the process, whose end closes the driver's input. */
    private static final class Started {
        static final Browser BROWSER = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(EXECUTABLE.orElseThrow())
                        .setArgs(ARGUMENTS));
    }
}
