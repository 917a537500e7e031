package dev.claviger.app.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page where people change their own password. */
@Controller
class AccountController {

    private final People people;
    private final Sessions sessions;
    private final SignInThrottle throttle;

    AccountController(People people, Sessions sessions, SignInThrottle throttle) {
        this.people = people;
        this.sessions = sessions;
        this.throttle = throttle;
    }

    @GetMapping("/account")
    ModelAndView page() {
        return page(null);
    }

    @PostMapping("/account/password")
    String change(
            Principal who,
            @RequestParam String current,
            @RequestParam String password,
            @RequestParam String repeated,
            HttpServletRequest request,
            RedirectAttributes next) {
        String name = who.getName();
        if (!throttle.attempt(name, request.getRemoteAddr()).isZero()) {
            throw new UserRejected("Too many tries with a wrong password; wait a few minutes.");
        }
        if (!people.hasPassword(name, current)) {
            throw new UserRejected(Map.of("current", "The current password is not that one."));
        }
        throttle.succeeded(name, request.getRemoteAddr());
        if (!password.equals(repeated)) {
            throw new UserRejected(Map.of("repeated", "The two new passwords differ; type them again."));
        }
        people.changePassword(name, password, true);
        HttpSession session = request.getSession(false);
        sessions.end(name, session == null ? null : session.getId());
        next.addFlashAttribute("flash", "Your password is changed; your other sessions are signed out.");
        return "redirect:/account";
    }

    @ExceptionHandler
    ModelAndView rejected(UserRejected e) {
        ModelAndView page = page(e.errors().isEmpty() ? e.getMessage() : null);
        page.setStatus(e.status());
        page.addObject("errors", e.errors());
        return page;
    }

    private static ModelAndView page(@Nullable String refusal) {
        ModelAndView page = new ModelAndView("app/account");
        page.addObject("title", "Account");
        page.addObject("refusal", refusal);
        page.addObject("errors", Map.of());
        page.addObject("shortest", Passwords.SHORTEST);
        return page;
    }
}
