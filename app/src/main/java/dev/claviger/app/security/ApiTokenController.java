package dev.claviger.app.security;

import dev.claviger.app.security.ApiTokens.ApiToken;
import dev.claviger.app.security.UserEvent.Scope;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
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

    @GetMapping("/tokens")
    ModelAndView page() {
        return page(null);
    }

    @PostMapping("/tokens")
    ModelAndView issue(
            Principal who,
            @RequestParam UUID id,
            @RequestParam String name,
            @RequestParam Scope scope,
            @RequestParam(required = false) @Nullable Integer days) {
        Instant expiresAt = days == null ? null : clock.instant().plus(Duration.ofDays(days));
        String token = tokens.issue(id, name, scope, "admin:" + who.getName(), expiresAt);
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
    @ResponseStatus(HttpStatus.CONFLICT)
    ModelAndView rejected(UserRejected e) {
        return page(e.getMessage());
    }

    private ModelAndView page(@Nullable String refusal) {
        List<Row> rows = tokens.all().stream().map(this::row).toList();
        ModelAndView page = new ModelAndView("app/tokens");
        page.addObject("title", "API tokens");
        page.addObject("tokens", rows);
        page.addObject("newId", UUID.randomUUID());
        page.addObject("refusal", refusal);
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
