package dev.claviger.oauth;

import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.ConsentLink;
import dev.claviger.oauth.api.AuthorizationQuery.FindConsent;
import dev.claviger.oauth.api.ConsentBinding;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/**
 * The page on the way to the consent screen. It is a page and not a redirect, because a scripted navigation may swallow a
 * redirect to another origin, and because it names the host that the admin is being sent to.
 */
@Controller
class ConsentController {

    private final AuthorizationView authorizations;
    private final AuthorizationTable table;

    ConsentController(AuthorizationView authorizations, AuthorizationTable table) {
        this.authorizations = authorizations;
        this.table = table;
    }

    @GetMapping("/oauth/authorizations/{uuid}/consent")
    ModelAndView consent(@PathVariable UUID uuid, HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Referrer-Policy", "no-referrer");
        AuthorizationId id = new AuthorizationId(uuid);
        String boundTo = ConsentBinding.of(request);
        Optional<ConsentLink> link = authorizations.handle(new FindConsent(id, boundTo));
        return link.map(ConsentController::page).orElseGet(() -> back(id, boundTo));
    }

    private static ModelAndView page(ConsentLink link) {
        return new ModelAndView(
                "oauth/consent",
                Map.of(
                        "title",
                        "On to " + link.host(),
                        "section",
                        "connectors",
                        "host",
                        link.host(),
                        "url",
                        link.url()));
    }

    /** Consent is not waited for, or no longer: the page of the connection says what is so. */
    private ModelAndView back(AuthorizationId id, String boundTo) {
        return table.find(id)
                .filter(row -> row.started().boundTo().equals(boundTo))
                .map(row -> CallbackController.to(row.started().returnTo()))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
