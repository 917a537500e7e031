package dev.claviger.oauth;

import dev.claviger.credentials.outbound.Unreachable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page of the clients that authorization servers registered for us. */
@Controller
class ClientRegistrationController {

    private static final int PAGE = 50;
    private static final String LIST = "/clients/registrations";

    /**
     * One client, as the page shows it.
     *
     * @param uuid null: it is not in force, and nothing can be done about it
     * @param css one of ok, warn, muted
     */
    record Line(
            @Nullable String uuid,
            String issuer,
            String clientId,
            String css,
            String state,
            String authentication,
            @Nullable String expiresAt,
            @Nullable String registeredAt,
            @Nullable String retiredBecause,
            @Nullable String answer,
            @Nullable String answeredAt,
            boolean manageable) {}

    private final ClientRegistrationTable clients;
    private final ClientDesk desk;

    ClientRegistrationController(ClientRegistrationTable clients, ClientDesk desk) {
        this.clients = clients;
        this.desk = desk;
    }

    @GetMapping(LIST)
    ModelAndView page(@RequestParam(defaultValue = "0") int offset) {
        int from = Math.max(0, offset);
        List<Line> lines = clients.page(from, PAGE).stream()
                .map(ClientRegistrationController::line)
                .toList();
        int total = clients.count();
        Map<String, Object> model = new HashMap<>();
        model.put("title", "Client registrations");
        model.put("section", "clients");
        model.put("lines", lines);
        if (from > 0) {
            model.put("previous", LIST + "?offset=" + Math.max(0, from - PAGE));
        }
        if (from + lines.size() < total) {
            model.put("next", LIST + "?offset=" + (from + PAGE));
        }
        return new ModelAndView("oauth/registrations", model);
    }

    @GetMapping(LIST + "/{id}/register-again")
    ModelAndView askRegisterAgain(@PathVariable String id) {
        return ask(
                desk.inForce(ClientRegistrationApi.id(id)),
                "Register anew at the authorization server?",
                "register-again",
                "Register again",
                List.of(
                        "This client is not used for a new consent any more; the next one registers another.",
                        "Connections that were made with it go on with it. When the last of them has ended, the client is"
                                + " deleted at the authorization server where that can be done.",
                        "Both stay in the history."));
    }

    @PostMapping(LIST + "/{id}/register-again")
    String registerAgain(@PathVariable String id, RedirectAttributes next) {
        desk.registerAgain(ClientRegistrationApi.id(id));
        next.addFlashAttribute("flash", "Retired. The next consent registers another client; connect to begin it.");
        return "redirect:" + LIST;
    }

    @GetMapping(LIST + "/{id}/check")
    ModelAndView askCheck(@PathVariable String id) {
        return ask(
                desk.inForce(ClientRegistrationApi.id(id)),
                "Ask the authorization server about the client?",
                "check",
                "Ask now",
                List.of(
                        "It is asked what it knows of the client.",
                        "It may answer with a new client secret; then that is used from now on and the old one is"
                                + " destroyed."));
    }

    @PostMapping(LIST + "/{id}/check")
    String check(@PathVariable String id, RedirectAttributes next) {
        String flash;
        try {
            flash = "Asked: " + desk.check(ClientRegistrationApi.id(id)).answer() + ".";
        } catch (Unreachable e) {
            flash = e.getMessage() + " Try again later.";
        }
        next.addFlashAttribute("flash", flash);
        return "redirect:" + LIST;
    }

    private static ModelAndView ask(
            ClientRow row, String question, String action, String button, List<String> consequences) {
        String uuid = row.client().registrationId().value().toString();
        return new ModelAndView(
                "oauth/registration-confirm",
                Map.of(
                        "title",
                        question,
                        "section",
                        "clients",
                        "line",
                        line(row),
                        "consequences",
                        consequences,
                        "action",
                        LIST + "/" + uuid + "/" + action,
                        "button",
                        button,
                        "back",
                        LIST));
    }

    private static Line line(ClientRow row) {
        var client = row.client();
        boolean inForce = row.state() == ClientState.IN_FORCE;
        return new Line(
                inForce ? client.registrationId().value().toString() : null,
                client.issuer(),
                client.clientId(),
                switch (row.state()) {
                    case IN_FORCE -> "ok";
                    case ORPHANED -> "warn";
                    case RETIRED, DELETED -> "muted";
                },
                switch (row.state()) {
                    case IN_FORCE -> "In force";
                    case RETIRED -> "Retired";
                    case DELETED -> "Deleted";
                    case ORPHANED -> "Orphaned";
                },
                client.tokenEndpointAuthMethod(),
                OurClientController.utc(client.clientSecretExpiresAt()),
                OurClientController.utc(row.registeredAt()),
                row.retiredBecause(),
                row.answer(),
                OurClientController.utc(row.answeredAt()),
                row.manageable());
    }
}
