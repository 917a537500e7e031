package dev.claviger.app.security;

import dev.claviger.app.security.ApiTokens.ApiToken;
import dev.claviger.app.security.UserEvent.Scope;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page of the API tokens. */
@Controller
class ApiTokenController {

    private final ApiTokens tokens;
    private final Clock clock;

    ApiTokenController(ApiTokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** One line of the list. */
    record Row(
            UUID id,
            String name,
            boolean writes,
            boolean usable,
            boolean revoked,
            String issuedBy,
            @Nullable String issuedAt,
            @Nullable String expiresAt,
            @Nullable String lastUsedAt) {}

    /** One choice of how long a token is valid. */
    record Lifetime(String days, String label, boolean selected) {}

    @GetMapping("/tokens")
    ModelAndView page() {
        return page(null);
    }

    @PostMapping("/tokens")
    ModelAndView issue(
            Principal who,
            @RequestParam UUID id,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(required = false) @Nullable Scope scope,
            @RequestParam(required = false) @Nullable Integer days) {
        Instant expiresAt = days == null ? null : clock.instant().plus(Duration.ofDays(days));
        Map<String, String> errors = tokens.errors(name, scope, expiresAt);
        if (scope == null || !errors.isEmpty()) {
            throw new UserRejected(errors);
        }
        String token = tokens.issue(id, name, scope, "person:" + who.getName(), expiresAt);
        // Rendered in the answer itself: a redirect would have to keep the token somewhere.
        ModelAndView page = page(null);
        page.addObject("shownName", name);
        page.addObject("shownToken", token);
        return page;
    }

    @GetMapping("/tokens/{id}/revoke")
    ModelAndView ask(@PathVariable UUID id) {
        ApiToken token = tokens.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        ModelAndView page = new ModelAndView("app/token-revoke");
        page.addObject("title", "Revoke an API token");
        page.addObject("token", row(token));
        return page;
    }

    @PostMapping("/tokens/{id}/revoke")
    String revoke(@PathVariable UUID id, RedirectAttributes next) {
        tokens.revoke(id);
        next.addFlashAttribute("flash", "The token is revoked.");
        return "redirect:/tokens";
    }

    @ExceptionHandler
    ModelAndView rejected(UserRejected e, HttpServletRequest request) {
        ModelAndView page = page(e.errors().isEmpty() ? e.getMessage() : null);
        page.setStatus(e.status());
        page.addObject("errors", e.errors());
        page.addObject("typedName", request.getParameter("name"));
        page.addObject("typedWrite", Scope.WRITE.name().equals(request.getParameter("scope")));
        page.addObject("lifetimes", lifetimes(request.getParameter("days")));
        return page;
    }

    private static List<Lifetime> lifetimes(@Nullable String chosen) {
        String days = chosen == null ? "90" : chosen;
        return Stream.of("30", "90", "365", "")
                .map(offered -> new Lifetime(
                        offered,
                        switch (offered) {
                            case "" -> "ever";
                            case "365" -> "a year";
                            default -> offered + " days";
                        },
                        offered.equals(days)))
                .toList();
    }

    private ModelAndView page(@Nullable String refusal) {
        List<Row> rows = tokens.all().stream().map(this::row).toList();
        ModelAndView page = new ModelAndView("app/tokens");
        page.addObject("title", "API tokens");
        page.addObject("tokens", rows);
        page.addObject("newId", UUID.randomUUID());
        page.addObject("refusal", refusal);
        page.addObject("errors", Map.of());
        page.addObject("typedWrite", false);
        page.addObject("lifetimes", lifetimes(null));
        return page;
    }

    private Row row(ApiToken token) {
        return new Row(
                token.id(),
                token.name(),
                token.scope() == Scope.WRITE,
                token.usableAt(clock.instant()),
                token.revokedAt() != null,
                token.issuedBy(),
                Times.show(token.issuedAt()),
                Times.show(token.expiresAt()),
                Times.show(token.lastUsedAt()));
    }
}
