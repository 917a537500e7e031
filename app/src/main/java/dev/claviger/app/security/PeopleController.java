package dev.claviger.app.security;

import dev.claviger.app.security.People.Person;
import dev.claviger.app.security.UserEvent.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page of the people who may sign in. */
@Controller
class PeopleController {

    private final People people;
    private final Sessions sessions;

    PeopleController(People people, Sessions sessions) {
        this.people = people;
        this.sessions = sessions;
    }

    /** One line of the list. */
    record Row(
            String name,
            boolean isAdmin,
            boolean disabled,
            boolean self,
            @Nullable String createdAt,
            @Nullable String lastSignInAt) {}

    @GetMapping("/users")
    ModelAndView page(Principal who) {
        return page(who, null);
    }

    @PostMapping("/users")
    ModelAndView add(
            Principal who,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(required = false) @Nullable Role role,
            @RequestParam(defaultValue = "") String password) {
        String chosen = password.isEmpty() ? Passwords.generate() : password;
        Map<String, String> errors = People.errors(name.strip(), role, chosen);
        if (role == null || !errors.isEmpty()) {
            throw new UserRejected(errors);
        }
        people.add(name.strip(), role, chosen);
        return password.isEmpty() ? shown(who, name.strip(), chosen) : new ModelAndView("redirect:/users");
    }

    @PostMapping("/users/{name}/role")
    String role(@PathVariable String name, @RequestParam Role role, RedirectAttributes next) {
        people.changeRole(name, role);
        sessions.end(name, null);
        next.addFlashAttribute("flash", name + " is " + (role == Role.ADMIN ? "an admin" : "an auditor") + " now.");
        return "redirect:/users";
    }

    @PostMapping("/users/{name}/password")
    ModelAndView password(Principal who, @PathVariable String name) {
        String password = Passwords.generate();
        people.changePassword(name, password, false);
        sessions.end(name, null);
        return shown(who, name, password);
    }

    @PostMapping("/users/{name}/disable")
    String disable(@PathVariable String name, RedirectAttributes next) {
        people.disable(name);
        sessions.end(name, null);
        next.addFlashAttribute("flash", name + " cannot sign in any more.");
        return "redirect:/users";
    }

    @PostMapping("/users/{name}/enable")
    String enable(@PathVariable String name, RedirectAttributes next) {
        people.enable(name);
        next.addFlashAttribute("flash", name + " can sign in again.");
        return "redirect:/users";
    }

    /** What was typed comes back, but for the password. */
    @ExceptionHandler
    ModelAndView rejected(UserRejected e, Principal who, HttpServletRequest request) {
        ModelAndView page = page(who, e.errors().isEmpty() ? e.getMessage() : null);
        page.setStatus(e.status());
        page.addObject("errors", e.errors());
        page.addObject("typedName", request.getParameter("name"));
        page.addObject("typedAdmin", Role.ADMIN.name().equals(request.getParameter("role")));
        page.addObject("retypePassword", !e.errors().isEmpty() && typed(request.getParameter("password")));
        return page;
    }

    private static boolean typed(@Nullable String password) {
        return password != null && !password.isEmpty();
    }

    /** Rendered in the answer itself: a redirect would have to keep the password somewhere. */
    private ModelAndView shown(Principal who, String name, String password) {
        ModelAndView page = page(who, null);
        page.addObject("shownName", name);
        page.addObject("shownPassword", password);
        return page;
    }

    private ModelAndView page(Principal who, @Nullable String refusal) {
        List<Row> rows = people.all().stream().map(person -> row(person, who)).toList();
        ModelAndView page = new ModelAndView("app/users");
        page.addObject("title", "Users");
        page.addObject("section", "users");
        page.addObject("people", rows);
        page.addObject("refusal", refusal);
        page.addObject("errors", Map.of());
        page.addObject("typedAdmin", false);
        return page;
    }

    private static Row row(Person person, Principal who) {
        return new Row(
                person.name(),
                person.role() == Role.ADMIN,
                person.disabled(),
                person.name().equals(who.getName()),
                Times.show(person.createdAt()),
                Times.show(person.lastSignInAt()));
    }
}
