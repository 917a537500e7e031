package dev.claviger.connectors;

import dev.claviger.connectors.preflight.PreflightReport;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** “Will Connect work here?”: asks for a URL, waits without script, shows the report. */
@Controller
class PreflightController {

    private final Preflights preflights;
    private final ConnectorFormController connectors;
    private final Clock clock;

    PreflightController(Preflights preflights, ConnectorFormController connectors, Clock clock) {
        this.preflights = preflights;
        this.connectors = connectors;
        this.clock = clock;
    }

    @GetMapping("/preflight")
    String blank(Model model) {
        return form(model, "", null);
    }

    /** The URL comes in the body, also from the form of a connector: it may hold a key, which an address would spread. */
    @PostMapping("/preflight")
    Object begin(
            @RequestParam @Nullable UUID preflight,
            @RequestParam(defaultValue = "") String url,
            Principal person,
            HttpServletResponse response,
            Model model) {
        UUID id = preflight == null ? UUID.randomUUID() : preflight;
        try {
            preflights.begin(id, person.getName(), url);
        } catch (WrongFields e) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(model, url, e.errors().get("url"));
        } catch (TooMany e) {
            response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
            response.setHeader(
                    HttpHeaders.RETRY_AFTER, Long.toString(e.retryAfter().toSeconds()));
            return form(model, url, e.sentence());
        }
        return Go.to("/preflight/" + id);
    }

    @GetMapping("/preflight/{id}")
    String report(@PathVariable String id, Model model) {
        PreflightPanel panel = PreflightPanel.of(preflights.find(Ids.preflight(id)), clock.instant());
        model.addAttribute("title", panel.heading());
        model.addAttribute("section", "connectors");
        model.addAttribute("panel", panel);
        model.addAttribute("preflight", UUID.randomUUID());
        return "connectors/preflight-report";
    }

    /** The form of a connector with what the preflight knows. */
    @GetMapping(path = "/connectors/new", params = "preflight")
    String create(@RequestParam String preflight, Model model) {
        PreflightTable.Row row = preflights.find(Ids.preflight(preflight));
        PreflightReport report = row.report();
        String view = connectors.blank(model);
        model.addAttribute("form", Map.of("url", row.url()));
        model.addAttribute("auth", Map.of(report == null ? "oauth" : report.authType(), true));
        return view;
    }

    private static String form(Model model, String url, @Nullable String error) {
        model.addAttribute("title", "Will Connect work here?");
        model.addAttribute("section", "connectors");
        model.addAttribute("url", url);
        model.addAttribute("error", error);
        model.addAttribute("preflight", UUID.randomUUID());
        return "connectors/preflight";
    }
}
